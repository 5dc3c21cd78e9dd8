"""The door of landing: types, reasons, duplicates, versions, and the statement of rows."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

import pytest

from orchestration.landing import door

ORDERS = """
timezone: Europe/Berlin
sources:
  shop:
    kind: files
    directory: drop
    tables:
      o: {path: "*.csv"}
    entities:
      orders:
        table: o
        columns:
          {order_id: id, ordered_at: at, email: mail, status: state, gross_amount: amount VERSION}
        limits: {max_quarantined_rate: 1, max_volume_factor: 1000}
"""
PLAIN = ORDERS.replace(" VERSION", "")
VERSIONED = ORDERS.replace(" VERSION", ", updated_at: changed")


def order(number, at="2024-01-01 10:00", mail="", state="paid", amount="1"):
    return f"{number},{at},{mail},{state},{amount}\n"


def drop(deployment, name, *rows):
    deployment.drop(name, "id,at,mail,state,amount\n" + "".join(rows))


def drop_versions(deployment, name, *rows):
    lines = [f"{n},2024-01-01,,{state},1,{changed}\n" for n, state, changed in rows]
    deployment.drop(name, "id,at,mail,state,amount,changed\n" + "".join(lines))


def take_in(deployment):
    _, (batch,) = deployment.extract("orders")
    return batch.rows_in, batch.landed, batch.quarantined, batch.duplicates


def states(deployment):
    return [state for (state,) in deployment.landed("orders", "status")]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (order(""), "order_id is missing"),
        (order(1, at=""), "ordered_at is missing"),
        (order(1, at="31.02.2024"), "ordered_at cannot be read as a time"),
        (order(1, state="payd"), "status is not one of placed, paid, shipped"),
        (order(1, amount="1.2.3"), "gross_amount cannot be read as a number"),
        (order(1, amount="-1"), "gross_amount is below zero"),
        (order(1, at="2024-03-31 02:30"), "ordered_at does not exist in Europe/Berlin"),
        (order(1, at="2999-01-01"), "ordered_at lies in the future"),
        (order(1, at="1969-12-31 00:00"), "ordered_at lies before 1970"),
    ],
)
def test_a_row_that_breaks_the_contract_is_quarantined_with_its_reason(deployment, row, reason):
    deployment.configure(PLAIN)
    drop(deployment, "o.csv", row, order(2))
    assert take_in(deployment) == (2, 1, 1, 0)
    ((origin, number, said),) = deployment.quarantined()
    assert (origin, number) == ("o.csv", 1)
    assert reason in said


def test_a_row_is_refused_with_every_reason_it_has(deployment):
    deployment.configure(PLAIN)
    drop(deployment, "o.csv", order("", at="never", amount="x"))
    take_in(deployment)
    ((_, _, said),) = deployment.quarantined()
    assert said == (
        "order_id is missing; ordered_at cannot be read as a time; "
        "gross_amount cannot be read as a number"
    )


@pytest.mark.parametrize(
    ("written", "instant"),
    [
        ("2024-07-01 10:00", datetime(2024, 7, 1, 8, 0, tzinfo=UTC)),
        ("2024-01-01", datetime(2023, 12, 31, 23, 0, tzinfo=UTC)),
        ("2024-07-01T10:00:00Z", datetime(2024, 7, 1, 10, 0, tzinfo=UTC)),
        ("2024-07-01 10:00:00 +0500", datetime(2024, 7, 1, 5, 0, tzinfo=UTC)),
        ("2024-07-01T10:00:00.250-03:00", datetime(2024, 7, 1, 13, 0, 0, 250000, tzinfo=UTC)),
        ("2024-10-27 02:30", datetime(2024, 10, 27, 1, 30, tzinfo=UTC)),
    ],
    ids=["summer", "date", "Z", "offset without colon", "fractions", "the hour that comes twice"],
)
def test_times_become_the_instants_that_they_name(deployment, written, instant):
    deployment.configure(PLAIN)
    drop(deployment, "o.csv", order(1, at=written))
    take_in(deployment)
    assert deployment.landed("orders", "ordered_at") == [(instant,)]


def test_a_format_of_its_own_is_read_strictly(deployment):
    deployment.configure(
        PLAIN.replace("table: o\n", 'table: o\n        timestamp_format: "%d/%m/%Y %H:%M"\n')
    )
    drop(deployment, "o.csv", order(1, at="1/2/2024 10:00"), order(2, at="2024-02-01 10:00"))
    assert take_in(deployment) == (2, 1, 1, 0)
    assert deployment.landed("orders", "ordered_at")[0][0] == datetime(2024, 2, 1, 9, tzinfo=UTC)


def test_emails_are_hashed_with_the_salt_in_their_normal_form(deployment):
    deployment.configure(PLAIN)
    drop(deployment, "o.csv", order(1, mail=" Ann@Example.COM "), order(2, mail="ann@example.com"))
    take_in(deployment)
    expected = hashlib.sha256(b"salt of the tests:ann@example.com").hexdigest()
    assert deployment.landed("orders", "_email_hash") == [(expected,), (expected,)]


def test_equal_rows_of_a_file_land_once(deployment):
    deployment.configure(PLAIN)
    drop(deployment, "o.csv", order(1), order(1))
    assert take_in(deployment) == (2, 1, 0, 1)


def test_rows_of_a_file_that_contradict_each_other_are_all_refused(deployment):
    deployment.configure(PLAIN)
    drop(deployment, "o.csv", order(1, amount="1"), order(1, amount="2"), order(2))
    assert take_in(deployment) == (3, 1, 2, 0)
    assert "order_id stands more than once in the same file" in deployment.quarantined()[0][2]


def test_versions_of_a_file_all_land_when_updated_at_tells_them_apart(deployment):
    deployment.configure(VERSIONED)
    drop_versions(deployment, "o.csv", (1, "paid", "2024-01-02"), (1, "shipped", "2024-01-03"))
    assert take_in(deployment) == (2, 2, 0, 0)


def test_a_known_version_that_comes_late_is_a_duplicate(deployment):
    deployment.configure(VERSIONED)
    drop_versions(deployment, "a.csv", (1, "paid", "2024-01-02"))
    take_in(deployment)
    drop_versions(deployment, "b.csv", (1, "shipped", "2024-01-03"))
    take_in(deployment)
    drop_versions(deployment, "c.csv", (1, "paid", "2024-01-02"))
    assert take_in(deployment) == (1, 0, 0, 1)


def test_a_snapshot_that_goes_back_to_an_old_value_lands_again(deployment):
    deployment.configure(PLAIN)
    for state in ("paid", "placed", "paid"):
        drop(deployment, "snapshot.csv", order(1, state=state))
        assert take_in(deployment) == (1, 1, 0, 0)
    assert states(deployment) == ["paid", "placed", "paid"]


def test_a_daily_full_export_lands_only_what_changed(deployment):
    deployment.configure(PLAIN)
    drop(deployment, "day1.csv", order(1), order(2))
    take_in(deployment)
    drop(deployment, "day2.csv", order(1), order(2, state="shipped"))
    assert take_in(deployment) == (2, 1, 0, 1)


def test_an_old_file_that_is_touched_does_not_bring_old_values_back(deployment):
    deployment.configure(PLAIN)
    drop(deployment, "day1.csv", order(1, state="placed"))
    take_in(deployment)
    drop(deployment, "day2.csv", order(1, state="shipped"))
    take_in(deployment)
    drop(deployment, "day1.csv", order(1, state="placed"), order(2, state="placed"))
    assert take_in(deployment) == (2, 1, 0, 1)
    assert states(deployment) == ["placed", "shipped", "placed"]
    assert deployment.landed("orders", "order_id")[-1] == ("2",)


def test_files_of_one_batch_keep_their_order(deployment):
    deployment.configure(PLAIN)
    drop(deployment, "day1.csv", order(1, state="placed"))
    drop(deployment, "day2.csv", order(1, state="shipped"))
    drop(deployment, "day3.csv", order(1, state="placed"))
    assert take_in(deployment) == (3, 3, 0, 0)
    assert states(deployment) == ["placed", "shipped", "placed"]


def test_the_same_refused_row_keeps_its_id_when_its_file_is_read_again(deployment):
    deployment.configure(PLAIN)
    drop(deployment, "o.csv", order(1, at="never"))
    take_in(deployment)
    drop(deployment, "o.csv", order(1, at="never"), order(2))
    take_in(deployment)
    files = (deployment.home.landing / "records" / "quarantined_rows").glob("[1-9]*")
    assert len(list(files)) == 2
    from orchestration.landing import quarantine

    assert len(quarantine.find(deployment.home.landing)) == 1


def test_more_refused_rows_than_the_limit_keep_the_batch_out(deployment):
    deployment.configure(PLAIN.replace("max_quarantined_rate: 1", "max_quarantined_rate: 0.05"))
    drop(deployment, "o.csv", order(1, at="never"), *(order(n) for n in range(2, 12)))
    verdicts, batches = deployment.extract("orders")
    assert batches == []
    verdict = verdicts["few_rows_quarantined"]
    assert not verdict.passed
    assert "1 of 11 rows (9.1%)" in verdict.observed
    assert "o.csv, row 1" in verdict.observed
    assert deployment.landed("orders") == []
    assert deployment.quarantined() == []


def test_ten_times_the_usual_volume_keeps_the_batch_out(deployment):
    limits = "limits: {max_quarantined_rate: 1, max_volume_factor: 1000}"
    deployment.configure(PLAIN.replace(limits, "limits: {max_volume_factor: 10}"))
    for day in range(3):
        drop(deployment, f"day{day}.csv", *(order(f"{day}-{n}") for n in range(200)))
        assert take_in(deployment)[1] == 200
    drop(deployment, "day9.csv", *(order(f"9-{n}") for n in range(2001)))
    verdicts, batches = deployment.extract("orders")
    assert batches == []
    assert "2,001 rows; usual are 200" in verdicts["volume_as_usual"].observed


def test_a_killed_landing_leaves_nothing_behind(deployment):
    deployment.configure(PLAIN)
    drop(deployment, "o.csv", order(1, at="never"), order(2))
    take_in(deployment)
    landing = deployment.home.landing
    (batch,) = landing.glob("orders/[1-9]*.parquet")
    batch.rename(batch.with_name(f".{batch.stem}.incoming"))
    door.clear(landing)
    assert not list(landing.rglob("*.incoming"))
    assert deployment.quarantined() == []
    assert take_in(deployment) == (2, 1, 1, 0)
