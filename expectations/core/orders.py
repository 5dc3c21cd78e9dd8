"""The mart of orders."""

from expectations.check import Check, Suite
from expectations.common import fresh, not_after_as_of, not_halved

SUITE = Suite(
    table="core.orders",
    key=("order_id",),
    checks=(
        Check(
            name="net_is_gross_minus_discount_and_refund",
            severity="critical",
            description="The net amount of every order is its gross amount less discount and "
            "refund, and unknown only where the gross amount is.",
            remedy="Rebuild with cx run --full-refresh; if it stays, correct net_amount in "
            "core.orders.",
            expectation=lambda rules: rules.orders.NetIsGrossMinusParts(),
        ),
        Check(
            name="orders_of_a_customer_are_numbered",
            severity="critical",
            description="The valid orders of every customer are numbered 1, 2, 3 … without a gap, "
            "and the first is the only first order.",
            remedy="Rebuild with cx run --full-refresh; if it stays, correct order_sequence in "
            "core.orders.",
            expectation=lambda rules: rules.orders.SequenceWithoutGaps(),
        ),
        Check(
            name="only_valid_orders_are_numbered",
            severity="critical",
            description="An order that was cancelled, or whose customer is not known, is nobody's "
            "first or repeat order.",
            remedy="Rebuild with cx run --full-refresh; if it stays, correct order_sequence in "
            "core.orders.",
            expectation=lambda rules: rules.orders.OnlyValidOrdersAreNumbered(),
        ),
        not_halved("orders", "core.orders"),
        fresh("ordered_at", "orders", days=7),
        not_after_as_of("ordered_at", "orders"),
        Check(
            name="orders_belong_to_customers",
            severity="warning",
            description="At least half of the orders belong to a known customer; repeat rate, "
            "retention and churn speak of those only.",
            remedy="Map source_customer_id or email of the orders in sources.yml.",
            expectation=lambda rules: rules.orders.OfKnownCustomer(),
            judged_from=20,
        ),
    ),
)
