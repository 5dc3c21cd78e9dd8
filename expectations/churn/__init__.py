"""Suites of the churn marts."""

from expectations.churn import retention_cohorts

SUITES = (retention_cohorts.SUITE,)
