"""The mart of metric definitions."""

from expectations.check import Check, Suite

SUITE = Suite(
    table="metrics.metric_definitions",
    key=("name",),
    checks=(
        Check(
            name="no_metric_has_disappeared",
            severity="critical",
            description="Every metric of the last release is still defined; reports that use it "
            "would be empty.",
            remedy="Put the metric back into the dbt seed metric_catalogue; a metric is retired by "
            "a release that says so, not by deleting it.",
            expectation=lambda rules: rules.history.NoMetricDisappeared(),
            against_last_release=True,
        ),
        Check(
            name="formula_is_that_of_the_last_release",
            severity="warning",
            description="Every metric is computed as in the last release; where it is not, its "
            "history was computed anew and old reports show other numbers.",
            remedy="Tell the readers of the metric what has changed, and why.",
            expectation=lambda rules: rules.history.SameFormula(),
            against_last_release=True,
        ),
    ),
)
