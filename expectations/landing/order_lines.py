"""A batch of order lines."""

from expectations.check import Check, Suite
from expectations.common import mostly_known, several

SUITE = Suite(
    table="landing.order_lines",
    key=("order_id", "line_number"),
    checks=(
        several("order_id", "order lines", judged_from=50, severity="critical"),
        mostly_known(
            "unit_price_amount",
            "order lines",
            share=0.5,
            consequence="products without prices cannot be ranked by revenue",
        ),
        Check(
            name="discount_is_within_price",
            severity="warning",
            description="In nearly all lines the discount is not above the price; otherwise it is "
            "a percentage or in another unit.",
            remedy="Give discount_amount as an amount of the whole line in the entity's query.",
            expectation=lambda rules: rules.orders.DiscountWithinPrice(),
            judged_from=20,
        ),
    ),
)
