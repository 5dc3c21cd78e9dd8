"""How rows are judged, in SQL over the whole batch: typed, contradictory, known or refused."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import duckdb

from orchestration.landing.batches import Batch, identifier, literal
from orchestration.landing.casting import Reading, cast_of, raw_text, reasons_of
from orchestration.landing.contract import Entity
from orchestration.landing.records import RECORDS
from orchestration.sources import Extraction


def type_rows(
    con: duckdb.DuckDBPyConnection,
    relation: str,
    contract: Entity,
    reading: Reading,
    instant: datetime,
) -> None:
    """Make the table `typed`: contract columns in their types, the row's hash, its reasons."""
    given = {name: kind for name, kind, *_ in con.execute(f"describe {relation}").fetchall()}
    casts = ", ".join(
        f"{cast_of(name, column, given.get(name), reading)} as {identifier(name)}"
        for name, column in contract.columns.items()
    )
    raws = ", ".join(
        f"{raw_text(name, given.get(name))} as {identifier('raw_' + name)}"
        for name in contract.columns
    )
    con.execute(
        f"create table read as select {casts}, {raws}, extra, _origin, _origin_row, "
        f"row_number() over () as _row_number from {relation}"
    )
    reasons = ", ".join(reasons_of(contract, given, reading, instant))
    parts = ", ".join(
        f"coalesce(cast({identifier(name)} as varchar), chr(30))"
        for name in (*contract.columns, "extra")
    )
    version = contract.version or "cast(null as timestamptz)"
    con.execute(
        f"create table typed as select *, md5(concat_ws(chr(31), {parts})) as _row_hash, "
        f"{version} as _version, concat_ws('; ', {reasons}) as reasons "
        f"from read"
    )
    con.execute("drop table read")


def mark_conflicts(con: duckdb.DuckDBPyConnection, contract: Entity) -> None:
    """Rows of one file that contradict each other, none of them newer: none is trusted."""
    key = ", ".join(contract.key)
    reason = (
        f"{key} stands more than once in the same file with different values"
        + (f" and no later {contract.version}" if contract.version else "")
        + ": which one is right?"
    )
    con.execute(
        f"""
        update typed set reasons = {literal(reason)}
        where reasons = '' and ({key}, _origin) in (
            select {key}, _origin from typed where reasons = ''
            group by {key}, _origin, _version having count(distinct _row_hash) > 1
        )
        """
    )


def mark_duplicates(
    con: duckdb.DuckDBPyConnection, contract: Entity, landing: Path, source: str
) -> None:
    """Make the table `passed`: the rows that may land, each with whether landing knows it already.

    With a version column a row is known if its hash has landed at all. Without one the order of
    arrival is the only witness, and a value may come back: then a row is known if it repeats the
    newest state of its key, or what its own file said of it when that was last read.
    """
    key = ", ".join(contract.key)
    files = literal(landing / contract.name / "*.parquet")
    version = (
        f"coalesce({contract.version}, _extracted_at)" if contract.version else "_extracted_at"
    )
    arrival = f"struct_pack(version := {version}, batch := _batch_id, number := _row_number)"
    con.execute(
        f"create table landed as select {key}, _row_hash, _origin, {arrival} as arrival "
        f"from read_parquet({files}) semi join typed using ({key}) where _source = ?",
        [source],
    )
    con.execute(
        f"""
        create table passed as
        with ranked as (
            select
                *,
                lag(_row_hash) over by_key as previous_hash,
                row_number() over (partition by {key}, _row_hash order by _row_number) as occurrence
            from typed where reasons = ''
            window by_key as (partition by {key} order by _row_number)
        ),
        newest as (
            select {key}, max_by(_row_hash, arrival) as newest_hash from landed group by {key}
        ),
        newest_of_origin as (
            select {key}, _origin, max_by(_row_hash, arrival) as origin_hash
            from landed group by {key}, _origin
        ),
        ever as (select distinct {key}, _row_hash, true as has_landed from landed)
        select
            ranked.* exclude (previous_hash, occurrence),
            case
                when _version is not null then occurrence > 1 or coalesce(has_landed, false)
                when _row_hash = origin_hash then true
                else coalesce(_row_hash = coalesce(previous_hash, newest_hash), false)
            end as is_duplicate
        from ranked
        left join newest using ({key})
        left join newest_of_origin using ({key}, _origin)
        left join ever using ({key}, _row_hash)
        """
    )


def refuse(
    con: duckdb.DuckDBPyConnection, extraction: Extraction, contract: Entity, batch: Batch
) -> None:
    """Make the table `refused`: every refused row as it came, and once more without persons in it.

    The same row refused again, because its file was read again, has the same `quarantine_id`.
    """
    names = list(contract.columns)
    public = [name for name, column in contract.columns.items() if not column.is_personal]
    facts = (
        f"{literal(batch.entity)}, {literal(batch.source)}, {literal(batch.batch_id)}, "
        f"timestamptz {literal(batch.extracted_at)}"
    )
    columns = ", ".join(RECORDS["quarantined_rows"])
    con.execute(
        f"""
        create table refused as
        with both_kinds as (
            select
                _origin as origin, _origin_row as origin_row, 1 as kind_order,
                {_row_json(names, with_extra=True)} as whole,
                {_row_json(public, with_extra=False)} as masked,
                reasons
            from typed where reasons <> ''
            union all
            select
                origin, origin_row, 2, cast(json_object('line', line) as varchar),
                cast(json_object('line', '***') as varchar),
                'the line is no row: ' || reason
            from {extraction.rejects}
        ),
        numbered as (
            select
                left(md5(concat_ws(chr(31), {literal(batch.entity)}, {literal(batch.source)},
                    origin, whole, row_number() over (
                        partition by origin, whole order by origin_row, kind_order
                    ))), 16) as quarantine_id,
                {facts}, origin, origin_row, whole,
                regexp_replace(masked, '[^"\\s]+@[^"\\s]+', '***', 'g'), reasons
            from both_kinds
        )
        select * from numbered as refused_rows({columns})
        """
    )


def _row_json(names: list[str], with_extra: bool) -> str:
    pairs = [f"{literal(name)}, {identifier('raw_' + name)}" for name in names]
    if with_extra:
        pairs.append("'extra', json(extra)")
    return f"cast(json_object({', '.join(pairs)}) as varchar)"
