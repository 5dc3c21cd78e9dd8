"""Incremental runs: in whatever portions and order the exports arrive, the marts end up the same.

A small demo's files are cut into pieces row by row. Beside them stand newer and older versions of
rows that the pieces hold. The pieces arrive in portions, in an order drawn by a seed, and each
portion is built before the next one comes; one of the builds dies half-way.
"""

from __future__ import annotations

import csv
import io
import json
import random
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import duckdb
import pyarrow.parquet as pq
import pytest

from orchestration import dbt
from orchestration.audit import marts_file
from orchestration.demo import simulate
from orchestration.extract import take_in
from orchestration.landing.batches import ensure_schemas
from orchestration.landing.contract import ENTITIES
from orchestration.runs import Run
from orchestration.settings import Home, load
from orchestration.transform import WORK_FILE, build
from tests.warehouse import new_home

pytestmark = pytest.mark.slow

SEEDS = (1, 2, 3)
PORTIONS = 4
AFTERWARDS = datetime(2026, 8, 1, tzinfo=UTC)
Row = dict[str, str]
Thing = TypeVar("Thing")


# --- The company's files, and how they are cut ---------------------------------------------------


@dataclass(frozen=True)
class Piece:
    """A file that arrives: its path below the home, and what is in it."""

    path: str
    content: bytes

    def drop(self, home: Home) -> None:
        file = home.root / self.path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(self.content)


@dataclass(frozen=True)
class Company:
    """Whole exports, later and earlier versions of some rows, and corrections without a version."""

    sources: str
    files: tuple[Path, ...]
    folder: Path
    versions: tuple[Piece, ...]
    corrections: tuple[Piece, ...]


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Company:
    folder = tmp_path_factory.mktemp("company")
    simulate(folder, customers=150, days=120, seed=11)
    sources = (folder / "sources.yml").read_text(encoding="utf-8")
    for name in ("customers.csv", "tickets.jsonl"):
        stem, suffix = name.split(".")
        assert name in sources
        sources = sources.replace(name, f"{stem}*.{suffix}")
    files = tuple(sorted(file for file in (folder / "drop").rglob("*") if file.is_file()))
    versions = (older_orders(folder), newer_orders(folder), new_addresses(folder), moved(folder))
    return Company(sources, files, folder, versions, (corrected_events(folder),))


def csv_rows(file: Path) -> list[Row]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def csv_bytes(rows: list[Row]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def shifted(instant: str, **by: int) -> str:
    return (datetime.fromisoformat(instant) + timedelta(**by)).isoformat()


def older_orders(folder: Path) -> Piece:
    """Orders as the shop knew them an hour after they were placed: not paid, not sent."""
    rows = [
        {
            **row,
            "Updated at": shifted(row["Created at"], minutes=-1),
            "Financial Status": "pending",
            "Fulfillment Status": "unfulfilled",
            **dict.fromkeys(("Paid at", "Fulfilled at", "Delivered at", "Refunded at"), ""),
            "Subtotal": "1.00",
            "Refunded Amount": "",
        }
        for row in csv_rows(folder / "drop/shop/orders_2026-05.csv")[:20]
    ]
    return Piece("drop/shop/orders_older.csv", csv_bytes(rows))


def newer_orders(folder: Path) -> Piece:
    """Orders that were refunded, moved to another day, or cancelled after all."""
    rows = csv_rows(folder / "drop/shop/orders_2026-04.csv")[:30]
    for number, row in enumerate(rows):
        row["Updated at"] = shifted(row["Updated at"], days=3)
        if number % 3 == 0:
            row["Refunded Amount"], row["Refunded at"] = row["Subtotal"], row["Updated at"]
        elif number % 3 == 1:
            row["Created at"] = shifted(row["Created at"], days=-40)
        else:
            row["Cancelled at"] = row["Updated at"]
    return Piece("drop/shop/orders_newer.csv", csv_bytes(rows))


def new_addresses(folder: Path) -> Piece:
    """Customers who turn out to be each other: the second of two now has the first one's e-mail."""
    rows = csv_rows(folder / "drop/shop/customers.csv")
    joined = []
    for first, second in zip(rows[0:40:2], rows[1:40:2], strict=True):
        updated = shifted(second["Updated at"], days=1)
        joined.append({**second, "Email": first["Email"], "Updated at": updated})
    return Piece("drop/shop/customers_joined.csv", csv_bytes(joined))


def moved(folder: Path) -> Piece:
    """Tickets with another priority, another group and an earlier creation."""
    lines = (folder / "drop/helpdesk/tickets.jsonl").read_text(encoding="utf-8").splitlines()
    tickets = [json.loads(line) for line in lines[::2]]
    for ticket in tickets:
        ticket["priority"] = "low" if ticket["priority"] == "high" else "high"
        ticket["group"] = {"id": 509, "name": "Second line"}
        ticket["created_at"] = shifted(ticket["created_at"], hours=-5)
        ticket["updated_at"] = shifted(ticket["updated_at"], days=1)
    return Piece("drop/helpdesk/tickets_moved.jsonl", json_lines(tickets))


def corrected_events(folder: Path) -> Piece:
    """Events told anew: some changes of state never were one, some happened later."""
    files = sorted((folder / "drop/helpdesk").glob("ticket_events_*.jsonl"))
    lines = [line for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    events = [json.loads(line) for line in lines]
    changes = [event for event in events if event["field_name"] == "status"][3::4]
    for number, event in enumerate(changes):
        if number % 2:
            event["created_at"] = shifted(event["created_at"], hours=7, microseconds=100_001)
        else:
            event["field_name"], event["value"] = "priority", "normal"
    return Piece("drop/helpdesk/ticket_events_corrected.jsonl", json_lines(changes))


def json_lines(rows: list[dict[str, object]]) -> bytes:
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def cut(file: Path, folder: Path, rng: random.Random) -> Iterator[Piece]:
    """A file's rows in one to four files, dealt at random."""
    count = rng.randint(1, 4) if "20" in file.stem else 4
    if file.suffix == ".csv":
        rows = csv_rows(file)
        parts = [csv_bytes(part) for part in dealt(rows, count, rng)]
    elif file.suffix == ".jsonl":
        lines = file.read_bytes().splitlines(keepends=True)
        parts = [b"".join(part) for part in dealt(lines, count, rng)]
    else:
        table = pq.read_table(file)
        parts = []
        for numbers in dealt(list(range(table.num_rows)), count, rng):
            sink = io.BytesIO()
            pq.write_table(table.take(numbers), sink)
            parts.append(sink.getvalue())
    for number, content in enumerate(parts):
        path = file.with_stem(f"{file.stem}_{number}").relative_to(folder)
        yield Piece(str(path), content)


def dealt(things: list[Thing], count: int, rng: random.Random) -> list[list[Thing]]:
    """Things on `count` heaps, none of them empty, each in the order in which they were."""
    heaps: list[list[Thing]] = [[] for _ in range(count)]
    for number, thing in enumerate(things):
        heaps[number if number < count else rng.randrange(count)].append(thing)
    return [heap for heap in heaps if heap]


def portions(company: Company, seed: int) -> list[list[Piece]]:
    """All pieces and versions in portions; every table has a piece in every portion."""
    rng = random.Random(seed)
    tables: dict[str, list[Piece]] = {}
    for file in company.files:
        table = file.stem.rsplit("_2", 1)[0]
        tables.setdefault(table, []).extend(cut(file, company.folder, rng))
    arrivals: list[list[Piece]] = [[] for _ in range(PORTIONS)]
    for pieces in tables.values():
        rng.shuffle(pieces)
        for number, piece in enumerate(pieces):
            place = number if number < PORTIONS else rng.randrange(PORTIONS)
            arrivals[place].append(piece)
    for piece in company.versions:
        rng.choice(arrivals).append(piece)
    return [*arrivals, list(company.corrections)]


def number_of_customers(company: Company) -> int:
    """How many customers the shop knows."""
    return len(csv_rows(company.folder / "drop/shop/customers.csv"))


# --- Runs without gates and releases -------------------------------------------------------------


def open_run(home: Home, as_of: datetime | None = None, full_refresh: bool = False) -> Run:
    return Run(
        run_id="test",
        settings=load(home),
        as_of=as_of,
        full_refresh=full_refresh,
        trigger="test",
        started_at=datetime.now(UTC),
    )


def receive(home: Home, pieces: list[Piece]) -> None:
    """Drop pieces, and land them; nothing may be refused."""
    for piece in pieces:
        piece.drop(home)
    ensure_schemas(home.landing)
    for entity in ENTITIES.values():
        verdicts, _ = take_in(open_run(home), entity)
        assert not [v for v in verdicts if not v.passed and v.severity == "critical"]


def rebuild(home: Home, as_of: datetime | None = None, full_refresh: bool = False) -> None:
    """Build the candidate; every test of the dbt project has to pass."""
    manifest = dbt.read_manifest(dbt.manifest_file(home))
    assert list(build(open_run(home, as_of, full_refresh), manifest))


def die_half_way(home: Home) -> None:
    """Leave the candidate as a run does that is killed among the incremental models."""
    built = ["run", "--select", "staging", "int_ticket_status_periods"]
    assert dbt.invoke(home, built, {}).success


@dataclass(frozen=True)
class Arrived:
    """A home that built each of its portions but one, and a copy of what that gave."""

    home: Home
    candidate: Path


@pytest.fixture(scope="module", params=SEEDS)
def arrived(
    request: pytest.FixtureRequest, company: Company, tmp_path_factory: pytest.TempPathFactory
) -> Arrived:
    folder = tmp_path_factory.mktemp("arrived")
    home = new_home(folder / "home", company.sources)
    for number, pieces in enumerate(portions(company, request.param)):
        receive(home, pieces)
        if number == 2:
            die_half_way(home)
        else:
            rebuild(home)
    shutil.copytree(home.candidate, folder / "candidate")
    return Arrived(home, folder / "candidate")


@pytest.fixture(scope="module")
def at_once(company: Company, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home that got the whole files and all versions at once, and was built once."""
    home = new_home(tmp_path_factory.mktemp("at_once") / "home", company.sources)
    whole = [Piece(str(f.relative_to(company.folder)), f.read_bytes()) for f in company.files]
    receive(home, [*whole, *company.versions])
    receive(home, list(company.corrections))
    rebuild(home, as_of=AFTERWARDS)
    return home


# --- What must be equal --------------------------------------------------------------------------


def compare(one: Path, other: Path) -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    con.execute("set timezone = 'UTC'")
    for name, file in (("one", one), ("other", other)):
        con.execute(f"attach '{file}' as {name} (read_only)")
    return con


def tables_of(con: duckdb.DuckDBPyConnection) -> list[str]:
    """The tables of a file, outside the history of runs, which no file has twice."""
    found = con.execute(
        "select schema_name || '.' || table_name from duckdb_tables() "
        "where database_name = 'one' order by all"
    ).fetchall()
    history = {"quality.runs", "quality.check_results", "quality.releases", "quality.restatements"}
    return [name for (name,) in found if name not in history]


def differences(con: duckdb.DuckDBPyConnection, one: str, other: str) -> list[object]:
    """Some rows that one query gives and the other does not, either way."""
    return con.execute(
        f"(select 'one', * from ({one} except all {other}) limit 3) union all "
        f"(select 'other', * from ({other} except all {one}) limit 3)"
    ).fetchall()


def test_portions_give_exactly_what_a_full_rebuild_gives(arrived):
    rebuild(arrived.home, full_refresh=True)
    for name in (WORK_FILE, marts_file(arrived.candidate).name):
        with compare(arrived.candidate / name, arrived.home.candidate / name) as con:
            tables = tables_of(con)
            assert len(tables) >= 10
            for table in tables:
                rows = f"select * from {{}}.{table}"
                assert not differences(con, rows.format("one"), rows.format("other")), table


def renamed(con: duckdb.DuckDBPyConnection, file: str, table: str) -> str:
    """A table in which customers are named after the first of their identities in the alphabet.

    The id of a customer is made from the identity that landed first, so that it stays when more of
    them land; which one that is, and by which rule the others joined it, is a matter of arrival.
    """
    columns = [name for name, *_ in con.execute(f"describe {file}.{table}").fetchall()]
    if "customer_id" not in columns:
        return f"select * from {file}.{table}"
    replaced = ["names.name as customer_id"]
    if "journey_id" in columns:
        replaced.append("names.name || ':' || split_part(journey_id, ':', 2) as journey_id")
    dropped = "exclude (rule)" if "rule" in columns else ""
    return f"""
        select rows.* {dropped} replace ({", ".join(replaced)})
        from {file}.{table} as rows
        left join (
            select customer_id, min(identity_key) as name
            from {file}.core.customer_identities group by customer_id
        ) as names using (customer_id)
    """


def views_of(table: str) -> list[str]:
    """What of a table does not depend on arrival, as queries on it.

    Of two things that a customer did in the same second, the one that landed first comes first. So
    the places of such touchpoints may be swapped, but the places are the same.
    """
    if table != "journey.touchpoints":
        return ["from {}"]
    places = "customer_sequence, seconds_since_previous"
    return [
        f"select * exclude ({places}) from {{}}",
        f"select customer_id, occurred_at, {places} from {{}}",
    ]


def test_portions_give_what_one_load_of_everything_gives(arrived, at_once):
    rebuild(arrived.home, as_of=AFTERWARDS)
    with compare(marts_file(arrived.home.candidate), marts_file(at_once.candidate)) as con:
        for table in tables_of(con):
            one, other = (renamed(con, file, table) for file in ("one", "other"))
            for view in views_of(table):
                found = differences(con, view.format(f"({one})"), view.format(f"({other})"))
                assert not found, table


def test_late_versions_count_as_what_they_are_in_any_order_of_arrival(arrived, company):
    with duckdb.connect(str(marts_file(arrived.candidate)), read_only=True) as con:
        con.execute("set timezone = 'UTC'")
        (of_old,) = con.execute(
            "select count(*) from core.orders where gross_amount = 1 or status = 'placed'"
        ).fetchall()[0]
        assert of_old == 0  # an order that the shop knew less about before stays as it is now
        shared = con.execute(
            """
            select count(*), count(distinct customer_id) from core.customer_identities
            where source = 'shop' and source_customer_id is not null
            """
        ).fetchall()[0]
        assert shared == (number_of_customers(company), number_of_customers(company) - 20)
        corrected = con.execute(
            "select count(*) from core.tickets where group_name = 'Second line'"
        ).fetchall()[0][0]
        assert corrected == len(company.versions[3].content.splitlines()) > 0
