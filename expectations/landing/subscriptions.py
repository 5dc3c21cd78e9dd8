"""A batch of subscriptions."""

from expectations.check import Check, Suite
from expectations.common import few_names, mostly_known, since_1990

SUITE = Suite(
    table="landing.subscriptions",
    key=("subscription_id", "started_at"),
    checks=(
        since_1990("started_at", "subscriptions"),
        Check(
            name="periods_do_not_overlap",
            severity="critical",
            description="No two periods of a subscription overlap; a customer in both would be "
            "counted twice among those at risk.",
            remedy="End the older period in the source where the newer one starts.",
            expectation=lambda rules: rules.customers.PeriodsApart(),
        ),
        mostly_known(
            "monthly_amount",
            "subscriptions",
            share=0.5,
            consequence="without amounts there is no revenue churn",
        ),
        few_names("plan", "subscriptions"),
    ),
)
