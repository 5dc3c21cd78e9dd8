"""The second chance of refused rows: look at them, replay them, corrected or not, or discard.

A refused row is never changed. What was decided about it lands beside it as a record of its own,
and its status is that of the newest decision: open, replayed or discarded.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from orchestration.landing.records import append, folder


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
    decide(landing, [row.quarantine_id for row in rows], "discarded", None)


def decide(landing: Path, ids: Sequence[str], status: str, batch_id: str | None) -> None:
    """Write down what was decided about refused rows."""
    now = datetime.now(UTC)
    decisions = [
        {"quarantine_id": name, "status": status, "decided_at": now, "batch_id": batch_id}
        for name in ids
    ]
    if decisions:
        append(landing, "quarantine_decisions", f"{now:%Y%m%dT%H%M%S.%fZ}", decisions)
