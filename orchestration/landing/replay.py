"""Refused rows once more through the door: corrected, or as they are under corrected rules."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

import duckdb

from orchestration import gates
from orchestration.landing import door
from orchestration.landing.batches import Batch, copy_to_parquet, identifier, literal
from orchestration.landing.casting import Reading
from orchestration.landing.contract import ENTITIES
from orchestration.landing.durable import publish
from orchestration.landing.quarantine import QuarantineError, Refused, decide
from orchestration.settings import Settings
from orchestration.sources import Extraction
from orchestration.sources.files.text import REJECTS, create_rejects


@dataclass(frozen=True)
class Replay:
    """How a replay went: what landed, what landing knew already, and what is refused again."""

    landed: int
    duplicates: int
    outdated: tuple[str, ...]
    refused: dict[str, str]


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
        _judge(incoming, settings.config.currency)
        batch = replace(
            incoming.batch,
            rows_in=incoming.batch.landed + incoming.batch.duplicates,
            quarantined=0,
        )
        _land(con, incoming, batch)
        decide(landing, [name for (name,) in passed], "replayed", batch.batch_id)
        return Replay(batch.landed, batch.duplicates, outdated, refused)


def _judge(incoming: door.Incoming, currency: str) -> None:
    """Hold replayed rows against the suite of their entity, like any batch.

    Raises:
        QuarantineError: a critical check speaks against them; nothing has landed.
    """
    verdicts = gates.evaluate_landing(incoming.batch.entity, incoming.file, currency)
    against = gates.failed_critical(verdicts) if incoming.batch.landed else []
    if against:
        door.withdraw(incoming)
        said = "; ".join(f"{v.check}: found {v.observed}. {v.remedy}" for v in against)
        raise QuarantineError(f"{incoming.batch.entity} not replayed: {said}")


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
