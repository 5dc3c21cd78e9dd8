"""A batch of customers."""

from expectations.check import Check, Suite
from expectations.common import few_names, not_from_the_future, several, since_1990

SUITE = Suite(
    table="landing.customers",
    key=("source_customer_id",),
    checks=(
        Check(
            name="email_belongs_to_few_customers",
            severity="warning",
            description="No e-mail address belongs to more than 20 customers; one that does is a "
            "placeholder such as noreply@, and says nothing about who a customer is.",
            remedy="Give placeholder addresses as NULL in the entity's query in sources.yml: "
            "nullif(email, 'noreply@example.com').",
            expectation=lambda rules: rules.customers.EmailOfFewCustomers(),
        ),
        since_1990("created_at", "customers", severity="warning"),
        several("created_at", "customers", judged_from=50),
        not_from_the_future("created_at", "customers"),
        few_names("segment", "customers"),
    ),
)
