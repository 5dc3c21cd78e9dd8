"""A batch of targets of service."""

from expectations.check import Check, Suite

SUITE = Suite(
    table="landing.sla_policies",
    key=("policy_id", "metric", "priority", "valid_from"),
    checks=(
        Check(
            name="target_is_in_seconds",
            severity="critical",
            description="Every target is from one minute to one year; others are not in seconds.",
            remedy="Convert target_seconds from the source's unit in the entity's query.",
            expectation=lambda rules: rules.support.TargetInSeconds(),
        ),
        Check(
            name="reply_target_is_within_resolution_target",
            severity="warning",
            description="In no policy may the first reply take longer than the resolution.",
            remedy="Correct the policy in the helpdesk, or the mapping of metric in sources.yml.",
            expectation=lambda rules: rules.support.ReplyBeforeResolution(),
        ),
    ),
)
