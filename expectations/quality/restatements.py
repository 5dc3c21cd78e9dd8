"""The mart of restated metric values."""

from expectations.check import Check, Suite

SUITE = Suite(
    table="quality.restatements",
    key=("release_id", "metric", "period_start"),
    checks=(
        Check(
            name="restated_value_has_changed",
            severity="critical",
            description="Every restatement has another value after than before.",
            remedy="This is a defect of the release step: report it.",
            expectation=lambda rules: rules.quality.ValueChanged(),
        ),
        Check(
            name="little_was_restated",
            severity="warning",
            description="The last release changed at most one in twenty of the values of closed "
            "periods.",
            remedy="Tell the readers which source delivered its history anew: "
            "quality.restatements has every value.",
            expectation=lambda rules: rules.quality.LittleWasRestated(),
        ),
    ),
)
