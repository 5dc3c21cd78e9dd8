"""The mart of touchpoints."""

from expectations.check import Check, Suite
from expectations.common import not_after_as_of, not_halved

SUITE = Suite(
    table="journey.touchpoints",
    key=("touchpoint_id",),
    checks=(
        Check(
            name="touchpoints_equal_their_sources",
            severity="critical",
            description="There are as many touchpoints as orders were placed, delivered, refunded "
            "and cancelled, tickets opened, answered, solved and reopened, and questions answered.",
            remedy="Rebuild with cx run --full-refresh; if it stays, journey.touchpoints loses or "
            "doubles the activities named here.",
            expectation=lambda rules: rules.journey.TouchpointsEqualSources(),
        ),
        Check(
            name="revenue_equals_orders",
            severity="critical",
            description="The revenue of all touchpoints is the net amount of all valid orders.",
            remedy="Rebuild with cx run --full-refresh; if it stays, correct revenue_amount.",
            expectation=lambda rules: rules.journey.RevenueEqualsOrders(),
        ),
        Check(
            name="steps_of_a_customer_are_numbered",
            severity="critical",
            description="The touchpoints of every customer are numbered 1, 2, 3 … without a gap "
            "and in the order of time.",
            remedy="Rebuild with cx run --full-refresh; if it stays, correct customer_sequence.",
            expectation=lambda rules: rules.journey.StepsWithoutGaps(),
        ),
        Check(
            name="touchpoints_have_a_stage",
            severity="warning",
            description="Nearly all touchpoints have a stage; others are activities that nobody "
            "has put into the map of stages.",
            remedy="Add the activity to the dbt seed journey_stages.",
            expectation=lambda rules: rules.journey.HasStage(),
            judged_from=20,
        ),
        not_halved("touchpoints", "journey.touchpoints"),
        not_after_as_of("occurred_at", "touchpoints"),
        Check(
            name="touchpoints_belong_to_customers",
            severity="warning",
            description="At least one touchpoint in ten belongs to a known customer; journeys are "
            "made of those only.",
            remedy="Map source_customer_id or email of the entities in sources.yml.",
            expectation=lambda rules: rules.journey.OfKnownTraveller(),
            judged_from=100,
        ),
    ),
)
