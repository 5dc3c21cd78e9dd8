"""The mart of check results."""

from expectations.check import Check, Suite

SUITE = Suite(
    table="quality.check_results",
    key=("run_id", "asset", "check_name"),
    checks=(
        Check(
            name="nothing_was_released_despite_a_critical_failure",
            severity="critical",
            description="No run in which a critical check failed made a release.",
            remedy="Go back to the release before (cx rollback) and report this: the gate leaks.",
            expectation=lambda rules: rules.quality.NotReleasedDespiteFailure(),
        ),
        Check(
            name="results_belong_to_runs",
            severity="warning",
            description="At most one check result in a hundred belongs to a run that is not "
            "recorded.",
            remedy="Records of runs were deleted from landing/records/runs; restore them.",
            expectation=lambda rules: rules.values.Orphans(
                column="run_id",
                parent="quality.runs",
                parent_key="run_id",
                tolerated=0.01,
                sample="asset, check_name",
            ),
        ),
    ),
)
