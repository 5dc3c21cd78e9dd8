"""A batch of ticket events."""

from expectations.check import Check, Suite
from expectations.common import not_from_the_future, several, since_1990

SUITE = Suite(
    table="landing.ticket_events",
    key=("ticket_id", "event_id"),
    checks=(
        several("ticket_id", "ticket events", judged_from=200, severity="critical"),
        since_1990("occurred_at", "ticket events"),
        Check(
            name="agents_reply_in_public",
            severity="critical",
            description="Of 20 or more comments by agents at least one is public; otherwise no "
            "ticket has a first reply.",
            remedy="Check how is_public is mapped in the entity's query in sources.yml.",
            expectation=lambda rules: rules.support.AgentsReplyInPublic(),
        ),
        Check(
            name="status_events_change_the_status",
            severity="warning",
            description="At most one event in ten is a change of status to the same status; "
            "otherwise from_value or to_value holds the wrong column.",
            remedy="Check how from_value and to_value are mapped in the entity's query.",
            expectation=lambda rules: rules.support.StatusEventsChangeStatus(),
            judged_from=20,
        ),
        several("actor_kind", "ticket events", judged_from=200),
        not_from_the_future("occurred_at", "ticket events"),
    ),
)
