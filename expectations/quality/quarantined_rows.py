"""The mart of refused rows."""

from expectations.check import Check, Suite

SUITE = Suite(
    table="quality.quarantined_rows",
    key=("quarantine_id",),
    checks=(
        Check(
            name="refused_row_says_why",
            severity="critical",
            description="Every refused row states at least one reason.",
            remedy="This is a defect of the warehouse: keep the batch and report it.",
            expectation=lambda rules: rules.quality.SaysWhy(),
        ),
        Check(
            name="refused_rows_are_settled_in_30_days",
            severity="warning",
            description="No refused row has been open for more than 30 days; what it says is "
            "missing from every number.",
            remedy="Correct and replay the rows, or discard them: cx quarantine list.",
            expectation=lambda rules: rules.quality.OpenForLessThan30Days(),
        ),
    ),
)
