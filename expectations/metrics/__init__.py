"""Suites of the metric marts."""

from expectations.metrics import metric_definitions, metric_values

SUITES = (metric_definitions.SUITE, metric_values.SUITE)
