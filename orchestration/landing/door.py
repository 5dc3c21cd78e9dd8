"""The door of landing: a row is let in, refused with all its reasons, or known already.

The row's columns are cast to the contract's types; what does not fit its contract is refused. A row
that says what landing already knows is counted and not written. `judging.py` says how.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from orchestration.landing.batches import (
    Batch,
    copy_to_parquet,
    identifier,
    landed_columns,
    literal,
    new_batch_id,
    write_parquet,
)
from orchestration.landing.casting import Reading
from orchestration.landing.contract import ENTITIES, Entity
from orchestration.landing.durable import publish
from orchestration.landing.judging import mark_conflicts, mark_duplicates, refuse, type_rows
from orchestration.landing.records import folder
from orchestration.sources import Extraction


@dataclass(frozen=True)
class Incoming:
    """A batch before the gate: written beside landing, not yet a part of it."""

    batch: Batch
    file: Path
    final: Path
    quarantine: Path


def receive(
    con: duckdb.DuckDBPyConnection,
    extraction: Extraction,
    landing: Path,
    entity: str,
    source: str,
    reading: Reading,
    salt: str,
) -> Incoming:
    """Judge what a source brought, and write it as a batch that waits for the gate.

    Args:
        con: the connection that holds the extraction's tables.
        extraction: what the source brought.
        landing: the landing folder.
        entity: name of the entity.
        source: name of the source.
        reading: how text becomes instants.
        salt: hides e-mail addresses and phone numbers.

    Returns:
        The incoming batch with its statement of rows.
    """
    contract = ENTITIES[entity]
    batch_id, instant = new_batch_id(landing, entity, source)
    con.execute("set timezone = 'UTC'")
    con.execute("set variable salt = ?", [salt])
    type_rows(con, extraction.relation, contract, reading, instant)
    mark_conflicts(con, contract)
    mark_duplicates(con, contract, landing, source)
    final = landing / entity / f"{batch_id}.parquet"
    file = final.with_name(f".{batch_id}.incoming")
    quarantine = folder(landing, "quarantined_rows") / f"{batch_id}.parquet"
    batch = _count(
        con,
        Batch(
            batch_id=batch_id,
            source=source,
            entity=entity,
            extracted_at=instant.isoformat(),
            definition=extraction.definition,
            inputs=extraction.inputs,
        ),
        extraction,
    )
    final.parent.mkdir(parents=True, exist_ok=True)
    copy_to_parquet(con, _landed_query(contract, batch), file, batch.to_json())
    refuse(con, extraction, contract, batch)
    return Incoming(batch, file, final, quarantine)


def land(con: duckdb.DuckDBPyConnection, incoming: Incoming) -> None:
    """Make an incoming batch part of landing.

    The refused rows are written first: the rename of the batch is the moment in which both count.
    """
    if incoming.batch.quarantined:
        write_parquet(con, "select * from refused", incoming.quarantine)
    publish(incoming.file, incoming.final)


def withdraw(incoming: Incoming) -> None:
    """Forget an incoming batch: landing is as it was, and the next run reads the source again."""
    incoming.file.unlink(missing_ok=True)


def clear(landing: Path) -> None:
    """Remove what a killed run left: unfinished files, and refused rows without their batch."""
    for file in (*landing.rglob(".*.tmp"), *landing.rglob(".*.incoming")):
        file.unlink()
    for file in folder(landing, "quarantined_rows").glob("[1-9]*.parquet"):
        entity = file.name.split("-", 2)[1]
        if not (landing / entity / file.name).exists():
            file.unlink()


def _count(con: duckdb.DuckDBPyConnection, batch: Batch, extraction: Extraction) -> Batch:
    """Put the statement of rows into the batch."""
    counts = con.execute(
        f"""
        select
            (select count(*) from {extraction.relation})
            + (select count(*) from {extraction.rejects}),
            (select count(*) from passed where not is_duplicate),
            (select count(*) from typed where reasons <> '')
            + (select count(*) from {extraction.rejects}),
            (select count(*) from passed where is_duplicate)
        """
    ).fetchall()[0]
    rows_in, landed, quarantined, duplicates = counts
    return replace(
        batch, rows_in=rows_in, landed=landed, quarantined=quarantined, duplicates=duplicates
    )


def _landed_query(contract: Entity, batch: Batch) -> str:
    """The rows that land, with the columns that landing adds."""
    own = {
        "_source": literal(batch.source),
        "_batch_id": literal(batch.batch_id),
        "_extracted_at": f"timestamptz {literal(batch.extracted_at)}",
        **{f"_{name}_hash": _pseudonym(name) for name in contract.identifiers},
    }
    columns = ", ".join(
        f"cast({own.get(name, identifier(name))} as {kind}) as {identifier(name)}"
        for name, kind in landed_columns(contract).items()
    )
    return f"select {columns} from passed where not is_duplicate order by _row_number"


def _pseudonym(name: str) -> str:
    """The salted sha256 of an e-mail address or phone number in its normal form."""
    normal = "lower(email)" if name == "email" else "regexp_replace(phone, '[^0-9+]', '', 'g')"
    return f"sha256(getvariable('salt') || ':' || {normal})"
