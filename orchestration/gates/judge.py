"""How Great Expectations runs on DuckDB.

It has no DuckDB backend of its own: it reads results after it gave the connection back, so the
engine must not roll back in between (`skip_autocommit_rollback`). Each table is judged in an
in-memory database that sees the file through a view or an attachment; paths and outside values
thus never stand in a connection string or in a rule.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from itertools import count
from typing import TYPE_CHECKING, Any

from expectations.check import Check, Suite
from orchestration.gates.reading import excused, failed_to_run, read
from orchestration.gates.verdict import Verdict

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from great_expectations.core import ExpectationValidationResult
    from great_expectations.data_context import EphemeralDataContext
    from great_expectations.datasource.fluent import SQLDatasource
    from great_expectations.datasource.fluent.interfaces import Batch
    from great_expectations.expectations.expectation import Expectation
    from sqlalchemy import Engine

SAMPLE_ROWS = 10
_numbers = count(1)


@dataclass(frozen=True)
class Statement:
    """SQL that prepares every connection of a gate, with its bound parameters."""

    sql: str
    parameters: Sequence[object] = ()


@contextmanager
def connected(setup: Sequence[Statement]) -> Iterator[SQLDatasource]:
    """An in-memory database, prepared by `setup`, as Great Expectations sees it."""
    sources = _context().data_sources
    name = f"gate_{next(_numbers)}"
    source = sources.add_sql(
        name,
        connection_string="duckdb:///:memory:",
        kwargs={"isolation_level": "AUTOCOMMIT", "skip_autocommit_rollback": True},
    )
    try:
        _prepare(source, (Statement("set TimeZone = 'UTC'"), *setup))
        yield source
    finally:
        for engine in _engines(source):
            engine.dispose()
        sources.delete(name)


def comparable(source: SQLDatasource, databases: tuple[str, str]) -> frozenset[str]:
    """The tables, as `schema.table`, that two attached files have with the same columns.

    A model that gains or loses a column must not be held up by a release that it differs from.
    """
    import sqlalchemy as sa

    query = sa.text(
        """
        with forms as (
            select
                schema_name || '.' || table_name as name,
                string_agg(column_name, ',' order by column_name) as columns
            from duckdb_columns()
            where database_name in (:first, :second)
            group by database_name, schema_name, table_name
        )

        select name from forms
        group by name
        having count(*) = 2 and min(columns) = max(columns)
        """
    )
    values = dict(zip(("first", "second"), databases, strict=True))
    with source.get_execution_engine().engine.connect() as connection:
        return frozenset(connection.execute(query, values).scalars())


def judge(
    source: SQLDatasource,
    suite: Suite,
    table: str,
    earlier: frozenset[str] = frozenset(),
) -> list[Verdict]:
    """The verdicts of a suite on one table or view, in the order of the suite.

    `earlier` are the tables that can be compared with the last release. Whatever goes wrong in
    here, from a table that is not there to a rule that cannot be built, is a verdict: a gate fails
    closed.
    """
    try:
        row_count = _row_count(source, table)
        asset = source.add_query_asset(suite.table, query=f"select * from {table}")
        batch = asset.add_batch_definition_whole_table("all").get_batch()
    except Exception as error:  # whatever it is, the table could not be judged
        return [failed_to_run(suite, check, str(error)) for check in suite.checks]
    verdicts = {
        check.name: verdict
        for check in suite.checks
        if (verdict := excused(suite, check, row_count, earlier)) is not None
    }
    open_checks = [check for check in suite.checks if check.name not in verdicts]
    verdicts |= _validate(batch, suite, open_checks)
    return [verdicts[check.name] for check in suite.checks]


def _validate(batch: Batch, suite: Suite, checks: Sequence[Check]) -> dict[str, Verdict]:
    """Judge all checks in one pass; where that raises, each on its own, to find who did."""
    if not checks:
        return {}
    try:
        results = _results(batch, suite, checks)
        return {check.name: read(suite, check, results[check.name]) for check in checks}
    except Exception as error:  # a rule that cannot be evaluated has not passed
        if len(checks) == 1:
            return {checks[0].name: failed_to_run(suite, checks[0], str(error))}
        return {
            name: verdict
            for check in checks
            for name, verdict in _validate(batch, suite, [check]).items()
        }


def _results(
    batch: Batch, suite: Suite, checks: Sequence[Check]
) -> dict[str, ExpectationValidationResult]:
    import great_expectations as gx

    rules = gx.ExpectationSuite(suite.table, expectations=[_rule(check) for check in checks])
    result_format = {
        "result_format": "SUMMARY",
        "partial_unexpected_count": SAMPLE_ROWS,
        "unexpected_index_column_names": list(suite.key),
    }
    results = batch.validate(rules, result_format=result_format).results
    return {result.expectation_config.meta["check"]: result for result in results}


def _rule(check: Check) -> Expectation:
    from expectations import rules

    words: dict[str, Any] = {
        "severity": check.severity,
        "description": check.description,
        "meta": {"check": check.name},
    }
    return check.expectation(rules).copy(update=words)


@cache
def _context() -> EphemeralDataContext:
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    logging.getLogger("great_expectations").setLevel(logging.ERROR)
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False, metric_calculations=False)
    return context


def _engines(source: SQLDatasource) -> tuple[Engine, Engine]:
    """The two engines of a source: one looks tables up, the other judges them."""
    return source.get_engine(), source.get_execution_engine().engine


def _prepare(source: SQLDatasource, setup: Sequence[Statement]) -> None:
    import sqlalchemy as sa

    def prepare(connection: DuckDBPyConnection, _record: object) -> None:
        for statement in setup:
            connection.execute(statement.sql, tuple(statement.parameters))

    for engine in _engines(source):
        engine.dispose()
        sa.event.listen(engine, "connect", prepare)


def _row_count(source: SQLDatasource, table: str) -> int:
    import sqlalchemy as sa

    query = sa.text(f"select count(*) from {table}")
    with source.get_execution_engine().engine.connect() as connection:
        return int(connection.execute(query).scalar_one())
