"""Rules about the values of one column."""

from __future__ import annotations

import great_expectations.expectations as gxe

from expectations.rules.base import Rows


class Known(gxe.ExpectColumnValuesToNotBeNull):
    """A value is known in at least a given share of the rows."""


class MoreThanOneValue(gxe.ExpectColumnUniqueValueCountToBeBetween):
    """A column is not one constant."""

    min_value: int = 2


class OneValue(gxe.ExpectColumnUniqueValueCountToBeBetween):
    """A column has one value at most."""

    max_value: int = 1


class AtMostFiftyNames(gxe.ExpectColumnUniqueValueCountToBeBetween):
    """A column that cuts the metrics has at most 50 names."""

    max_value: int = 50


class NotAlmostAll(gxe.ExpectColumnValuesToNotBeInSet):
    """A state that ends things early is not that of nine rows in ten."""

    mostly: float = 0.1


class NotAbove(gxe.ExpectColumnPairValuesAToBeGreaterThanB):
    """The second column is not above the first, where both are known."""

    or_equal: bool = True
    ignore_row_if: str = "either_value_is_missing"


class Orphans(Rows):
    """References to rows that are not there are at most `tolerated` of all references.

    A parent table without rows is a source that the deployment does not have: nothing is asked.
    """

    column: str
    parent: str
    parent_key: str
    tolerated: float
    sample: str

    sql = """
        with orphans as (
            select *
            from {batch}
            where $column is not null and $column not in (select $parent_key from $parent)
        )

        select $sample, $column
        from orphans
        where
            (select count(*) from $parent) > 0
            and (select count(*) from orphans)
            > $tolerated * (select count($column) from {batch})
    """


class ForeignOrphans(Orphans):
    """As orphans, for ids of `<source>:<id>` that another source uses: the id alone counts."""

    sql = """
        with known as (
            select substr($parent_key, instr($parent_key, ':') + 1) as id from $parent
        ),

        orphans as (
            select *
            from {batch}
            where
                $column is not null
                and substr($column, instr($column, ':') + 1) not in (select id from known)
        )

        select $sample, $column
        from orphans
        where
            (select count(*) from known) > 0
            and (select count(*) from orphans)
            > $tolerated * (select count($column) from {batch})
    """
