"""Suites of the journey marts."""

from expectations.journey import touchpoints

SUITES = (touchpoints.SUITE,)
