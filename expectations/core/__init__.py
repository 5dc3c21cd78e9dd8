"""Suites of the core marts: customers, and what they ordered, asked and answered."""

from expectations.core import (
    customer_identities,
    customers,
    orders,
    survey_responses,
    tickets,
)

SUITES = (
    customers.SUITE,
    customer_identities.SUITE,
    orders.SUITE,
    tickets.SUITE,
    survey_responses.SUITE,
)
