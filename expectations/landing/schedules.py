"""A batch of schedules."""

from expectations.check import Check, Suite

SUITE = Suite(
    table="landing.schedules",
    key=("schedule_id", "weekday", "start_time", "valid_from"),
    checks=(
        Check(
            name="time_zone_is_known",
            severity="critical",
            description="Every schedule names a time zone of the IANA list, such as "
            "Europe/Berlin; business time cannot be computed in another.",
            remedy="Map the helpdesk's own names of zones to IANA names in the entity's query.",
            expectation=lambda rules: rules.support.KnownTimeZone(),
        ),
        Check(
            name="windows_do_not_overlap",
            severity="critical",
            description="No two working windows of a schedule overlap; the time in both would be "
            "counted twice.",
            remedy="Correct the windows in the helpdesk, or give the older one a valid_to.",
            expectation=lambda rules: rules.support.WindowsApart(),
        ),
    ),
)
