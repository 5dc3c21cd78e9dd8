"""Writes the world down: `drop`, as a company's systems export it, and `truth` beside it.

What a system calls things, how it writes times and which of a person's numbers it knows stands in
`exports/<name>.sql`, one query a file. Exports by month read `rows_to_write`, the month's rows.
`truth` holds what no system knows; the warehouse never reads it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from orchestration.demo import phrases
from orchestration.demo.clock import ZONE
from orchestration.demo.columns import Ints
from orchestration.demo.tickets import GROUPS
from orchestration.demo.world import World

FORMATS = {
    ".csv": "format csv, header",
    ".jsonl": "format json",
    ".parquet": "format parquet, compression snappy",
}


@dataclass(frozen=True)
class Export:
    """A file, or a file a month, and the query of the same name that fills it."""

    name: str
    path: str
    rows: str | None = None


EXPORTS = (
    Export("shop_customers", "shop/customers.csv"),
    Export("shop_orders", "shop/orders_{month}.csv", rows="orders"),
    Export("shop_lines", "shop/lines_{month}.csv", rows="lines"),
    Export("helpdesk_tickets", "helpdesk/tickets.jsonl"),
    Export("helpdesk_events", "helpdesk/ticket_events_{month}.jsonl", rows="events"),
    Export("voice_distributions", "voice/distributions_{month}.csv", rows="invitations"),
    Export("voice_responses", "voice/responses_{month}.csv", rows="responses"),
    Export("web_events", "web/events_{month}.parquet", rows="web"),
)


TRUTHS = ("customers", "experiences")


def write_all(world: World, drop: Path, truth: Path) -> dict[str, int]:
    """Write the folders `drop` and `truth`; return the number of rows of each export."""
    tables = _tables(world)
    with duckdb.connect() as con:
        _prepare(con, world, tables)
        for name in TRUTHS:
            _copy(con, _query(f"truth_{name}"), truth / f"{name}.parquet")
        return {export.name: _write(con, export, world, tables, drop) for export in EXPORTS}


def _tables(world: World) -> dict[str, pa.Table]:
    """The world's tables as they are known at its end."""
    history, end = world.history, world.history.clock.end
    return {
        "customers": history.customers.to_arrow(end),
        "orders": history.orders.to_arrow(end),
        "lines": history.lines.to_arrow(end),
        "tickets": history.tickets.to_arrow(end),
        "events": world.events.to_arrow(end),
        "invitations": world.invitations.to_arrow(end),
        "responses": world.responses.to_arrow(end),
        "web": world.web.to_arrow(end),
        "experiences": history.experiences.to_arrow(end),
    }


def _prepare(con: duckdb.DuckDBPyConnection, world: World, tables: dict[str, pa.Table]) -> None:
    """Give the queries what they read."""
    con.execute(f"set timezone = '{ZONE}'")
    for name, table in {**tables, **_phrases()}.items():
        con.register(name, table)
    for name, value in _variables(world).items():
        con.execute(f"set variable {name} = ?", [value])
    con.execute(_query("setup"))


def _query(name: str) -> str:
    """The text of `exports/<name>.sql`."""
    return files("orchestration.demo").joinpath("exports", f"{name}.sql").read_text("utf-8")


def _phrases() -> dict[str, pa.Table]:
    """What products are called, and what comments say, by their numbers."""
    categories = [
        category
        for category, nouns in zip(phrases.CATEGORIES, phrases.PRODUCT_NOUNS, strict=True)
        for _ in nouns
    ]
    comments = [
        {"survey": survey, "place": place, "text": text}
        for survey, texts in phrases.COMMENTS.items()
        for place, text in enumerate(texts)
    ]
    numbers = range(len(phrases.PRODUCTS))
    products = {"product": list(numbers), "name": list(phrases.PRODUCTS), "category": categories}
    return {"products": pa.table(products), "comments": pa.Table.from_pylist(comments)}


def _variables(world: World) -> dict[str, str | list[str]]:
    return {
        "reasons": list(phrases.REASONS),
        "subjects": list(phrases.SUBJECTS),
        "questions": list(phrases.QUESTIONS),
        "replies": list(phrases.REPLIES),
        "follow_ups": list(phrases.FOLLOW_UPS),
        "auto_reply": phrases.AUTO_REPLY,
        "note": phrases.NOTE,
        "groups": list(GROUPS),
        "experiment": world.history.effects.experiment,
    }


def _write(
    con: duckdb.DuckDBPyConnection,
    export: Export,
    world: World,
    tables: dict[str, pa.Table],
    drop: Path,
) -> int:
    if export.rows is None:
        return _copy(con, _query(export.name), drop / export.path)
    written, text = 0, _query(export.name)
    for month, rows in _by_month(world, export.rows, tables[export.rows]):
        con.register("rows_to_write", rows)
        written += _copy(con, text, drop / export.path.format(month=month))
    return written


def _by_month(world: World, name: str, table: pa.Table) -> Iterator[tuple[str, pa.Table]]:
    """The rows of every local month that has some; tables are sorted by their time."""
    instants = _instants(world, name)
    for month, first, following in world.history.clock.months():
        start, stop = np.searchsorted(instants, (first, following))
        if stop > start:
            yield month, table.slice(start, stop - start)


def _instants(world: World, name: str) -> Ints:
    """The time by which a table's rows are told apart into months."""
    orders = world.history.orders
    return {
        "orders": orders.ordered_at,
        "lines": orders.ordered_at[world.history.lines.order],
        "events": world.events.occurred_at,
        "invitations": world.invitations.sent_at,
        "responses": world.responses.completed_at,
        "web": world.web.occurred_at,
    }[name]


def _copy(con: duckdb.DuckDBPyConnection, text: str, path: Path) -> int:
    """Write a query's rows to a file in the format that its ending tells; return their number."""
    path.parent.mkdir(parents=True, exist_ok=True)
    target = str(path).replace("'", "''")
    counted = con.execute(f"copy ({text}) to '{target}' ({FORMATS[path.suffix]})").fetchall()
    return counted[0][0]
