"""The second chance of refused rows: corrected, replayed as they are, or discarded."""

from __future__ import annotations

import json

import pytest

from orchestration.landing import quarantine, records
from orchestration.landing import replay as replaying
from orchestration.landing.batches import list_batches
from orchestration.settings import load

CONFIG = """
timezone: Europe/Berlin
sources:
  shop:
    kind: files
    directory: drop
    tables:
      lines: {path: "lines*.csv"}
      orders: {path: "orders*.csv"}
    entities:
      orders:
        table: orders
        columns: {order_id: id, ordered_at: at, email: mail, updated_at: changed}
        limits: {max_quarantined_rate: 1}
      order_lines:
        table: lines
        columns: {order_id: id, line_number: n, quantity: quantity}
        limits: {max_quarantined_rate: 1}
"""


@pytest.fixture
def shop(deployment):
    deployment.configure(CONFIG)
    deployment.drop("orders.csv", "id,at,mail,changed\n1,never,a@b.c,2024-01-02\n2,2024-01-01,,\n")
    deployment.extract("orders")
    return deployment


def find(shop, **wishes):
    return quarantine.find(shop.home.landing, **wishes)


def replay(shop, rows, corrections=None):
    return replaying.replay(load(shop.home), rows, corrections or {})


def test_a_refused_row_is_shown_as_it_came_with_its_reasons(shop):
    (row,) = find(shop)
    assert (row.entity, row.source, row.origin, row.origin_row) == (
        "orders",
        "shop",
        "orders.csv",
        1,
    )
    assert row.row["ordered_at"] == "never"
    assert row.row["email"] == "a@b.c"
    assert row.reasons == "ordered_at cannot be read as a time"


def test_what_goes_to_the_marts_holds_no_personal_value(shop):
    (row,) = records.read(shop.home.landing, "quarantined_rows")
    assert "a@b.c" in row["row_as_it_came"]
    assert json.loads(row["row_without_personal_values"])["ordered_at"] == "never"
    assert "a@b.c" not in row["row_without_personal_values"]


def test_a_corrected_row_lands_and_is_no_longer_open(shop):
    (row,) = find(shop)
    done = replay(shop, [row], {row.quarantine_id: {"ordered_at": "2024-01-01 10:00"}})
    assert (done.landed, done.duplicates, done.refused) == (1, 0, {})
    assert [order for (order,) in shop.landed("orders", "order_id")] == ["2", "1"]
    assert find(shop) == []
    (replayed,) = find(shop, status="replayed")
    assert replayed.quarantine_id == row.quarantine_id
    batch = list_batches(shop.home.landing, "orders")[-1]
    assert batch.rows_in == batch.landed + batch.quarantined + batch.duplicates == 1


def test_a_row_that_is_still_wrong_stays_open_with_the_new_reasons(shop):
    (row,) = find(shop)
    done = replay(shop, [row], {row.quarantine_id: {"ordered_at": "soon"}})
    assert done.refused == {row.quarantine_id: "ordered_at cannot be read as a time"}
    assert [r.quarantine_id for r in find(shop)] == [row.quarantine_id]
    assert len(list_batches(shop.home.landing, "orders")) == 1


def test_replaying_twice_lands_once(shop):
    (row,) = find(shop)
    right = {row.quarantine_id: {"ordered_at": "2024-01-01 10:00"}}
    replay(shop, [row], right)
    done = replay(shop, [row], right)
    assert (done.landed, done.duplicates) == (0, 1)
    assert len(shop.landed("orders")) == 2


def test_rows_pass_under_corrected_rules_as_they_are(shop):
    shop.drop("orders2.csv", "id,at,mail,changed\n5,1/2/2024 10:00,,\n")
    shop.extract("orders")
    shop.configure(
        CONFIG.replace(
            "table: orders\n", 'table: orders\n        timestamp_format: "%d/%m/%Y %H:%M"\n'
        )
    )
    row = next(row for row in find(shop) if row.row["order_id"] == "5")
    assert replay(shop, [row]).landed == 1


def test_a_row_older_than_what_has_landed_since_is_left_alone(shop):
    shop.drop("lines1.csv", "id,n,quantity\n1,1,many\n")
    shop.extract("order_lines")
    shop.drop("lines2.csv", "id,n,quantity\n1,1,3\n")
    shop.extract("order_lines")
    (row,) = find(shop, entity="order_lines")
    done = replay(shop, [row], {row.quarantine_id: {"quantity": "2"}})
    assert done.outdated == (row.quarantine_id,)
    assert [float(quantity) for (quantity,) in shop.landed("order_lines", "quantity")] == [3.0]


def test_a_discarded_row_is_not_open_and_still_readable(shop):
    quarantine.discard(shop.home.landing, find(shop))
    assert find(shop) == []
    (row,) = find(shop, status="discarded")
    assert row.row["order_id"] == "1"


def test_an_unknown_id_is_named(shop):
    with pytest.raises(quarantine.QuarantineError, match="nonsense: no such row"):
        find(shop, ids=["nonsense"])


def test_a_ragged_line_can_be_replayed_as_the_row_it_should_have_been(shop):
    shop.drop("orders2.csv", "id,at,mail,changed\n3,2024-01-01\n")
    shop.extract("orders")
    row = next(r for r in find(shop) if "line" in r.row)
    assert json.dumps(dict(row.row)) == '{"line": "3,2024-01-01"}'
    done = replay(shop, [row], {row.quarantine_id: {"order_id": "3", "ordered_at": "2024-01-01"}})
    assert done.landed == 1


def test_a_replayed_batch_passes_the_gate_or_does_not_land(shop):
    (row,) = find(shop)
    foreign = {row.quarantine_id: {"ordered_at": "2024-01-01", "currency": "USD"}}
    with pytest.raises(quarantine.QuarantineError, match=r"orders not replayed: .*currency"):
        replay(shop, [row], foreign)
    assert len(shop.landed("orders")) == 1
    assert [r.quarantine_id for r in find(shop)] == [row.quarantine_id]
