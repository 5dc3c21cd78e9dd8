"""The rules, as Great Expectations: a named class for each, with what it means in one line.

Importing this package imports Great Expectations (five seconds): `orchestration/gates.py` does so
when it judges a table.
"""

from expectations.rules import (
    cohorts,
    customers,
    history,
    journey,
    metrics,
    orders,
    quality,
    support,
    surveys,
    times,
    values,
)

__all__ = [
    "cohorts",
    "customers",
    "history",
    "journey",
    "metrics",
    "orders",
    "quality",
    "support",
    "surveys",
    "times",
    "values",
]
