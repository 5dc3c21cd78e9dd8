"""The kind `files`: strict reading, clear refusals, and no work on unchanged files."""

from __future__ import annotations

import gzip
import json
import os

import duckdb
import pytest

ORDERS = """
timezone: Europe/Berlin
sources:
  shop:
    kind: files
    directory: drop
    tables:
      o: {path: "o*.csv*", null_values: ["", "?"]}
    entities:
      orders:
        table: o
        columns: {order_id: id, ordered_at: at, email: mail, status: state, gross_amount: amount}
        limits: {max_quarantined_rate: 1}
"""
HEADER = "id,at,mail,state,amount,note\n"
ROW = "1,2024-01-01 10:00,a@b.c,paid,1.5,hello\n"


@pytest.fixture
def shop(deployment):
    deployment.configure(ORDERS)
    return deployment


def counts(batches):
    (batch,) = batches
    return batch.rows_in, batch.landed, batch.quarantined, batch.duplicates


def test_a_csv_lands_with_what_is_beyond_the_entity_in_extra(shop):
    shop.drop("o.csv", HEADER + ROW)
    _, batches = shop.extract("orders")
    assert counts(batches) == (1, 1, 0, 0)
    ((order, gross, extra, origin),) = shop.landed(
        "orders", "order_id, gross_amount, extra, _origin"
    )
    assert (order, float(gross), json.loads(extra), origin) == (
        "1",
        1.5,
        {"note": "hello"},
        "o.csv",
    )


def test_gzip_bom_quotes_and_newlines_inside_quotes_are_read_as_written(shop):
    text = HEADER + '1,2024-01-01,a@b.c,paid,1,"two\nlines, and ""quotes"""\n'
    shop.drop("o.csv.gz", gzip.compress(b"\xef\xbb\xbf" + text.encode()))
    shop.extract("orders")
    ((extra,),) = shop.landed("orders", "extra")
    assert json.loads(extra)["note"] == 'two\nlines, and "quotes"'


def test_an_empty_header_name_gets_its_column_number(shop):
    shop.drop("o.csv", HEADER.replace("note", " ") + ROW)
    shop.extract("orders")
    assert json.loads(shop.landed("orders", "extra")[0][0]) == {"column_6": "hello"}


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "is empty (0 bytes): was the export cut off? Export it again"),
        ((HEADER + ROW).replace(",", ";").encode(), "Set `delimiter: ';'` for this table"),
        ((HEADER + ROW).replace("hello", "hel\0lo").encode(), "line 2: a NUL byte"),
        ((HEADER + ROW).encode("utf-16"), "is UTF-16: save it as UTF-8"),
        ((HEADER + ROW).replace("note", "n\u00f6te").encode("latin-1"), "is not UTF-8"),
        ((HEADER + ROW).replace("note", "MAIL").encode(), "the header has MAIL, mail twice"),
        ((HEADER + ROW).replace("mail", "e_mail").encode(), "Was a column renamed"),
    ],
    ids=["empty", "semicolons", "nul", "utf-16", "latin-1", "twice", "unknown column"],
)
def test_a_file_that_cannot_be_right_is_refused_with_the_remedy(shop, content, expected):
    shop.drop("o.csv", content)
    assert expected in shop.refusal("orders")
    assert shop.landed("orders") == []


def test_a_missing_file_names_the_pattern_and_the_folder(shop):
    assert "o*.csv* (table 'o')" in shop.refusal("orders")


def test_a_cut_gzip_is_refused(shop):
    shop.drop("o.csv.gz", gzip.compress((HEADER + ROW * 1000).encode())[:-20])
    assert "cut short" in shop.refusal("orders")


def test_a_column_that_earlier_files_had_may_not_be_gone(shop):
    shop.drop("o1.csv", HEADER + ROW)
    shop.extract("orders")
    shop.drop("o2.csv", HEADER.replace("note", "remark") + ROW)
    said = shop.refusal("orders")
    assert "o2.csv lacks note, which o1.csv has" in said
    assert "has remark instead" in said


def test_a_new_column_is_kept_in_extra(shop):
    shop.drop("o1.csv", HEADER + ROW)
    shop.extract("orders")
    shop.drop("o2.csv", HEADER.strip() + ",gift\n" + ROW.replace("1,", "2,", 1).strip() + ",yes\n")
    shop.extract("orders")
    assert json.loads(shop.landed("orders", "extra")[1][0]) == {"note": "hello", "gift": "yes"}


def test_a_file_that_lost_all_its_rows_is_refused(shop):
    shop.drop("o.csv", HEADER + ROW)
    shop.extract("orders")
    shop.drop("o.csv", HEADER)
    assert "has a header and no rows, where there were 1" in shop.refusal("orders")


def test_ragged_lines_are_quarantined_as_they_came(shop):
    shop.drop("o.csv", HEADER + ROW + "2,2024-01-01\n" + "3,2024-01-01,,,,,,too,many\n")
    _, batches = shop.extract("orders")
    assert counts(batches) == (3, 1, 2, 0)
    assert shop.quarantined() == [
        ("o.csv", 2, "the line is no row: missing columns"),
        ("o.csv", 3, "the line is no row: too many columns"),
    ]


def test_unchanged_files_are_not_read_and_nothing_is_written(shop):
    shop.drop("o.csv", HEADER + ROW)
    shop.extract("orders")
    before = sorted(shop.home.landing.rglob("*"))
    _, batches = shop.extract("orders")
    assert batches == []
    os.utime(shop.home.root / "drop" / "o.csv")
    assert shop.extract("orders")[1] == []
    assert sorted(shop.home.landing.rglob("*")) == before


def test_a_changed_file_lands_only_what_is_new(shop):
    shop.drop("o.csv", HEADER + ROW)
    shop.extract("orders")
    shop.drop("o.csv", HEADER + ROW + "2,2024-01-02,,,,\n")
    _, batches = shop.extract("orders")
    assert counts(batches) == (2, 1, 0, 1)


def test_a_changed_mapping_reads_all_files_again(shop):
    shop.drop("o.csv", HEADER + ROW)
    shop.extract("orders")
    shop.configure(ORDERS.replace("gross_amount: amount", "gross_amount: amount, channel: note"))
    _, batches = shop.extract("orders")
    assert counts(batches) == (1, 1, 0, 0)
    assert [channel for (channel,) in shop.landed("orders", "channel")] == [None, "hello"]


QUERY = """
sources:
  desk:
    kind: files
    directory: drop
    tables:
      t: {path: "t*.jsonl"}
      g: {path: "groups.parquet"}
    entities:
      tickets:
        query: >
          select t.id as ticket_id, t.at as created_at, g.name as group_name, t.tags
          from t left join g on cast(g.id as varchar) = t.group_id order by t.id
"""


def write_groups(deployment, *names):
    rows = ", ".join(f"({n}, '{name}')" for n, name in enumerate(names, 1))
    file = deployment.drop("groups.parquet", b"")
    duckdb.sql(f"copy (from (values {rows}) as g(id, name)) to '{file}' (format parquet)")


def test_a_query_joins_jsonl_and_parquet_and_runs_again_when_either_changes(deployment):
    deployment.configure(QUERY)
    ticket = {"id": 1, "at": "2024-01-01T00:00:00Z", "group_id": 1, "tags": ["a"]}
    deployment.drop("t1.jsonl", json.dumps(ticket) + "\n")
    write_groups(deployment, "Billing")
    _, batches = deployment.extract("tickets")
    assert counts(batches) == (1, 1, 0, 0)
    write_groups(deployment, "Invoices")
    _, batches = deployment.extract("tickets")
    assert counts(batches) == (1, 1, 0, 0)
    assert deployment.landed("tickets", "group_name, extra") == [
        ("Billing", '{"tags":"[\\"a\\"]"}'),
        ("Invoices", '{"tags":"[\\"a\\"]"}'),
    ]


def test_lines_that_are_no_json_objects_are_quarantined(deployment):
    deployment.configure(
        QUERY.replace("entities:", "entities:").replace(
            "order by t.id", "order by t.id\n        limits: {max_quarantined_rate: 1}"
        )
    )
    write_groups(deployment, "Billing")
    deployment.drop(
        "t.jsonl", '{"id": 1, "at": "2024-01-01", "group_id": 1, "tags": 1}\n{"id"\n[]\n'
    )
    _, batches = deployment.extract("tickets")
    assert counts(batches) == (3, 1, 2, 0)
    assert [row for _, row, _ in deployment.quarantined()] == [2, 3]


def test_a_query_without_the_key_is_refused(deployment):
    deployment.configure(QUERY.replace("t.id as ticket_id", "t.id as id"))
    write_groups(deployment, "Billing")
    deployment.drop("t.jsonl", '{"id": 1, "at": "2024-01-01", "group_id": 1, "tags": 1}\n')
    assert "gives no ticket_id, without which no row lands" in deployment.refusal("tickets")


def test_a_query_that_passes_the_file_on_lets_a_later_file_correct_an_earlier_one(deployment):
    deployment.configure(
        """
sources:
  voice:
    kind: files
    directory: drop
    tables: {sheets: {path: "sheet*.csv"}}
    entities:
      survey_responses:
        query: >
          select id as response_id, 'q' as question_id, 'nps' as kind, score, "at" as responded_at,
            _origin, _origin_row
          from sheets order by _origin, _origin_row
"""
    )
    deployment.drop("sheet1.csv", "id,score,at\n1,3,2024-01-01\n2,9,2024-01-01\n")
    deployment.drop("sheet2.csv", "id,score,at\n1,10,2024-01-01\n")
    _, batches = deployment.extract("survey_responses")
    assert counts(batches) == (3, 3, 0, 0)
    deployment.drop(
        "sheet3.csv",
        "id,score,at\n2,1,2024-01-01\n2,nine,2024-01-01\n"
        + "".join(f"{n},5,2024-01-02\n" for n in range(10, 40)),
    )
    _, batches = deployment.extract("survey_responses")
    assert counts(batches) == (35, 31, 1, 3)
    landed = deployment.landed("survey_responses", "response_id, cast(score as int), _origin")
    assert landed[:4] == [
        ("1", 3, "sheet1.csv"),
        ("2", 9, "sheet1.csv"),
        ("1", 10, "sheet2.csv"),
        ("2", 1, "sheet3.csv"),
    ]
    ((origin, row, _),) = deployment.quarantined()
    assert (origin, row) == ("sheet3.csv", 2)
