"""The mart of resolved customers."""

from expectations.check import Check, Suite
from expectations.common import not_halved

SUITE = Suite(
    table="core.customers",
    key=("customer_id",),
    checks=(
        Check(
            name="customers_add_up_to_the_records",
            severity="critical",
            description="The orders, the money, the tickets and the answers of all customers add "
            "up to those of core.orders, core.tickets and core.survey_responses.",
            remedy="Rebuild with cx run --full-refresh; if it stays, core.customers counts a "
            "record twice or loses it.",
            expectation=lambda rules: rules.customers.TotalsEqualRecords(),
        ),
        Check(
            name="last_order_is_not_before_first",
            severity="critical",
            description="No customer's last order is before the first one.",
            remedy="Rebuild with cx run --full-refresh; if it stays, correct core.customers.",
            expectation=lambda rules: rules.values.NotAbove(
                column_A="last_order_at", column_B="first_order_at"
            ),
        ),
        not_halved("customers", "core.customers"),
        Check(
            name="no_customer_has_one_order_in_twenty",
            severity="warning",
            description="No customer has one in twenty of all orders; one who has is several "
            "people behind a shared account or address.",
            remedy="Look at the customer's rows in core.customer_identities; give a shared id or "
            "address as NULL in the entity's query in sources.yml.",
            expectation=lambda rules: rules.customers.NoGiant(),
        ),
    ),
)
