"""The mart of answered survey questions."""

from expectations.check import Check, Suite
from expectations.common import fresh, not_after_as_of, not_halved

SUITE = Suite(
    table="core.survey_responses",
    key=("response_id", "question_id"),
    checks=(
        Check(
            name="comments_show_no_address",
            severity="critical",
            description="No comment shows an e-mail address.",
            remedy="Correct the macro masked_text in the dbt project; this is personal data that "
            "must not be released.",
            expectation=lambda rules: rules.surveys.NoAddressInComment(),
        ),
        Check(
            name="nps_groups_follow_the_scores",
            severity="critical",
            description="Every NPS score makes a promoter (9 to 10), a passive (7 to 8) or a "
            "detractor (0 to 6), and nothing else does.",
            remedy="Rebuild with cx run --full-refresh; if it stays, correct nps_group in "
            "core.survey_responses.",
            expectation=lambda rules: rules.surveys.NpsGroupForEveryScore(),
        ),
        Check(
            name="sentiment_is_from_minus_1_to_1",
            severity="critical",
            description="A sentiment is from -1 to 1.",
            remedy="Look at the scales of the answers named here: a score lies outside of its own.",
            expectation=lambda rules: rules.surveys.Sentiment(),
        ),
        Check(
            name="customer_has_one_latest_answer",
            severity="critical",
            description="Of the answers of a customer to one kind of question, only one is the "
            "latest of the trailing 90 days.",
            remedy="Rebuild with cx run --full-refresh; if it stays, correct is_latest_90d.",
            expectation=lambda rules: rules.surveys.OneLatestAnswer(),
        ),
        not_halved("answers", "core.survey_responses"),
        fresh("responded_at", "answers", days=14),
        not_after_as_of("responded_at", "answers"),
        Check(
            name="orders_of_answers_are_known",
            severity="warning",
            description="At most one in twenty of the orders that answers name is missing from "
            "core.orders.",
            remedy="Check that order_id of the answers is the id that the orders' source uses for "
            "the same thing.",
            expectation=lambda rules: rules.values.ForeignOrphans(
                column="order_id",
                parent="core.orders",
                parent_key="order_id",
                tolerated=0.05,
                sample="response_id, question_id",
            ),
        ),
        Check(
            name="tickets_of_answers_are_known",
            severity="warning",
            description="At most one in twenty of the tickets that answers name is missing from "
            "core.tickets.",
            remedy="Check that ticket_id of the answers is the id that the tickets' source uses "
            "for the same thing.",
            expectation=lambda rules: rules.values.ForeignOrphans(
                column="ticket_id",
                parent="core.tickets",
                parent_key="ticket_id",
                tolerated=0.05,
                sample="response_id, question_id",
            ),
        ),
    ),
)
