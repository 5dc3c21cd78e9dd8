"""What the warehouse writes down about itself: runs, checks, refused rows, releases.

Records land beside the entities, as Parquet files under `landing/records/<record>/`, so that the
quality marts are built from landing like every other mart and outlive any candidate.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb

from orchestration.landing.durable import replacing

RECORDS: dict[str, dict[str, str]] = {
    "runs": {
        "run_id": "varchar",
        "started_at": "timestamptz",
        "ended_at": "timestamptz",
        "status": "varchar",
        "trigger": "varchar",
        "batch_count": "bigint",
        "release_id": "varchar",
        "message": "varchar",
        "code_version": "varchar",
    },
    "check_results": {
        "run_id": "varchar",
        "checked_at": "timestamptz",
        "asset": "varchar",
        "check_name": "varchar",
        "description": "varchar",
        "severity": "varchar",
        "passed": "boolean",
        "observed": "varchar",
        "expected": "varchar",
        "failing_sample": "varchar",
    },
    "quarantined_rows": {
        "quarantine_id": "varchar",
        "entity": "varchar",
        "source": "varchar",
        "batch_id": "varchar",
        "quarantined_at": "timestamptz",
        "origin": "varchar",
        "origin_row": "bigint",
        "row_as_it_came": "varchar",
        "row_without_personal_values": "varchar",
        "reasons": "varchar",
    },
    "quarantine_decisions": {
        "quarantine_id": "varchar",
        "status": "varchar",
        "decided_at": "timestamptz",
        "batch_id": "varchar",
    },
    "releases": {
        "release_id": "varchar",
        "released_at": "timestamptz",
        "run_id": "varchar",
        "as_of": "timestamptz",
        "row_counts": "varchar",
        "audited_sha256": "varchar",
        "code_version": "varchar",
    },
    "restatements": {
        "release_id": "varchar",
        "metric": "varchar",
        "policy": "varchar",
        "grain": "varchar",
        "period_start": "date",
        "dimension": "varchar",
        "dimension_value": "varchar",
        "value_before": "double",
        "value_after": "double",
    },
}


def folder(landing: Path, record: str) -> Path:
    """Where the files of one kind of record are."""
    return landing / "records" / record


def append(landing: Path, record: str, name: str, rows: Sequence[Mapping[str, object]]) -> None:
    """Write rows as the file `<name>.parquet` of a record; the same name again replaces it.

    Args:
        landing: the landing folder.
        record: one of `RECORDS`.
        name: what the rows belong to, such as a run's id.
        rows: by column name; a column that a row lacks is NULL.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    types = {
        "varchar": pa.string(),
        "timestamptz": pa.timestamp("us", tz="UTC"),
        "bigint": pa.int64(),
        "boolean": pa.bool_(),
        "double": pa.float64(),
        "date": pa.date32(),
    }
    schema = pa.schema([(column, types[kind]) for column, kind in RECORDS[record].items()])
    with replacing(folder(landing, record) / f"{name}.parquet") as temporary:
        pq.write_table(pa.Table.from_pylist(list(rows), schema=schema), temporary)


def read(landing: Path, record: str, where: str = "true") -> list[dict[str, object]]:
    """The rows of a record for which a fixed SQL condition holds; none if it has no file yet."""
    files = folder(landing, record) / "*.parquet"
    if not any(files.parent.glob("*.parquet")):
        return []
    with duckdb.connect() as con:
        con.execute("set timezone = 'UTC'")
        found = con.execute(f"select * from read_parquet(?) where {where}", [str(files)])
        names = [column for column, *_ in found.description or []]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
