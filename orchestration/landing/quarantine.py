"""The second chance of refused rows: look at them, replay them, corrected or not, or discard.

A refused row is never changed. What was decided about it lands beside it as a record of its own,
and its status is that of the newest decision: open, replayed or discarded.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path

import duckdb

from orchestration.landing import door
from orchestration.landing.batches import Batch, copy_to_parquet, identifier, literal
from orchestration.landing.casting import Reading
from orchestration.landing.contract import ENTITIES
from orchestration.landing.durable import publish
from orchestration.landing.records import append, folder
from orchestration.settings import Settings
from orchestration.sources import Extraction
from orchestration.sources.readers import REJECTS, create_rejects


class QuarantineError(Exception):
    """A wish about refused rows that cannot be granted; the message says why."""


@dataclass(frozen=True)
class Refused:
    """A refused row with its present status."""

    quarantine_id: str
    entity: str
    source: str
    batch_id: str
    quarantined_at: datetime
    origin: str
    origin_row: int
    row: Mapping[str, object]
    reasons: str
    status: str


@dataclass(frozen=True)
class Replay:
    """How a replay went: what landed, what landing knew already, and what is refused again."""

    landed: int
    duplicates: int
    outdated: tuple[str, ...]
    refused: dict[str, str]


def find(
    landing: Path,
    ids: Sequence[str] = (),
    entity: str | None = None,
    status: str | None = "open",
) -> list[Refused]:
    """The refused rows, oldest first, each once however often its file was read again.

    Raises:
        QuarantineError: one of `ids` is not in quarantine.
    """
    rows_of, decided = folder(landing, "quarantined_rows"), folder(landing, "quarantine_decisions")
    if not any(rows_of.glob("*.parquet")):
        return []
    with duckdb.connect() as con:
        con.execute("set timezone = 'UTC'")
        found = con.execute(
            """
            with decisions as (
                select quarantine_id, max_by(status, decided_at) as status
                from read_parquet(?) group by quarantine_id
            ),
            refused as (
                select * from read_parquet(?)
                qualify row_number() over (partition by quarantine_id order by batch_id desc) = 1
            )
            select
                quarantine_id, entity, source, batch_id, quarantined_at, origin, origin_row,
                row_as_it_came, reasons, coalesce(status, 'open') as status
            from refused left join decisions using (quarantine_id)
            where (? is null or entity = ?) and (? is null or coalesce(status, 'open') = ?)
            and (len(?) = 0 or quarantine_id in (select unnest(?)))
            order by entity, source, batch_id, origin, origin_row
            """,
            [
                str(decided / "*.parquet"),
                str(rows_of / "*.parquet"),
                *(entity, entity, status, status),
                *(list(ids), list(ids)),
            ],
        ).fetchall()
    rows = [Refused(*row[:7], json.loads(row[7]), *row[8:]) for row in found]
    unknown = set(ids) - {row.quarantine_id for row in rows}
    if unknown:
        raise QuarantineError(
            f"{', '.join(sorted(unknown))}: no such row in quarantine"
            + (f" with the status {status}" if status else "")
            + "; `cx quarantine list` shows what there is"
        )
    return rows


def discard(landing: Path, rows: Sequence[Refused]) -> None:
    """Decide that refused rows are not wanted; they stay readable."""
    _decide(landing, [row.quarantine_id for row in rows], "discarded", None)


def replay(
    settings: Settings,
    rows: Sequence[Refused],
    corrections: Mapping[str, Mapping[str, object]],
) -> Replay:
    """Send refused rows through the door again, corrected where a correction is given.

    Rows that pass land as a batch of their own; rows that are refused again stay open. A row of an
    entity without a version column that is older than what has landed for its key since is left
    alone: it would take the place of newer data.

    Args:
        settings: the deployment.
        rows: the refused rows.
        corrections: by quarantine id, the columns to change in the row as it came.
    """
    total = Replay(0, 0, (), {})
    for (entity, source), group in groupby(rows, key=lambda row: (row.entity, row.source)):
        part = _replay_group(settings, entity, source, list(group), corrections)
        total = Replay(
            total.landed + part.landed,
            total.duplicates + part.duplicates,
            total.outdated + part.outdated,
            total.refused | part.refused,
        )
    return total


def _replay_group(
    settings: Settings,
    entity: str,
    source: str,
    rows: list[Refused],
    corrections: Mapping[str, Mapping[str, object]],
) -> Replay:
    landing = settings.home.landing
    with duckdb.connect() as con:
        _load(con, entity, rows, corrections)
        outdated = _drop_outdated(con, landing, entity, source)
        extraction = Extraction("extracted", REJECTS, "replay", ())
        how, salt = _reading(settings, entity, source), settings.salt
        incoming = door.receive(con, extraction, landing, entity, source, how, salt)
        refused = dict(
            con.execute(
                "select quarantine_id, reasons from typed "
                "join replayed on _origin_row = number where reasons <> ''"
            ).fetchall()
        )
        passed = con.execute(
            "select quarantine_id from passed join replayed on _origin_row = number"
        ).fetchall()
        if not passed:
            door.withdraw(incoming)
            return Replay(0, 0, outdated, refused)
        batch = replace(
            incoming.batch,
            rows_in=incoming.batch.landed + incoming.batch.duplicates,
            quarantined=0,
        )
        _land(con, incoming, batch)
        _decide(landing, [name for (name,) in passed], "replayed", batch.batch_id)
        return Replay(batch.landed, batch.duplicates, outdated, refused)


def _land(con: duckdb.DuckDBPyConnection, incoming: door.Incoming, batch: Batch) -> None:
    """Land the rows that passed; those that did not are in quarantine already."""
    query = f"select * from read_parquet({literal(incoming.file)})"
    rewritten = incoming.file.with_suffix(".tmp")
    copy_to_parquet(con, query, rewritten, batch.to_json())
    incoming.file.unlink()
    publish(rewritten, incoming.final)


def _reading(settings: Settings, entity: str, source: str) -> Reading:
    for name, _, reading in settings.config.readers(entity):
        if name == source:
            zone = reading.timestamp_timezone or settings.config.timezone
            return Reading(zone, reading.timestamp_format)
    return Reading(settings.config.timezone)


def _load(
    con: duckdb.DuckDBPyConnection,
    entity: str,
    rows: Sequence[Refused],
    corrections: Mapping[str, Mapping[str, object]],
) -> None:
    """Make the tables `extracted` and `replayed` from refused rows and their corrections."""
    lines = [
        (
            n,
            row.quarantine_id,
            row.batch_id,
            json.dumps({**row.row, **corrections.get(row.quarantine_id, {})}),
        )
        for n, row in enumerate(rows, 1)
    ]
    con.execute(
        "create table replayed (number bigint, quarantine_id varchar, refused_batch varchar, "
        "line varchar)"
    )
    con.executemany("insert into replayed values (?, ?, ?, ?)", lines)
    columns = ", ".join(
        f"json_extract_string(line, {literal('$.' + name)}) as {identifier(name)}"
        for name in (*ENTITIES[entity].columns, "extra")
    )
    con.execute(
        f"create table extracted as select {columns}, 'replay' as _origin, "
        f"number as _origin_row from replayed order by number"
    )
    create_rejects(con)


def _drop_outdated(
    con: duckdb.DuckDBPyConnection, landing: Path, entity: str, source: str
) -> tuple[str, ...]:
    """Take out the rows whose key has landed since they were refused, where no version decides."""
    contract = ENTITIES[entity]
    if contract.version:
        return ()
    keys = " and ".join(
        f"cast(landed.{identifier(name)} as varchar) = extracted.{identifier(name)}"
        for name in contract.key
    )
    files = literal(landing / entity / "*.parquet")
    outdated = con.execute(
        f"select distinct quarantine_id from replayed join extracted on _origin_row = number "
        f"join read_parquet({files}) as landed on {keys} "
        f"and landed._source = ? and landed._batch_id > refused_batch",
        [source],
    ).fetchall()
    con.execute(
        "delete from extracted where _origin_row in "
        "(select number from replayed where quarantine_id in (select unnest(?)))",
        [[name for (name,) in outdated]],
    )
    return tuple(name for (name,) in outdated)


def _decide(landing: Path, ids: Sequence[str], status: str, batch_id: str | None) -> None:
    now = datetime.now(UTC)
    decisions = [
        {"quarantine_id": name, "status": status, "decided_at": now, "batch_id": batch_id}
        for name in ids
    ]
    if decisions:
        append(landing, "quarantine_decisions", f"{now:%Y%m%dT%H%M%S.%fZ}", decisions)
