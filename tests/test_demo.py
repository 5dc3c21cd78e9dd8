"""The demo's promises: the same bytes each time, a truth that holds, files that land."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest

from orchestration.demo import FAULTS, SimulationSummary, is_demo, simulate
from orchestration.landing import door
from orchestration.landing.batches import Batch, ensure_schemas
from orchestration.landing.casting import Reading
from orchestration.landing.contract import ENTITIES
from orchestration.settings import Sources, read_sources
from orchestration.sources import SourceError
from orchestration.sources.files import extract

END = date(2026, 3, 31)  # two days after the clocks went forward
LAST_SECOND = "2026-03-31 21:59:59+00"
MAPPED = {
    "shop_customers": "customers",
    "shop_orders": "orders",
    "shop_lines": "order_lines",
    "helpdesk_tickets": "tickets",
    "helpdesk_events": "ticket_events",
    "voice_distributions": "survey_invitations",
    "web_events": "web_events",
}


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, SimulationSummary]:
    """A folder with a small company, and what was said of it."""
    folder = tmp_path_factory.mktemp("company")
    return folder, simulate(folder, customers=300, days=400, seed=3, end=END)


@pytest.fixture(scope="module")
def landed(company: tuple[Path, SimulationSummary]) -> Iterator[duckdb.DuckDBPyConnection]:
    """The company's entities after the door of landing, and its truth, as tables."""
    folder, _ = company
    with duckdb.connect() as con:
        con.execute("set timezone = 'UTC'")
        for entity, batch in take_in(folder).items():
            file = folder / "landing" / entity / f".{batch.batch_id}.incoming"
            con.execute(f"create table {entity} as from read_parquet('{file}')")
        for name in ("customers", "experiences"):
            con.execute(f"create table truth_{name} as from '{folder}/truth/{name}.parquet'")
        yield con


def take_in(folder: Path, only: str | None = None) -> dict[str, Batch]:
    """Read every entity as `sources.yml` says, through the door; the batches by entity."""
    config, landing = sources_of(folder), folder / "landing"
    ensure_schemas(landing)
    batches = {}
    for name, source in config.sources.items():
        for entity, reading in source.entities.items():
            if only not in (None, entity):
                continue
            with duckdb.connect() as con:
                extraction = extract(con, folder, source, entity, reading, [])
                assert extraction is not None
                how = Reading(reading.timestamp_timezone or config.timezone)
                incoming = door.receive(con, extraction, landing, entity, name, how, "salt")
                batches[entity] = incoming.batch
    return batches


def sources_of(folder: Path) -> Sources:
    return read_sources(folder / "sources.yml", {})


def one(con: duckdb.DuckDBPyConnection, query: str) -> object:
    """The single value of a query."""
    return con.execute(query).fetchall()[0][0]


def digests(folder: Path) -> dict[str, str]:
    return {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for part in ("sources.yml", "drop", "truth")
        for file in (
            [folder / part] if part.endswith(".yml") else sorted((folder / part).rglob("*"))
        )
        if file.is_file()
    }


def test_the_same_seed_makes_the_same_bytes_and_another_seed_another_company(
    tmp_path: Path,
) -> None:
    first, second, other = tmp_path / "first", tmp_path / "second", tmp_path / "other"
    simulate(first, customers=120, days=90, seed=1, end=END)
    simulate(second, customers=120, days=90, seed=1, end=END)
    simulate(other, customers=120, days=90, seed=2, end=END)
    assert digests(first) == digests(second)
    assert digests(first)["drop/shop/customers.csv"] != digests(other)["drop/shop/customers.csv"]


def test_a_smaller_demo_leaves_nothing_of_a_larger_one_behind(tmp_path: Path) -> None:
    simulate(tmp_path, customers=100, days=180, end=END)
    simulate(tmp_path, customers=100, days=60, end=END)
    orders = sorted(file.name for file in (tmp_path / "drop" / "shop").glob("orders_*.csv"))
    assert orders == ["orders_2026-01.csv", "orders_2026-02.csv", "orders_2026-03.csv"]


def test_the_demo_never_replaces_what_it_did_not_make(tmp_path: Path) -> None:
    own = tmp_path / "sources.yml"
    own.write_text("timezone: Europe/Berlin\n", encoding="utf-8")
    with pytest.raises(FileExistsError, match="not made by cx demo"):
        simulate(tmp_path, customers=100, days=60)
    assert own.read_text(encoding="utf-8") == "timezone: Europe/Berlin\n"
    own.unlink()
    (tmp_path / "drop").mkdir()
    (tmp_path / "drop" / "export.csv").write_text("a\n1\n", encoding="utf-8")
    with pytest.raises(FileExistsError, match="drop was not made by cx demo"):
        simulate(tmp_path, customers=100, days=60)
    assert (tmp_path / "drop" / "export.csv").exists()


def test_a_demo_too_small_to_fill_its_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="50 customers and 60 days"):
        simulate(tmp_path, customers=49, days=60)
    assert not (tmp_path / "drop").exists()


def test_the_smallest_demo_fills_every_file(tmp_path: Path) -> None:
    for seed in range(3):
        made = simulate(tmp_path, customers=50, days=60, seed=seed)
        assert min(made.row_counts.values()) > 0
        assert len(take_in(tmp_path)) == 8


def test_files_have_the_shapes_of_the_systems_they_come_from(
    company: tuple[Path, SimulationSummary],
) -> None:
    drop = company[0] / "drop"
    orders = (drop / "shop/orders_2026-03.csv").read_text(encoding="utf-8").splitlines()
    assert orders[0].startswith("Id,Name,Customer Id,Email,Created at,Paid at,Fulfilled at,")
    assert "+01:00" in orders[1]  # before the clocks went forward
    assert "+02:00" in orders[-1]
    responses = (drop / "voice/responses_2026-03.csv").read_text(encoding="utf-8").splitlines()
    assert responses[0].endswith("Q1_NPS,Q2_CSAT,Q3_CES,Q4_COMMENT")
    ticket = f"'{drop}/helpdesk/tickets.jsonl'"
    assert one(duckdb.connect(), f"select via.channel is not null from {ticket} limit 1")
    kinds = duckdb.sql(f"describe from '{drop}/web/events_2026-03.parquet'").fetchall()
    assert ("ts", "TIMESTAMP WITH TIME ZONE") in [(name, kind) for name, kind, *_ in kinds]


def test_every_row_of_every_export_passes_the_door(
    company: tuple[Path, SimulationSummary],
) -> None:
    folder, made = company
    batches = take_in(folder)
    for entity, batch in batches.items():
        assert (batch.quarantined, batch.duplicates) == (0, 0), entity
        assert batch.landed == batch.rows_in > 0, entity
    for export, entity in MAPPED.items():
        assert batches[entity].landed == made.row_counts[export], entity


def test_every_column_that_the_systems_know_is_mapped(
    landed: duckdb.DuckDBPyConnection,
) -> None:
    for entity, contract in ENTITIES.items():
        known = landed.execute(
            "select count(*) from duckdb_tables() where table_name = ?", [entity]
        ).fetchall()[0][0]
        if not known:
            continue
        counts = ", ".join(f"count({column})" for column in contract.columns)
        filled = landed.execute(f"select {counts} from {entity}").fetchall()[0]
        empty = [name for name, count in zip(contract.columns, filled, strict=True) if not count]
        assert not empty, entity


def test_keys_are_unique(landed: duckdb.DuckDBPyConnection) -> None:
    for batch_entity in ("customers", *MAPPED.values(), "survey_responses"):
        key = ", ".join(ENTITIES[batch_entity].key)
        twice = f"select count(*) - count(distinct ({key})) from {batch_entity}"
        assert one(landed, twice) == 0, batch_entity


def test_no_instant_lies_after_the_end_or_before_the_start(
    landed: duckdb.DuckDBPyConnection,
) -> None:
    columns = landed.execute(
        "select table_name, column_name from duckdb_columns() "
        "where data_type = 'TIMESTAMP WITH TIME ZONE' and column_name <> '_extracted_at'"
    ).fetchall()
    assert len(columns) > 15
    for table, column in columns:
        late = f"select count(*) from {table} where {column} > timestamptz '{LAST_SECOND}'"
        assert one(landed, late) == 0, (table, column)
        early = (
            f"select count(*) from {table} where {column} < timestamptz '2025-02-24 23:00:00+00'"
        )
        assert one(landed, early) == 0, (table, column)


def test_nobody_orders_writes_or_browses_after_they_left(
    landed: duckdb.DuckDBPyConnection,
) -> None:
    assert 0 < one(landed, "select count(churned_at) from truth_customers") < 300
    for table, column in (("orders", "ordered_at"), ("tickets", "created_at")):
        joined = (
            f"select count(*), count(*) filter ({column} > churned_at) from {table} "
            f"inner join truth_customers on lower({table}.email) = truth_customers.email"
        )
        rows, after = landed.execute(joined).fetchall()[0]
        assert rows > 50
        assert after == 0
    browsing = (
        "select count(*) filter (occurred_at > churned_at) from web_events "
        "inner join truth_customers on source_customer_id = shop_customer_id"
    )
    assert one(landed, browsing) == 0


def test_the_truth_agrees_with_what_the_systems_heard(landed: duckdb.DuckDBPyConnection) -> None:
    orders = (
        "select count(*) from truth_customers left join "
        "(select lower(email) as email, count(*) as heard from orders group by all) using (email) "
        "where order_count is distinct from heard"
    )
    assert one(landed, orders) == 0
    late = (
        "select (select count(*) from orders where delivered_at > promised_at), "
        "(select count(*) from truth_experiences where kind = 'late_delivery'), "
        "(select sum(late_delivery_count) from truth_customers)"
    )
    assert len(set(landed.execute(late).fetchall()[0])) == 1
    reopened = (
        "select (select count(*) from ticket_events where kind = 'status' "
        "and from_value = 'solved' and to_value = 'open'), "
        "(select count(*) from truth_experiences where kind = 'reopened_ticket')"
    )
    assert len(set(landed.execute(reopened).fetchall()[0])) == 1


def test_orders_cost_what_their_lines_cost(landed: duckdb.DuckDBPyConnection) -> None:
    wrong = (
        "with lines as (select order_id, sum(quantity * unit_price_amount) as gross, "
        "sum(discount_amount) as discount from order_lines group by order_id) "
        "select count(*) from orders left join lines using (order_id) "
        "where gross is distinct from gross_amount or discount is distinct from discount_amount "
        "or refund_amount > gross_amount - discount_amount"
    )
    assert one(landed, wrong) == 0


def test_a_ticket_is_in_the_state_that_its_events_led_to(
    landed: duckdb.DuckDBPyConnection,
) -> None:
    broken = (
        "with moves as (select *, lag(to_value) over (partition by ticket_id "
        "order by occurred_at, _row_number) as before from ticket_events where kind = 'status') "
        "select count(*) from moves where before is distinct from from_value"
    )
    assert one(landed, broken) == 0
    stale = (
        "select count(*) from tickets inner join (select ticket_id, max_by(to_value, _row_number) "
        "as last from ticket_events where kind = 'status' group by all) using (ticket_id) "
        "where last <> status"
    )
    assert one(landed, stale) == 0


def test_people_can_only_be_joined_by_their_e_mail(landed: duckdb.DuckDBPyConnection) -> None:
    assert one(landed, "select count(*) from orders where source_customer_id is null") > 0
    assert one(landed, "select count(*) from orders where email <> lower(email)") > 0
    hashes = "select count(distinct _email_hash) = count(distinct lower(email)) from orders"
    assert one(landed, hashes)
    shared = "select count(*) from tickets semi join customers using (source_customer_id)"
    assert one(landed, shared) == 0


def test_late_parcels_cost_satisfaction_and_customers(tmp_path: Path) -> None:
    """On 3,000 customers the planted effects are far beyond chance."""
    simulate(tmp_path, customers=3000, days=500)
    drop, truth = tmp_path / "drop", tmp_path / "truth"
    query = f"""
        select
            "Delivered at" > "Promised at" as is_late,
            avg(answers."Q2_CSAT"),
            avg(cast(coalesce(churned_at < "Delivered at" + interval 14 day, false) as double))
        from '{drop}/shop/orders_*.csv' as orders
        inner join '{truth}/customers.parquet' as people on lower(orders."Email") = people.email
        left join '{drop}/voice/responses_*.csv' as answers
            on orders."Id" = answers.order_number and answers."SurveyId" = 'SV_DELIVERY'
        where "Delivered at" < '2026-06-01'
        group by is_late
        order by is_late
    """
    (_, score, lost), (_, late_score, late_lost) = duckdb.sql(query).fetchall()
    assert late_score < score - 0.5
    assert late_lost > lost * 1.5


def test_a_renamed_column_is_refused_and_its_file_goes_away_again(tmp_path: Path) -> None:
    simulate(tmp_path, customers=100, days=60)
    before, fault = digests(tmp_path), FAULTS["renamed_column"]
    earlier = [take_in(tmp_path, only="orders")["orders"]]
    planted = fault.plant(tmp_path)
    source = sources_of(tmp_path).sources["shop"]
    with duckdb.connect() as con, pytest.raises(SourceError, match="lacks Created at"):
        extract(con, tmp_path, source, "orders", source.entities["orders"], earlier)
    fault.remove(tmp_path)
    assert not planted.exists()
    assert digests(tmp_path) == before


def test_impossible_scores_exceed_the_quarantine_limit_and_go_away_again(tmp_path: Path) -> None:
    simulate(tmp_path, customers=300, days=200)
    before, fault = digests(tmp_path), FAULTS["impossible_scores"]
    planted = fault.plant(tmp_path)
    elevens = f"select avg(cast(Q1_NPS = 11 as double)) from '{planted}'"
    assert one(duckdb.connect(), elevens) > 0.3
    batch = take_in(tmp_path, only="survey_responses")["survey_responses"]
    limits = sources_of(tmp_path).sources["voice"].entities["survey_responses"].limits
    assert batch.quarantined / batch.rows_in > limits.max_quarantined_rate
    fault.remove(tmp_path)
    assert digests(tmp_path) == before
    fault.remove(tmp_path)  # taking away what is not there is no error


def test_a_fault_needs_a_demo_to_be_planted_in(tmp_path: Path) -> None:
    for fault in FAULTS.values():
        with pytest.raises(FileNotFoundError, match="run cx demo first"):
            fault.plant(tmp_path)


def test_the_demo_knows_its_own_sources(tmp_path: Path) -> None:
    assert not is_demo(tmp_path / "sources.yml")
    simulate(tmp_path, customers=50, days=60)
    assert is_demo(tmp_path / "sources.yml")


@pytest.mark.slow
def test_100_000_customers_over_two_years_take_less_than_a_minute(tmp_path: Path) -> None:
    made = simulate(tmp_path, customers=100_000, days=730)
    assert made.row_counts["shop_orders"] > 300_000
    assert made.seconds < 60
