"""Rules about metric values: they are what the records say, and their parts add up.

The metrics look at the days up to the as-of day in the business's own time zone. An identity with
the records is asked of the days before the as-of day in UTC: those are over in any zone or nearly
so, and no metric leaves them out.
"""

from __future__ import annotations

from expectations.rules.base import Rows


class EqualRecords(Rows):
    """A metric's daily numerator and n are those of the records; `records` gives them by day."""

    metric: str
    policies: str
    records: str

    sql = """
        with of_metric as (
            select period_start as day, sum(n) as n, sum(numerator) as total
            from {batch}
            where
                metric = '$metric' and policy similar to '$policies'
                and grain = 'day' and dimension = 'all'
            group by period_start
        ),

        of_records as ($records),

        compared as (
            select
                coalesce(of_metric.day, of_records.day) as day,
                coalesce(of_metric.n, 0) as metric_n,
                coalesce(of_records.n, 0) as records_n,
                coalesce(of_metric.total, 0) as metric_total,
                coalesce(of_records.total, 0) as records_total
            from of_metric
            full join of_records
                on of_metric.day = of_records.day
        )

        select *
        from compared
        where
            day < cast(getvariable('as_of') as date)
            and (metric_n <> records_n or abs(metric_total - records_total) > 0.005)
    """


class OrdersEqualRecords(EqualRecords):
    """The metric `orders` counts the valid orders of each day."""

    metric: str = "orders"
    policies: str = "order_date"
    records: str = """
        select ordered_date as day, count(*) as n, count(*) as total
        from core.orders
        where is_valid
        group by ordered_date
    """


class MoneyEqualsOrders(EqualRecords):
    """The metric `net_revenue` is the net amount of each day's valid orders."""

    metric: str = "net_revenue"
    policies: str = "order_date.*"
    records: str = """
        select ordered_date as day, count(net_amount) as n, sum(net_amount) as total
        from core.orders
        where is_valid and net_amount is not null
        group by ordered_date
    """


class TicketsEqualRecords(EqualRecords):
    """The metric `ticket_volume` counts each day's tickets, a merged one with its survivor."""

    metric: str = "ticket_volume"
    policies: str = "created_date"
    records: str = """
        select created_date as day, count(*) as n, count(*) as total
        from core.tickets
        where merged_into_ticket_id is null
        group by created_date
    """


class NpsEqualsAnswers(EqualRecords):
    """Promoters + passives + detractors = n, and promoters - detractors is the numerator."""

    metric: str = "nps"
    policies: str = "all"
    records: str = """
        select
            responded_date as day,
            count_if(nps_group = 'promoter') + count_if(nps_group = 'passive')
            + count_if(nps_group = 'detractor') as n,
            count_if(nps_group = 'promoter') - count_if(nps_group = 'detractor') as total
        from core.survey_responses
        where kind = 'nps' and score is not null
        group by responded_date
    """


class CsatEqualsAnswers(EqualRecords):
    """The metric `csat_mean` sums each day's csat scores."""

    metric: str = "csat_mean"
    policies: str = "scale_[^_]+_[^_]+"
    records: str = """
        select responded_date as day, count(score) as n, sum(score) as total
        from core.survey_responses
        where kind = 'csat' and score is not null
        group by responded_date
    """


class PartsAddUp(Rows):
    """The parts of every dimension add up to `all`."""

    sql = """
        with series as (select * from {batch}),

        wholes as (
            select metric, policy, grain, period_start, n, numerator
            from series
            where dimension = 'all' and (n > 0 or numerator <> 0)
        ),

        dimensions as (
            select metric, policy, dimension
            from series
            where dimension <> 'all'
            group by metric, policy, dimension
        ),

        parts as (
            select
                metric, policy, grain, period_start, dimension,
                sum(n) as n, sum(numerator) as numerator
            from series
            where dimension <> 'all'
            group by metric, policy, grain, period_start, dimension
        )

        select
            wholes.metric, wholes.policy, wholes.grain, wholes.period_start, dimensions.dimension,
            wholes.n as n_of_all, parts.n as n_of_parts,
            wholes.numerator as numerator_of_all, parts.numerator as numerator_of_parts
        from wholes
        inner join dimensions
            on wholes.metric = dimensions.metric and wholes.policy = dimensions.policy
        left join parts
            on wholes.metric = parts.metric
            and wholes.policy = parts.policy
            and wholes.grain = parts.grain
            and wholes.period_start = parts.period_start
            and dimensions.dimension = parts.dimension
        where
            parts.n is distinct from wholes.n
            or (wholes.numerator is null) <> (parts.numerator is null)
            or abs(parts.numerator - wholes.numerator) > 0.005
    """


class DaysAddUp(Rows):
    """The days of a week or a month add up to it, for counts and totals."""

    sql = """
        with additive as (
            select metric_values.*
            from {batch} as metric_values
            inner join metrics.metric_definitions as definitions
                on metric_values.metric = definitions.name
            where
                definitions.statistic in ('count', 'total') and metric_values.dimension = 'all'
        ),

        from_days as (
            select
                metric, policy, 'week' as grain,
                cast(date_trunc('week', period_start) as date) as period_start,
                sum(numerator) as numerator
            from additive
            where grain = 'day'
            group by all
            union all
            select
                metric, policy, 'month' as grain,
                cast(date_trunc('month', period_start) as date) as period_start,
                sum(numerator) as numerator
            from additive
            where grain = 'day'
            group by all
        ),

        longer as (select * from additive where grain in ('week', 'month'))

        select
            coalesce(longer.metric, from_days.metric) as metric,
            coalesce(longer.policy, from_days.policy) as policy,
            coalesce(longer.grain, from_days.grain) as grain,
            coalesce(longer.period_start, from_days.period_start) as period_start,
            longer.numerator,
            from_days.numerator as sum_of_days
        from longer
        full join from_days
            on longer.metric = from_days.metric
            and longer.policy = from_days.policy
            and longer.grain = from_days.grain
            and longer.period_start = from_days.period_start
        where
            longer.numerator is null or from_days.numerator is null
            or abs(longer.numerator - from_days.numerator) > 0.005
    """


class ValueIsItsParts(Rows):
    """A mean or a share is its numerator divided by its denominator; a count is its numerator."""

    sql = """
        with metric_values as (select * from {batch}),

        expected as (
            select
                metric_values.*,
                case
                    when definitions.statistic in ('count', 'total') then metric_values.numerator
                    when definitions.statistic = 'nps'
                        then 100 * metric_values.numerator / nullif(metric_values.denominator, 0)
                    else metric_values.numerator / nullif(metric_values.denominator, 0)
                end as expected_value
            from metric_values
            inner join metrics.metric_definitions as definitions
                on metric_values.metric = definitions.name
            where definitions.statistic <> 'median'
        )

        select
            metric, policy, grain, period_start, dimension, dimension_value,
            numerator, denominator, value
        from expected
        where
            (value is null) <> (expected_value is null)
            or abs(value - expected_value) > 1e-9 * greatest(1, abs(expected_value))
    """


class RatesAreRates(Rows):
    """A share is from 0 to 1."""

    sql = """
        with metric_values as (select * from {batch})

        select
            metric_values.metric, metric_values.policy, metric_values.grain,
            metric_values.period_start, metric_values.dimension, metric_values.dimension_value,
            metric_values.value
        from metric_values
        inner join metrics.metric_definitions as definitions
            on metric_values.metric = definitions.name
        where definitions.statistic = 'proportion' and metric_values.value not between 0 and 1
    """


class NpsIsFromMinus100To100(Rows):
    """An NPS is from -100 to 100."""

    sql = """
        select metric, policy, grain, period_start, dimension, dimension_value, value
        from {batch}
        where metric = 'nps' and value not between -100 and 100
    """


class InsideItsInterval(Rows):
    """A value is inside its own interval, to the precision of a double."""

    sql = """
        select
            metric, policy, grain, period_start, dimension, dimension_value,
            value, ci_low, ci_high
        from {batch}
        where
            value < ci_low - 1e-9 * greatest(1, abs(value))
            or value > ci_high + 1e-9 * greatest(1, abs(value))
    """
