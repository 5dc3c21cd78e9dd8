"""Rules about instants."""

from __future__ import annotations

from datetime import UTC, datetime

import great_expectations.expectations as gxe

from expectations.rules.base import Rows
from expectations.rules.values import NotAbove


class Since1990(gxe.ExpectColumnValuesToBeBetween):
    """At most one row in a hundred is from before 1990."""

    min_value: datetime = datetime(1990, 1, 1, tzinfo=UTC)
    mostly: float = 0.99


class BeforeExtraction(NotAbove):
    """At most one row in a hundred is from after its extraction."""

    column_A: str = "_extracted_at"
    mostly: float = 0.99


class Fresh(Rows):
    """The newest instant is at most so many days before the instant from which the run looks."""

    column: str
    days: int

    sql = """
        select max($column) as newest, getvariable('as_of') as as_of
        from {batch}
        having max($column) < getvariable('as_of') - to_days($days)
    """


class NotAfterAsOf(Rows):
    """Nothing is from after the instant from which the run looks."""

    column: str

    sql = """
        select count(*) as row_count, max($column) as newest, getvariable('as_of') as as_of
        from {batch}
        where $column > getvariable('as_of')
        having count(*) > 0
    """
