"""Read-only SQL on the current release."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path

import duckdb

from orchestration import release
from orchestration.landing.batches import literal
from orchestration.settings import Home

MOST_ROWS = 200


class NothingToQuery(Exception):
    """Nothing has been released yet."""


class Format(StrEnum):
    """How rows are written."""

    table = "table"
    csv = "csv"
    json = "json"
    parquet = "parquet"


OPTIONS = {
    Format.csv: "format csv, header",
    Format.json: "format json, array",
    Format.parquet: "format parquet",
}


def connect(home: Home) -> duckdb.DuckDBPyConnection:
    """A connection to the current release that can read its tables and nothing else.

    The file is opened by the release's own path: it stays what it is when `current` moves on.

    Raises:
        NothingToQuery: nothing has been released yet.
    """
    live = release.current(home)
    if live is None:
        raise NothingToQuery("nothing has been released yet: start a run with `cx run`")
    con = duckdb.connect(str(live.database), read_only=True)
    con.execute("set timezone = 'UTC'")
    con.execute("set enable_external_access = false")
    con.execute("set lock_configuration = true")
    return con


def export(con: duckdb.DuckDBPyConnection, query: str, kind: Format, output: Path | None) -> None:
    """Write a query's rows as csv, json or Parquet to a file or to standard output."""
    rows = con.execute(query).to_arrow_table()
    if output is None and kind != Format.parquet:
        output = Path("/dev/stdout")
    with duckdb.connect() as writer:
        writer.execute("set timezone = 'UTC'")
        writer.register("rows", rows)
        if output is None:
            _stream_parquet(writer)
            return
        writer.execute(f"copy rows to {literal(output)} ({OPTIONS[kind]})")


def _stream_parquet(writer: duckdb.DuckDBPyConnection) -> None:
    import pyarrow.parquet as pq

    pq.write_table(writer.table("rows").to_arrow_table(), sys.stdout.buffer)
