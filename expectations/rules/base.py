"""The rule that is a query: the rows it returns are the rows that break it."""

from __future__ import annotations

from string import Template
from typing import Any, ClassVar

import great_expectations.expectations as gxe
from great_expectations.compatibility import pydantic

SAMPLE_ROWS = 10


class Rows(gxe.UnexpectedRowsExpectation):
    """No row comes back from `sql`.

    `{batch}` stands for the table that is judged, `$name` for a field of the class. A query
    selects keys and counts, never a personal value: what it returns is shown to people. Outside
    values come in as the connection's variables: `getvariable('currency')`, `getvariable('as_of')`.
    """

    sql: ClassVar[str]

    @pydantic.root_validator(pre=True)
    def _fill_in(cls, values: dict[str, Any]) -> dict[str, Any]:
        fields = {name: field.default for name, field in cls.__fields__.items()} | values
        query = Template(cls.sql).substitute(fields)
        return {**values, "unexpected_rows_query": query}

    def _validate(
        self,
        metrics: dict[str, Any],
        runtime_configuration: dict[str, Any] | None = None,
        execution_engine: object = None,
    ) -> dict[str, Any]:
        """As in the parent, and with a sample of the rows in every result format."""
        count = metrics["unexpected_rows_query.row_count"]
        rows = metrics["unexpected_rows_query.table"][:SAMPLE_ROWS]
        result = {"observed_value": count, "details": {"unexpected_rows": rows}}
        return {"success": count == 0, "result": result}


class Share(Rows):
    """The rows for which `condition` is true are at most `tolerated` of all rows."""

    condition: str
    tolerated: float
    sample: str

    sql = """
        with batch as (select * from {batch})

        select $sample from batch
        where
            ($condition)
            and (select count_if($condition) from batch)
            > $tolerated * (select count(*) from batch)
    """
