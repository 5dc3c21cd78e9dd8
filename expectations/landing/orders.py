"""A batch of orders."""

from expectations.check import Check, Suite
from expectations.common import few_names, mostly_known, not_from_the_future, since_1990

SUITE = Suite(
    table="landing.orders",
    key=("order_id",),
    checks=(
        Check(
            name="currency_is_the_deployments",
            severity="critical",
            description="All orders are in the currency of this deployment; amounts in two "
            "currencies cannot be added.",
            remedy="Convert the amounts in the entity's query in sources.yml, or set the top-level "
            "currency there to the one in which the source writes.",
            expectation=lambda rules: rules.orders.OneCurrency(),
        ),
        mostly_known(
            "gross_amount",
            "orders",
            share=0.5,
            consequence="without amounts there is no revenue",
            severity="critical",
        ),
        Check(
            name="net_amount_is_rarely_negative",
            severity="critical",
            description="Discount and refund exceed the gross amount in at most one order in ten; "
            "more mean that they are in another unit.",
            remedy="Bring gross_amount, discount_amount and refund_amount to one unit (cents or "
            "whole) in the entity's query in sources.yml.",
            expectation=lambda rules: rules.orders.NetNotNegative(),
            judged_from=20,
        ),
        since_1990("ordered_at", "orders"),
        Check(
            name="orders_are_not_all_cancelled",
            severity="critical",
            description="At least one order in ten is not cancelled; otherwise the states of the "
            "source were mapped to the wrong ones.",
            remedy="Check how status is mapped in the entity's query in sources.yml.",
            expectation=lambda rules: rules.values.NotAlmostAll(
                column="status", value_set=["cancelled"]
            ),
            judged_from=50,
        ),
        Check(
            name="orders_have_a_buyer",
            severity="warning",
            description="At least half of the orders carry a customer id or an e-mail address; "
            "the others belong to no customer and count in no journey.",
            remedy="Map source_customer_id or email in the entity's query in sources.yml.",
            expectation=lambda rules: rules.orders.HasBuyer(),
            judged_from=20,
        ),
        Check(
            name="delivered_after_ordered",
            severity="warning",
            description="Nearly all deliveries are from after their order; others are dates of "
            "another event or in another time zone.",
            remedy="Check which date of the source is mapped to delivered_at, and its time zone.",
            expectation=lambda rules: rules.orders.DeliveredAfterOrdered(),
            judged_from=20,
        ),
        not_from_the_future("ordered_at", "orders"),
        few_names("channel", "orders"),
    ),
)
