"""The gate of landing: a plausible batch passes, and each check has a batch on which it fires."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from expectations.registry import LANDING
from orchestration.gates import Verdict, evaluate_landing
from orchestration.landing.batches import landed_columns, literal
from orchestration.landing.contract import ENTITIES

ROWS = 600
A_DAY = "timestamptz '2025-01-01 00:00:00+00' + to_days(cast(i % 300 as integer))"
LATER = "timestamptz '2025-01-02 00:00:00+00' + to_days(cast(i % 300 as integer))"
TOO_EARLY = "timestamptz '1970-01-01 00:00:00+00'"

# A plausible batch of each entity: SQL expressions over i, the number of the row from 0.
PLAUSIBLE: dict[str, dict[str, str]] = {
    "customers": {
        "source_customer_id": "'c' || i",
        "email": "'person' || i || '@example.com'",
        "_email_hash": "md5('' || i)",
        "created_at": A_DAY,
        "segment": "if(i % 2 = 0, 'private', 'business')",
    },
    "orders": {
        "order_id": "'o' || i",
        "source_customer_id": "'c' || i % 100",
        "ordered_at": A_DAY,
        "status": "if(i % 10 = 0, 'cancelled', 'delivered')",
        "channel": "'web'",
        "currency": "case i % 3 when 0 then 'EUR' when 1 then 'eur' end",
        "gross_amount": "100",
        "discount_amount": "10",
        "refund_amount": "if(i % 50 = 0, 90, null)",
        "delivered_at": LATER,
    },
    "order_lines": {
        "order_id": "'o' || i // 2",
        "line_number": "1 + i % 2",
        "quantity": "2",
        "unit_price_amount": "5",
        "discount_amount": "1",
    },
    "tickets": {
        "ticket_id": "'t' || i",
        "source_customer_id": "'c' || i % 100",
        "created_at": A_DAY,
        "updated_at": LATER,
        "channel": "'mail'",
        "priority": "if(i % 5 = 0, 'high', 'normal')",
        "status": "if(i % 10 = 0, 'deleted', 'solved')",
        "merged_into_ticket_id": "if(i = 7, 't8', null)",
    },
    "ticket_events": {
        "ticket_id": "'t' || i // 4",
        "event_id": "'e' || i",
        "occurred_at": A_DAY,
        "kind": "if(i % 2 = 0, 'comment', 'status')",
        "actor_kind": "if(i % 4 = 0, 'agent', 'customer')",
        "is_public": "i % 8 = 0",
        "from_value": "if(i % 2 = 1, 'new', null)",
        "to_value": "if(i % 2 = 1, 'open', null)",
    },
    "survey_invitations": {
        "invitation_id": "'i' || i",
        "sent_at": A_DAY,
        "status": "if(i % 3 = 0, 'completed', if(i % 7 = 0, 'bounced', 'sent'))",
        "channel": "'mail'",
    },
    "survey_responses": {
        "response_id": "'r' || i",
        "survey_id": "'s1'",
        "question_id": "if(i % 2 = 0, 'recommend', 'satisfied')",
        "kind": "if(i % 2 = 0, 'nps', 'csat')",
        "score": "1 + i % 5 + if(i % 2 = 0, 5, 0)",
        "scale_min": "if(i % 2 = 0, 0, 1)",
        "scale_max": "if(i % 2 = 0, 10, 5)",
        "responded_at": A_DAY,
        "source_customer_id": "'c' || i",
        "channel": "'mail'",
    },
    "schedules": {
        "schedule_id": "'desk' || i // 7",
        "timezone": "'Europe/Berlin'",
        "weekday": "1 + i % 7",
        "start_time": "'09:00'",
        "end_time": "'17:00'",
        "valid_from": "date '2025-01-01'",
    },
    "holidays": {
        "schedule_id": "'desk' || i // 10",
        "holiday_date": "date '2025-12-20' + cast(i % 10 as integer)",
    },
    "sla_policies": {
        "policy_id": "'p' || i // 2",
        "metric": "if(i % 2 = 0, 'first_reply', 'resolution')",
        "priority": "'normal'",
        "target_seconds": "if(i % 2 = 0, 3600, 86400)",
        "valid_from": "date '2025-01-01'",
    },
    "web_events": {
        "event_id": "'w' || i",
        "visitor_id": "'v' || i // 10",
        "occurred_at": A_DAY,
        "name": "if(i % 3 = 0, 'search', 'page_view')",
        "channel": "'organic'",
        "device": "'phone'",
    },
    "subscriptions": {
        "subscription_id": "'s' || i // 2",
        "started_at": "if(i % 2 = 0, timestamptz '2025-01-01', timestamptz '2025-03-01')",
        "ended_at": "if(i % 2 = 0, timestamptz '2025-03-01', null)",
        "plan": "'basic'",
        "monthly_amount": "9",
    },
    "reviews": {
        "review_id": "'v' || i",
        "rating": "1 + i % 5",
        "rating_max": "5",
        "created_at": A_DAY,
    },
}

# What breaks one promise: entity, check, and the columns that differ from the plausible batch.
BROKEN: list[tuple[str, str, dict[str, str]]] = [
    ("customers", "email_belongs_to_few_customers", {"_email_hash": "if(i < 21, 'x', 'y' || i)"}),
    ("customers", "created_at_differs", {"created_at": "timestamptz '2025-01-01'"}),
    ("customers", "segment_is_a_short_list", {"segment": "'note ' || i"}),
    ("orders", "currency_is_the_deployments", {"currency": "if(i = 7, 'USD', 'EUR')"}),
    ("orders", "gross_amount_is_mostly_known", {"gross_amount": "if(i % 5 = 0, 100, null)"}),
    ("orders", "net_amount_is_rarely_negative", {"refund_amount": "if(i % 5 = 0, 9000, null)"}),
    ("orders", "orders_are_not_all_cancelled", {"status": "'cancelled'"}),
    ("orders", "orders_have_a_buyer", {"source_customer_id": "if(i % 5 = 0, 'c1', null)"}),
    ("orders", "delivered_after_ordered", {"delivered_at": "timestamptz '2024-01-01'"}),
    ("orders", "channel_is_a_short_list", {"channel": "'campaign ' || i"}),
    ("order_lines", "order_id_differs", {"order_id": "'o1'", "line_number": "i"}),
    ("order_lines", "unit_price_amount_is_mostly_known", {"unit_price_amount": "null"}),
    ("order_lines", "discount_is_within_price", {"discount_amount": "if(i % 50 = 0, 15, 1)"}),
    ("tickets", "tickets_are_not_all_deleted", {"status": "'deleted'"}),
    ("tickets", "ticket_is_not_merged_into_itself", {"merged_into_ticket_id": "if(i=7,'t7',null)"}),
    ("tickets", "tickets_have_a_requester", {"source_customer_id": "null"}),
    ("tickets", "updated_after_created", {"updated_at": "timestamptz '2024-01-01'"}),
    ("tickets", "channel_is_a_short_list", {"channel": "'subject ' || i"}),
    ("tickets", "priority_is_a_short_list", {"priority": "'p' || i"}),
    ("ticket_events", "ticket_id_differs", {"ticket_id": "'t1'"}),
    ("ticket_events", "agents_reply_in_public", {"is_public": "false"}),
    (
        "ticket_events",
        "status_events_change_the_status",
        {"from_value": PLAUSIBLE["ticket_events"]["to_value"]},
    ),
    ("ticket_events", "actor_kind_differs", {"actor_kind": "'agent'"}),
    ("survey_invitations", "some_do_not_answer", {"status": "'completed'"}),
    ("survey_invitations", "invitations_arrive", {"status": "if(i % 3 = 0, 'sent', 'bounced')"}),
    ("survey_invitations", "channel_is_a_short_list", {"channel": "'c' || i"}),
    ("survey_responses", "question_has_one_scale", {"scale_max": "if(i = 9, 10, 5)"}),
    ("survey_responses", "question_has_one_kind", {"question_id": "'q1'"}),
    ("survey_responses", "nps_scores_reach_above_five", {"score": "1 + i % 5"}),
    ("survey_responses", "answers_differ", {"score": "5"}),
    ("survey_responses", "answers_have_a_score", {"score": "if(i % 5 = 0, i % 3, null)"}),
    ("survey_responses", "answers_can_be_joined", {"source_customer_id": "null"}),
    ("survey_responses", "channel_is_a_short_list", {"channel": "'c' || i"}),
    ("schedules", "time_zone_is_known", {"timezone": "if(i = 7, 'Berlin', 'UTC')"}),
    (
        "schedules",
        "windows_do_not_overlap",
        {"weekday": "1", "start_time": "'0' || i % 7 || ':00'"},
    ),
    ("holidays", "holidays_are_few", {"schedule_id": "'desk'"}),
    ("sla_policies", "target_is_in_seconds", {"target_seconds": "if(i % 2 = 0, 30, 600)"}),
    (
        "sla_policies",
        "reply_target_is_within_resolution_target",
        {"target_seconds": "if(i = 0, 90000, 86400)"},
    ),
    ("web_events", "visitor_id_is_mostly_known", {"visitor_id": "if(i % 5 = 0, 'v' || i, null)"}),
    ("web_events", "visitor_id_differs", {"visitor_id": "'v1'"}),
    ("web_events", "name_differs", {"name": "'page_view'"}),
    ("web_events", "channel_is_a_short_list", {"channel": "'utm ' || i"}),
    ("web_events", "device_is_a_short_list", {"device": "'agent ' || i"}),
    ("subscriptions", "periods_do_not_overlap", {"ended_at": "null"}),
    ("subscriptions", "monthly_amount_is_mostly_known", {"monthly_amount": "null"}),
    ("subscriptions", "plan_is_a_short_list", {"plan": "'plan ' || i"}),
    ("reviews", "ratings_have_one_scale", {"rating_max": "if(i = 7, 10, 5)"}),
    ("reviews", "rating_differs", {"rating": "5"}),
]

# The time of each entity, for the checks that all of them share.
for _entity, _suite in LANDING.items():
    for _check in _suite.checks:
        if _check.name.endswith("_is_since_1990"):
            _time = _check.name.removesuffix("_is_since_1990")
            BROKEN.append((_entity, _check.name, {_time: f"if(i % 20 = 0, {TOO_EARLY}, {A_DAY})"}))
        if _check.name.endswith("_is_not_in_the_future"):
            BROKEN.append((_entity, _check.name, {"_extracted_at": A_DAY + " - interval 1 hour"}))


def write_batch(
    folder: Path, entity: str, changes: dict[str, str] | None = None, rows: int = ROWS
) -> Path:
    """A batch as the door writes it."""
    given = {
        "_extracted_at": "timestamptz '2026-01-01 00:00:00+00'",
        "_row_number": "i",
        **PLAUSIBLE[entity],
        **(changes or {}),
    }
    columns = ", ".join(
        f"cast({given.get(name, 'null')} as {kind}) as {name}"
        for name, kind in landed_columns(ENTITIES[entity]).items()
    )
    file = folder / f".{entity}.incoming"
    with duckdb.connect() as con:
        con.execute("set TimeZone = 'UTC'")
        con.execute(
            f"copy (select {columns} from range({rows}) as numbers (i)) "
            f"to {literal(file)} (format parquet)"
        )
    return file


def judge(folder: Path, entity: str, *changes: dict[str, str], rows: int = ROWS) -> list[Verdict]:
    return evaluate_landing(entity, write_batch(folder, entity, *changes, rows=rows), "EUR")


def of(verdicts: list[Verdict], check: str) -> Verdict:
    return next(verdict for verdict in verdicts if verdict.check == check)


@pytest.mark.parametrize("entity", LANDING)
def test_a_plausible_batch_passes_every_check(tmp_path, entity):
    verdicts = judge(tmp_path, entity)
    assert [verdict.check for verdict in verdicts] == [c.name for c in LANDING[entity].checks]
    assert [verdict for verdict in verdicts if not verdict.passed] == []


@pytest.mark.parametrize("entity", LANDING)
def test_a_batch_without_rows_passes_every_check(tmp_path, entity):
    assert all(verdict.passed for verdict in judge(tmp_path, entity, rows=0))


@pytest.mark.parametrize(
    ("entity", "check", "changes"), BROKEN, ids=[f"{b[0]}-{b[1]}" for b in BROKEN]
)
def test_each_check_fires_on_the_batch_that_it_is_for(tmp_path, entity, check, changes):
    verdict = of(judge(tmp_path, entity, changes), check)
    promised = next(c for c in LANDING[entity].checks if c.name == check)
    assert not verdict.passed
    assert verdict.severity == promised.severity
    assert "could not be evaluated" not in verdict.observed
    assert verdict.remedy == promised.remedy


def test_every_check_has_a_batch_on_which_it_fires():
    promised = {(entity, check.name) for entity, suite in LANDING.items() for check in suite.checks}
    assert {(entity, check) for entity, check, _ in BROKEN} == promised


def test_a_failed_check_names_the_rows_by_their_keys(tmp_path):
    verdict = of(
        judge(tmp_path, "orders", {"currency": "if(i = 7, 'USD', 'EUR')"}),
        "currency_is_the_deployments",
    )
    assert json.loads(verdict.failing_sample) == [
        {"currency": "USD", "orders": 1, "one_of_them": "o7"}
    ]


def test_a_failed_share_gives_ten_keys_and_says_how_many_there_are(tmp_path):
    verdict = of(
        judge(tmp_path, "orders", {"delivered_at": "timestamptz '2024-01-01'"}),
        "delivered_after_ordered",
    )
    assert verdict.observed == "600 of 600 rows break it (100.0%)"
    assert verdict.expected == "at most 1% of the rows"
    sample = json.loads(verdict.failing_sample)
    assert len(sample) == 10
    assert set().union(*sample) == {"order_id"}


def test_no_verdict_holds_a_personal_value(tmp_path):
    changes = {
        "email": "'ada@example.com'",
        "phone": "'+49 30 123456'",
        "name": "'Ada Lovelace'",
        "_email_hash": "'hash'",
        "created_at": "timestamptz '1970-01-01'",
        "segment": "'note ' || i",
    }
    verdicts = judge(tmp_path, "customers", changes)
    assert sum(not verdict.passed for verdict in verdicts) == 4
    words = repr(verdicts)
    assert not [value for value in ("ada@example.com", "+49 30", "Lovelace") if value in words]


@pytest.mark.parametrize(
    ("entity", "check", "changes"),
    [
        ("orders", "delivered_after_ordered", {"delivered_at": f"if(i < 3, {TOO_EARLY}, {LATER})"}),
        ("orders", "ordered_at_is_since_1990", {"ordered_at": f"if(i < 3, {TOO_EARLY}, {A_DAY})"}),
        ("orders", "orders_are_not_all_cancelled", {"status": "if(i < 500, 'cancelled', 'paid')"}),
        ("orders", "orders_have_a_buyer", {"source_customer_id": "if(i % 2 = 0, 'c1', null)"}),
        (
            "web_events",
            "visitor_id_is_mostly_known",
            {"visitor_id": "if(i % 2 = 0, 'v' || i, null)"},
        ),
    ],
)
def test_a_few_odd_rows_are_tolerated(tmp_path, entity, check, changes):
    assert of(judge(tmp_path, entity, changes), check).passed


def test_a_handful_of_rows_is_not_judged_by_shares(tmp_path):
    verdict = of(
        judge(tmp_path, "orders", {"status": "'cancelled'"}, rows=3), "orders_are_not_all_cancelled"
    )
    assert verdict.passed
    assert verdict.observed == "too few rows to judge: 3"


def test_a_subscription_that_landed_twice_does_not_overlap_itself(tmp_path):
    renewed = {
        "subscription_id": "'s1'",
        "started_at": "timestamptz '2025-01-01'",
        "ended_at": "if(i = 1, timestamptz '2025-03-01', null)",
        "updated_at": "if(i = 1, timestamptz '2025-03-01', timestamptz '2025-01-01')",
    }
    verdicts = judge(tmp_path, "subscriptions", renewed, rows=2)
    assert of(verdicts, "periods_do_not_overlap").passed


def test_a_batch_that_cannot_be_read_is_refused_by_every_check(tmp_path):
    file = tmp_path / "torn.parquet"
    file.write_bytes(b"PAR1 and then nothing")
    verdicts = evaluate_landing("orders", file, "EUR")
    assert len(verdicts) == len(LANDING["orders"].checks)
    assert all(v.severity == "critical" and not v.passed for v in verdicts)
    assert all(v.observed.startswith("the check could not be evaluated") for v in verdicts)
