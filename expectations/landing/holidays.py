"""A batch of holidays."""

from expectations.check import Check, Suite
from expectations.common import since_1990

SUITE = Suite(
    table="landing.holidays",
    key=("schedule_id", "holiday_date"),
    checks=(
        Check(
            name="holidays_are_few",
            severity="critical",
            description="No schedule has more than 100 days off in a year; more are not holidays, "
            "and tickets would have no business time.",
            remedy="Check which dates are mapped to holiday_date: days off only, no weekends.",
            expectation=lambda rules: rules.support.FewHolidays(),
        ),
        since_1990("holiday_date", "holidays", severity="warning"),
    ),
)
