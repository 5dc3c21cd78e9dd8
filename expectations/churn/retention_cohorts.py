"""The mart of retention by cohort."""

from expectations.check import Check, Suite
from expectations.common import not_halved

SUITE = Suite(
    table="churn.retention_cohorts",
    key=("retention_cohort_id",),
    checks=(
        Check(
            name="cohorts_equal_customers",
            severity="critical",
            description="The cohorts together are the customers of core.customers with a valid "
            "order.",
            remedy="Rebuild with cx run --full-refresh; if it stays, a customer is in no cohort "
            "or in two.",
            expectation=lambda rules: rules.cohorts.CohortsEqualCustomers(),
        ),
        Check(
            name="whole_cohort_is_there_at_its_start",
            severity="critical",
            description="In its first month the whole cohort is retained, by either policy.",
            remedy="Rebuild with cx run --full-refresh; if it stays, correct period 0.",
            expectation=lambda rules: rules.cohorts.WholeCohortAtStart(),
        ),
        Check(
            name="retained_is_within_cohort",
            severity="critical",
            description="In no month more customers are retained than the cohort has.",
            remedy="Rebuild with cx run --full-refresh; if it stays, customers are counted twice.",
            expectation=lambda rules: rules.cohorts.RetainedWithinCohort(),
        ),
        Check(
            name="on_or_after_never_grows",
            severity="critical",
            description="The customers who come back in a month or later never become more.",
            remedy="Rebuild with cx run --full-refresh; if it stays, correct the policy "
            "on_or_after.",
            expectation=lambda rules: rules.cohorts.OnOrAfterNeverGrows(),
        ),
        Check(
            name="open_months_are_empty",
            severity="critical",
            description="A month that is not over has no retention yet, and one that is over has "
            "one.",
            remedy="Rebuild with cx run --full-refresh; if it stays, correct is_complete.",
            expectation=lambda rules: rules.cohorts.OpenCellsAreEmpty(),
        ),
        not_halved("cells", "churn.retention_cohorts"),
    ),
)
