"""The seal: what a release says about itself, added to the copy of the audited marts."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb

from orchestration.landing import records
from orchestration.landing.batches import literal
from orchestration.release.manifest import table_facts
from orchestration.release.shelf import current
from orchestration.settings import Home


def seal(
    file: Path,
    home: Home,
    row: dict[str, object],
    rows: dict[str, Sequence[Mapping[str, object]]],
) -> None:
    """Add to the quality marts of the copy what only the audit itself could know.

    The marts that were audited are not touched; the seal adds the rows of this run, its checks and
    this release, and the values of closed periods that differ from the release before.
    """
    with duckdb.connect(str(file)) as con:
        con.execute("set timezone = 'UTC'")
        row["row_counts"] = json.dumps(
            {name: count for name, (count, _) in table_facts(con).items()}
        )
        for table, added in {**rows, "releases": [row]}.items():
            _insert(con, table, added)
        previous = current(home)
        if previous is not None:
            _restate(con, previous.database, str(row["release_id"]))


def _insert(
    con: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Mapping[str, object]]
) -> None:
    columns = list(records.RECORDS[table])
    if rows:
        marks = ", ".join("?" for _ in columns)
        con.executemany(
            f"insert into quality.{table} ({', '.join(columns)}) values ({marks})",
            [[row.get(column) for column in columns] for row in rows],
        )


def _restate(con: duckdb.DuckDBPyConnection, previous: Path, release_id: str) -> None:
    """Record every value of a period that was closed before and has another value now."""
    con.execute(f"attach {literal(previous)} as previous (read_only)")
    con.execute(
        """
        insert into quality.restatements by name
        select
            ? as release_id, metric, policy, grain, period_start, dimension, dimension_value,
            before.value as value_before, after.value as value_after
        from previous.metrics.metric_values as before
        left join metrics.metric_values as after
            using (metric, policy, grain, period_start, dimension, dimension_value)
        where before.is_complete and before.value is distinct from after.value
        """,
        [release_id],
    )
    con.execute("detach previous")
