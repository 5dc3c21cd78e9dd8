"""A batch of web events."""

from expectations.check import Suite
from expectations.common import (
    few_names,
    mostly_known,
    not_from_the_future,
    several,
    since_1990,
)

SUITE = Suite(
    table="landing.web_events",
    key=("event_id",),
    checks=(
        mostly_known(
            "visitor_id",
            "web events",
            share=0.5,
            consequence="events without a visitor form no path and no funnel",
            severity="critical",
        ),
        several("visitor_id", "web events", judged_from=500, severity="critical"),
        since_1990("occurred_at", "web events"),
        several("name", "web events", judged_from=500),
        not_from_the_future("occurred_at", "web events"),
        few_names("channel", "web events"),
        few_names("device", "web events"),
    ),
)
