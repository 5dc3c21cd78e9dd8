"""The mart of metric values."""

from expectations.check import Build, Check, Suite
from expectations.common import not_halved


def equals_records(name: str, what: str, rule: Build) -> Check:
    """A metric that says, day by day, what the records say."""
    return Check(
        name=name,
        severity="critical",
        description=f"On every day, {what}.",
        remedy="Rebuild with cx run --full-refresh; if it stays, the metric's model loses or "
        "doubles records on the days named here.",
        expectation=rule,
    )


SUITE = Suite(
    table="metrics.metric_values",
    key=("metric_value_id",),
    checks=(
        equals_records(
            "money_equals_orders",
            "the net revenue is the net amount of the valid orders in core.orders",
            lambda rules: rules.metrics.MoneyEqualsOrders(),
        ),
        equals_records(
            "orders_equal_orders",
            "the number of orders is that of the valid orders in core.orders",
            lambda rules: rules.metrics.OrdersEqualRecords(),
        ),
        equals_records(
            "ticket_volume_equals_tickets",
            "the ticket volume is the number of tickets in core.tickets that were not merged",
            lambda rules: rules.metrics.TicketsEqualRecords(),
        ),
        equals_records(
            "nps_equals_promoters_passives_detractors",
            "promoters, passives and detractors in core.survey_responses add up to the n of the "
            "NPS, and promoters less detractors to its numerator",
            lambda rules: rules.metrics.NpsEqualsAnswers(),
        ),
        equals_records(
            "csat_equals_answers",
            "the scores behind the mean satisfaction are those in core.survey_responses",
            lambda rules: rules.metrics.CsatEqualsAnswers(),
        ),
        Check(
            name="parts_add_up",
            severity="critical",
            description="The parts of every dimension (channels, segments, countries …) add up to "
            "the whole.",
            remedy="Rebuild with cx run --full-refresh; if it stays, a value of the dimension is "
            "lost: unknown ones belong to 'unknown'.",
            expectation=lambda rules: rules.metrics.PartsAddUp(),
        ),
        Check(
            name="days_add_up",
            severity="critical",
            description="Counts and totals of the days of a week or a month add up to it.",
            remedy="Rebuild with cx run --full-refresh; if it stays, the periods are cut in "
            "different time zones.",
            expectation=lambda rules: rules.metrics.DaysAddUp(),
        ),
        Check(
            name="value_is_its_numerator_by_its_denominator",
            severity="critical",
            description="Every mean and share is its numerator divided by its denominator, and "
            "every count and total is its numerator.",
            remedy="Rebuild with cx run --full-refresh; if it stays, correct the model.",
            expectation=lambda rules: rules.metrics.ValueIsItsParts(),
        ),
        Check(
            name="rates_are_from_0_to_1",
            severity="critical",
            description="Every rate is from 0 to 1.",
            remedy="A rate above 1 counts somebody in its numerator who is not in its denominator.",
            expectation=lambda rules: rules.metrics.RatesAreRates(),
        ),
        Check(
            name="nps_is_from_minus_100_to_100",
            severity="critical",
            description="Every NPS is from -100 to 100.",
            remedy="Rebuild with cx run --full-refresh; if it stays, correct the model.",
            expectation=lambda rules: rules.metrics.NpsIsFromMinus100To100(),
        ),
        Check(
            name="value_is_inside_its_interval",
            severity="critical",
            description="Every value lies inside its own interval.",
            remedy="Rebuild with cx run --full-refresh; if it stays, correct the interval.",
            expectation=lambda rules: rules.metrics.InsideItsInterval(),
        ),
        Check(
            name="newest_period_is_not_out_of_line",
            severity="warning",
            description="The newest complete day and month of every metric are not far out of "
            "line with the 24 before (modified z-score of at most 5).",
            remedy="Look for an event that explains the value; if there is none, a source is "
            "missing, doubled or mapped anew.",
            expectation=lambda rules: rules.history.NoJump(),
        ),
        Check(
            name="no_series_has_disappeared",
            severity="warning",
            description="Every metric that had values in the last release still has some.",
            remedy="Check that the source behind the metric still delivers (cx status).",
            expectation=lambda rules: rules.history.NoSeriesDisappeared(),
            against_last_release=True,
        ),
        not_halved("metric values", "metrics.metric_values"),
    ),
)
