"""The mart of source identities and the customers they belong to."""

from expectations.check import Check, Suite
from expectations.common import not_halved

SUITE = Suite(
    table="core.customer_identities",
    key=("identity_key",),
    checks=(
        Check(
            name="identities_and_customers_are_the_same_people",
            severity="critical",
            description="Every customer has an identity, and every identity has its customer in "
            "core.customers.",
            remedy="Rebuild with cx run --full-refresh; if it stays, the two models disagree.",
            expectation=lambda rules: rules.customers.SameAsIdentities(),
        ),
        not_halved("identities", "core.customer_identities"),
        Check(
            name="customer_has_few_identities",
            severity="warning",
            description="No customer has more than 50 identities; one who has is many people who "
            "share an e-mail address.",
            remedy="Give the shared address as NULL in the query of its entity in sources.yml.",
            expectation=lambda rules: rules.customers.FewIdentities(),
        ),
    ),
)
