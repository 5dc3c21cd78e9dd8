"""Suites of landing: is this batch plausible as a whole?

What a single row must hold is enforced row by row at the door (`orchestration/landing/contract.py`)
and not asked again. Here rows are judged together: shares, variety, units, time zones.
"""

from expectations.landing import (
    customers,
    holidays,
    order_lines,
    orders,
    reviews,
    schedules,
    sla_policies,
    subscriptions,
    survey_invitations,
    survey_responses,
    ticket_events,
    tickets,
    web_events,
)

SUITES = (
    customers.SUITE,
    orders.SUITE,
    order_lines.SUITE,
    tickets.SUITE,
    ticket_events.SUITE,
    survey_invitations.SUITE,
    survey_responses.SUITE,
    schedules.SUITE,
    holidays.SUITE,
    sla_policies.SUITE,
    web_events.SUITE,
    subscriptions.SUITE,
    reviews.SUITE,
)
