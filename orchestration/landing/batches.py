"""The batches of landing: immutable Parquet files that say in their own metadata how they came.

A batch is `landing/<entity>/<batch_id>.parquet`. Its id starts with the instant of extraction and
grows from batch to batch, so that the order of names is the order of ingestion. Its metadata hold
the inputs it was made from and the statement rows in = landed + quarantined + duplicates; there is
no second place where any of this stands.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from orchestration.landing.contract import ENTITIES, SQL_TYPES, Entity
from orchestration.landing.durable import replacing
from orchestration.landing.records import RECORDS, folder

SCHEMA_FILE = "0-schema.parquet"
METADATA_KEY = "cx"


@dataclass(frozen=True)
class Input:
    """A file that a batch was made from, with what tells an unchanged file from a changed one."""

    table: str
    path: str
    size: int
    modified_ns: int
    sha256: str
    columns: tuple[str, ...] = ()
    rows: int = 0


@dataclass(frozen=True)
class Batch:
    """A landed batch: its identity, its inputs and its statement of rows."""

    batch_id: str
    source: str
    entity: str
    extracted_at: str
    definition: str
    rows_in: int = 0
    landed: int = 0
    quarantined: int = 0
    duplicates: int = 0
    inputs: tuple[Input, ...] = field(default=())

    @property
    def instant(self) -> datetime:
        """When the batch was extracted (UTC)."""
        return datetime.fromisoformat(self.extracted_at)

    def to_json(self) -> str:
        """The batch as it stands in the metadata of its file."""
        return json.dumps(asdict(self), separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Batch:
        """Read back what `to_json` wrote."""
        values: dict[str, Any] = json.loads(text)
        inputs = tuple(
            Input(**{**item, "columns": tuple(item["columns"])}) for item in values.pop("inputs")
        )
        return cls(**values, inputs=inputs)


def landed_columns(entity: Entity) -> dict[str, str]:
    """Every column of a landed file with its SQL type: the contract's, then landing's own."""
    contract = {name: SQL_TYPES[column.type] for name, column in entity.columns.items()}
    hashes = {f"_{name}_hash": "varchar" for name in entity.identifiers}
    return {
        **contract,
        "extra": "varchar",
        **hashes,
        "_source": "varchar",
        "_batch_id": "varchar",
        "_extracted_at": "timestamptz",
        "_row_hash": "varchar",
        "_origin": "varchar",
        "_row_number": "bigint",
    }


def write_parquet(
    con: duckdb.DuckDBPyConnection, query: str, final: Path, metadata: str | None = None
) -> None:
    """Write a query's rows, in order, to a Parquet file that is there whole or not at all."""
    with replacing(final) as temporary:
        copy_to_parquet(con, query, temporary, metadata)


def copy_to_parquet(
    con: duckdb.DuckDBPyConnection, query: str, path: Path, metadata: str | None = None
) -> None:
    """Write a query's rows to a Parquet file, with `metadata` under the key `cx`."""
    keys = f", kv_metadata {{{METADATA_KEY}: {literal(metadata)}}}" if metadata else ""
    con.execute(f"copy ({query}) to {literal(path)} (format parquet, compression zstd{keys})")


def literal(value: object) -> str:
    """A SQL text literal; for places such as COPY that take no bound parameter."""
    return "'" + str(value).replace("'", "''") + "'"


def identifier(name: str) -> str:
    """A quoted SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def ensure_schemas(landing: Path) -> None:
    """Give every entity and record a file without rows, so that each can be read at once."""
    tables = {landing / name: landed_columns(entity) for name, entity in ENTITIES.items()}
    tables |= {folder(landing, name): columns for name, columns in RECORDS.items()}
    missing = {path: columns for path, columns in tables.items() if not _has_schema(path, columns)}
    if not missing:
        return
    with duckdb.connect() as con:
        for path, columns in missing.items():
            nulls = ", ".join(f"cast(null as {kind}) as {name}" for name, kind in columns.items())
            text = json.dumps(columns)
            write_parquet(con, f"select {nulls} where false", path / SCHEMA_FILE, text)


def _has_schema(path: Path, columns: dict[str, str]) -> bool:
    file = path / SCHEMA_FILE
    return file.exists() and read_metadata(file) == json.dumps(columns)


def read_metadata(file: Path) -> str | None:
    """What stands under the key `cx` in a Parquet file's metadata."""
    import pyarrow.parquet as pq

    metadata = pq.read_metadata(file).metadata or {}
    value = metadata.get(METADATA_KEY.encode())
    return value.decode() if value is not None else None


def list_batches(landing: Path, entity: str, source: str | None = None) -> list[Batch]:
    """The landed batches of an entity in the order of ingestion, of one source or of all."""
    files = sorted(file for file in (landing / entity).glob("[1-9]*.parquet"))
    texts = (read_metadata(file) for file in files)
    batches = [Batch.from_json(text) for text in texts if text is not None]
    return [batch for batch in batches if source is None or batch.source == source]


def newest_instant(landing: Path) -> datetime | None:
    """When the newest batch of all entities was extracted: how far the warehouse has heard."""
    names = [
        max((f.name for f in (landing / e).glob("[1-9]*.parquet")), default="") for e in ENTITIES
    ]
    newest = max(names)
    return _instant_of(newest) if newest else None


def new_batch_id(landing: Path, entity: str, source: str) -> tuple[str, datetime]:
    """An id above every id that has landed, and its instant, even if the clock went back."""
    now = datetime.now(UTC)
    newest = newest_instant(landing)
    if newest is not None and now <= newest:
        now = newest + timedelta(microseconds=1)
    return f"{now:%Y%m%dT%H%M%S.%fZ}-{entity}-{source}", now


def _instant_of(file_name: str) -> datetime:
    stamp = file_name.split("-", 1)[0]
    return datetime.strptime(stamp, "%Y%m%dT%H%M%S.%fZ").replace(tzinfo=UTC)
