"""The gate of the marts: a consistent file passes; each check has a defect on which it fires."""

from __future__ import annotations

import hashlib
import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest
import yaml

from expectations.registry import MARTS
from orchestration.gates import Verdict, evaluate_marts
from orchestration.landing.batches import identifier

MODELS = Path(__file__).resolve().parents[1] / "dbt_project" / "models" / "marts"
AS_OF = datetime(2025, 7, 2, 12, tzinfo=UTC)

# Ada orders twice and asks once; Bob's order is cancelled; one answer each to two questions.
CONSISTENT = """
insert into core.customers by name
select * from (values
    (
        'ada', timestamptz '2025-06-30 10:00:00+00', timestamptz '2025-07-01 10:00:00+00',
        2, 140, 1, 1
    ),
    ('bob', null, null, 0, 0, 0, 1)
) as people (
    customer_id, first_order_at, last_order_at,
    order_count, net_amount, ticket_count, response_count
);

insert into core.customer_identities by name
select * from (values ('shop:1', 'ada'), ('desk:1', 'ada'), ('shop:2', 'bob'))
as identities (identity_key, customer_id);

insert into core.orders by name
select * from (values
    (
        'shop:o1', 'ada', timestamptz '2025-06-30 10:00:00+00', date '2025-06-30', true,
        100, 10, null, 90, timestamptz '2025-07-01 09:00:00+00', false, true, 1
    ),
    (
        'shop:o2', 'ada', timestamptz '2025-07-01 10:00:00+00', date '2025-07-01', true,
        60, null, 10, 50, null, null, false, 2
    ),
    (
        'shop:o3', 'bob', timestamptz '2025-07-01 11:00:00+00', date '2025-07-01', false,
        30, null, null, 30, null, null, null, null
    )
) as orders (
    order_id, customer_id, ordered_at, ordered_date, is_valid, gross_amount, discount_amount,
    refund_amount, net_amount, delivered_at, is_late, is_first_order, order_sequence
);

insert into core.tickets by name
select * from (values
    (
        'desk:t1', 'ada', timestamptz '2025-06-30 12:00:00+00', date '2025-06-30', 'shop:o1',
        60, 3600, 7200, 5400, 600, 1800, 3600, 2, 1, 3
    )
) as tickets (
    ticket_id, customer_id, created_at, created_date, order_id, first_reply_seconds,
    first_resolution_seconds, full_resolution_seconds, requester_wait_seconds, agent_wait_seconds,
    on_hold_seconds, agent_work_seconds, solved_count, reopen_count, public_reply_count
);

insert into core.survey_responses by name
select * from (values
    (
        'voice:r1', 'nps', 'ada', 'nps', 10, 'all good', timestamptz '2025-07-01 12:00:00+00',
        date '2025-07-01', 'shop:o1', null, 'promoter', 1, true
    ),
    (
        'voice:r2', 'csat', 'bob', 'csat', 4, null, timestamptz '2025-07-01 13:00:00+00',
        date '2025-07-01', null, 'desk:t1', null, 0.5, true
    )
) as answers (
    response_id, question_id, customer_id, kind, score, comment, responded_at, responded_date,
    order_id, ticket_id, nps_group, sentiment_score, is_latest_90d
);

insert into journey.touchpoints by name
select *, 'support' as stage, timestamptz '2025-07-01 10:00:00+00' as occurred_at from (values
    ('1', 'ada', 'order placed', 90, 1, null),
    ('2', 'ada', 'order delivered', null, 2, 60),
    ('3', 'ada', 'order placed', 50, 3, 60),
    ('4', 'ada', 'order refunded', null, 4, 60),
    ('5', 'ada', 'ticket opened', null, 5, 60),
    ('6', 'ada', 'agent replied', null, 6, 60),
    ('7', 'ada', 'agent replied', null, 7, 60),
    ('8', 'ada', 'agent replied', null, 8, 60),
    ('9', 'ada', 'ticket solved', null, 9, 60),
    ('10', 'ada', 'ticket solved', null, 10, 60),
    ('11', 'ada', 'ticket reopened', null, 11, 0),
    ('12', 'ada', 'nps answered', null, 12, 60),
    ('13', 'bob', 'order placed', null, 1, null),
    ('14', 'bob', 'order cancelled', null, 2, 60),
    ('15', 'bob', 'csat answered', null, 3, 60)
) as touchpoints (
    touchpoint_id, customer_id, activity, revenue_amount, customer_sequence, seconds_since_previous
);

insert into metrics.metric_definitions by name
select * from (values
    ('orders', 'count', 'valid orders'),
    ('net_revenue', 'total', 'net amount'),
    ('ticket_volume', 'count', 'tickets'),
    ('nps', 'nps', '100 * (P - D) / N'),
    ('csat_mean', 'mean', 'sum / n'),
    ('reopen_rate', 'proportion', 'reopened / solved')
) as definitions (name, statistic, formula);

insert into metrics.metric_values by name
with days as (
    select * from (values
        ('orders', 'order_date', date '2025-06-30', 1, 1, null, 1, 0, 6),
        ('orders', 'order_date', date '2025-07-01', 1, 1, null, 1, 0, 6),
        ('net_revenue', 'order_date', date '2025-06-30', 90, 1, null, 90, -90, 270),
        ('net_revenue', 'order_date', date '2025-07-01', 50, 1, null, 50, -50, 150),
        ('ticket_volume', 'created_date', date '2025-06-30', 1, 1, null, 1, 0, 6),
        ('nps', 'all', date '2025-07-01', 1, 1, 1, 100, -48.5, 100),
        ('csat_mean', 'scale_1_5', date '2025-07-01', 4, 1, 1, 4, null, null),
        ('reopen_rate', 'resolved_date', date '2025-07-01', 1, 1, 1, 1, 0.2, 1)
    ) as days (
        metric, policy, period_start, numerator, n, denominator, value, ci_low, ci_high
    )
),
longer as (
    select * from (values
        ('orders', 'order_date', 'week', date '2025-06-30', 2, 2),
        ('orders', 'order_date', 'month', date '2025-06-01', 1, 1),
        ('orders', 'order_date', 'month', date '2025-07-01', 1, 1),
        ('net_revenue', 'order_date', 'week', date '2025-06-30', 140, 2),
        ('net_revenue', 'order_date', 'month', date '2025-06-01', 90, 1),
        ('net_revenue', 'order_date', 'month', date '2025-07-01', 50, 1),
        ('ticket_volume', 'created_date', 'week', date '2025-06-30', 1, 1),
        ('ticket_volume', 'created_date', 'month', date '2025-06-01', 1, 1)
    ) as longer (metric, policy, grain, period_start, numerator, n)
),
wholes as (
    select *, 'day' as grain from days
    union all by name
    select *, numerator as value from longer
)
select *, 'all' as dimension, 'all' as dimension_value, false as is_complete from wholes
union all by name
select *, 'channel' as dimension, 'web' as dimension_value, false as is_complete from wholes;

insert into churn.retention_cohorts by name
select *, date '2025-06-01' as cohort_month, 1 as cohort_size from (values
    ('1', 0, 'on', 1, 1.0, true),
    ('2', 0, 'on_or_after', 1, 1.0, true),
    ('3', 1, 'on', null, null, false),
    ('4', 1, 'on_or_after', null, null, false)
) as cells (retention_cohort_id, period_number, policy, retained, retention_rate, is_complete);

insert into quality.runs by name
select *, timestamptz '2025-07-01 00:05:00+00' as ended_at from (values
    ('run1', timestamptz '2025-07-01 00:00:00+00', 'refused'),
    ('run2', timestamptz '2025-07-01 00:01:00+00', 'released')
) as runs (run_id, started_at, status);

insert into quality.check_results by name
select * from (values
    ('run1', 'core.orders', 'net_is_gross_minus_discount_and_refund', 'critical', false),
    ('run2', 'core.orders', 'ordered_at_is_fresh', 'warning', false)
) as results (run_id, asset, check_name, severity, passed);

insert into quality.quarantined_rows by name
select 'q1' as quarantine_id, 'orders' as entity, 'shop' as source, 'open' as status,
    timestamptz '2025-07-01 00:00:00+00' as quarantined_at, '["no id"]' as reasons;

insert into quality.releases by name
select 'rel1' as release_id, timestamptz '2025-07-01 00:05:00+00' as released_at, 'run2' as run_id,
    repeat('a', 64) as audited_sha256;
"""

MORE_RESTATED = """
    insert into quality.restatements by name
    select 'rel1' as release_id, metric, value as value_before, value + 1 as value_after
    from metrics.metric_values;
    update metrics.metric_values set is_complete = true
"""
NINE_MONTHS = """
    insert into metrics.metric_values by name
    select
        'orders' as metric, 'order_date' as policy, 'month' as grain, 'all' as dimension,
        'all' as dimension_value, true as is_complete, 1 as n,
        date '2024-01-01' + to_months(cast(i as integer)) as period_start,
        case when i = 8 then NEWEST else 100 + i end as value
    from range(9) as months (i)
"""
FIVE_CENTURIES_OF_ORDERS = """
    insert into core.customers by name
    select 'customer ' || i as customer_id, 1 as order_count from range(1000) as numbers (i);
    update core.customers set order_count = 60 where customer_id = 'ada'
"""

# What breaks one promise of a mart.
BROKEN: list[tuple[str, str, str]] = [
    (
        "core.customers",
        "customers_add_up_to_the_records",
        "update core.customers set net_amount = 141 where customer_id = 'ada'",
    ),
    (
        "core.customers",
        "last_order_is_not_before_first",
        "update core.customers set first_order_at = last_order_at + interval 1 second",
    ),
    ("core.customers", "no_customer_has_one_order_in_twenty", FIVE_CENTURIES_OF_ORDERS),
    (
        "core.customer_identities",
        "identities_and_customers_are_the_same_people",
        "delete from core.customers where customer_id = 'bob'",
    ),
    (
        "core.customer_identities",
        "customer_has_few_identities",
        "insert into core.customer_identities by name select 'x' || i as identity_key, "
        "'ada' as customer_id from range(49) as numbers (i)",
    ),
    (
        "core.orders",
        "net_is_gross_minus_discount_and_refund",
        "update core.orders set net_amount = 91 where order_id = 'shop:o1'",
    ),
    (
        "core.orders",
        "orders_of_a_customer_are_numbered",
        "update core.orders set order_sequence = 3 where order_id = 'shop:o2'",
    ),
    (
        "core.orders",
        "only_valid_orders_are_numbered",
        "update core.orders set order_sequence = 1 where order_id = 'shop:o3'",
    ),
    (
        "core.orders",
        "ordered_at_is_fresh",
        "update core.orders set ordered_at = timestamptz '2025-06-20 00:00:00+00'",
    ),
    (
        "core.orders",
        "ordered_at_is_not_after_as_of",
        "update core.orders set ordered_at = timestamptz '2025-07-02 12:00:01+00'",
    ),
    (
        "core.orders",
        "orders_belong_to_customers",
        "insert into core.orders by name select 'x' || i as order_id from range(20) as numbers (i)",
    ),
    ("core.tickets", "waits_add_up", "update core.tickets set on_hold_seconds = 1810"),
    (
        "core.tickets",
        "durations_are_not_negative",
        "update core.tickets set first_reply_seconds = -1",
    ),
    (
        "core.tickets",
        "first_resolution_is_not_after_the_last",
        "update core.tickets set first_resolution_seconds = 7201",
    ),
    (
        "core.tickets",
        "reopened_at_most_as_often_as_solved",
        "update core.tickets set reopen_count = 3",
    ),
    (
        "core.tickets",
        "created_at_is_fresh",
        "update core.tickets set created_at = timestamptz '2025-06-20 00:00:00+00'",
    ),
    (
        "core.tickets",
        "created_at_is_not_after_as_of",
        "update core.tickets set created_at = timestamptz '2025-07-02 12:00:01+00'",
    ),
    (
        "core.tickets",
        "tickets_belong_to_customers",
        "insert into core.tickets by name select 'x' || i as ticket_id "
        "from range(20) as numbers (i)",
    ),
    ("core.tickets", "orders_of_tickets_are_known", "update core.tickets set order_id = 'desk:o9'"),
    (
        "core.survey_responses",
        "comments_show_no_address",
        "update core.survey_responses set comment = 'write to ada@example.com, please'",
    ),
    (
        "core.survey_responses",
        "nps_groups_follow_the_scores",
        "update core.survey_responses set nps_group = 'passive' where kind = 'nps'",
    ),
    (
        "core.survey_responses",
        "sentiment_is_from_minus_1_to_1",
        "update core.survey_responses set sentiment_score = 1.5",
    ),
    (
        "core.survey_responses",
        "customer_has_one_latest_answer",
        "insert into core.survey_responses select * replace ('voice:r3' as response_id) "
        "from core.survey_responses where kind = 'nps'",
    ),
    (
        "core.survey_responses",
        "responded_at_is_fresh",
        "update core.survey_responses set responded_at = timestamptz '2025-06-10 00:00:00+00'",
    ),
    (
        "core.survey_responses",
        "responded_at_is_not_after_as_of",
        "update core.survey_responses set responded_at = timestamptz '2025-07-02 12:00:01+00'",
    ),
    (
        "core.survey_responses",
        "orders_of_answers_are_known",
        "update core.survey_responses set order_id = 'voice:o9'",
    ),
    (
        "core.survey_responses",
        "tickets_of_answers_are_known",
        "update core.survey_responses set ticket_id = 'voice:t9'",
    ),
    (
        "journey.touchpoints",
        "touchpoints_equal_their_sources",
        "delete from journey.touchpoints where activity = 'ticket reopened'",
    ),
    (
        "journey.touchpoints",
        "revenue_equals_orders",
        "update journey.touchpoints set revenue_amount = 30 where touchpoint_id = '13'",
    ),
    (
        "journey.touchpoints",
        "steps_of_a_customer_are_numbered",
        "update journey.touchpoints set customer_sequence = 13 where touchpoint_id = '12'",
    ),
    (
        "journey.touchpoints",
        "touchpoints_have_a_stage",
        "insert into journey.touchpoints by name select 'x' || i as touchpoint_id "
        "from range(10) as numbers (i)",
    ),
    (
        "journey.touchpoints",
        "occurred_at_is_not_after_as_of",
        "update journey.touchpoints set occurred_at = timestamptz '2025-07-02 12:00:01+00'",
    ),
    (
        "journey.touchpoints",
        "touchpoints_belong_to_customers",
        "insert into journey.touchpoints by name select 'x' || i as touchpoint_id "
        "from range(200) as numbers (i)",
    ),
    (
        "metrics.metric_values",
        "money_equals_orders",
        "update core.orders set net_amount = 91 where order_id = 'shop:o1'",
    ),
    (
        "metrics.metric_values",
        "orders_equal_orders",
        "update core.orders set is_valid = true where order_id = 'shop:o3'",
    ),
    (
        "metrics.metric_values",
        "ticket_volume_equals_tickets",
        "update core.tickets set merged_into_ticket_id = 'desk:t2'",
    ),
    (
        "metrics.metric_values",
        "nps_equals_promoters_passives_detractors",
        "update core.survey_responses set nps_group = 'detractor' where kind = 'nps'",
    ),
    (
        "metrics.metric_values",
        "csat_equals_answers",
        "update core.survey_responses set score = 5 where kind = 'csat'",
    ),
    (
        "metrics.metric_values",
        "parts_add_up",
        "delete from metrics.metric_values where dimension = 'channel' and metric = 'orders' "
        "and grain = 'week'",
    ),
    (
        "metrics.metric_values",
        "days_add_up",
        "update metrics.metric_values set numerator = 3 where metric = 'orders' and grain = 'week'",
    ),
    (
        "metrics.metric_values",
        "value_is_its_numerator_by_its_denominator",
        "update metrics.metric_values set value = 4.1 where metric = 'csat_mean'",
    ),
    (
        "metrics.metric_values",
        "rates_are_from_0_to_1",
        "update metrics.metric_values set value = 1.1 where metric = 'reopen_rate'",
    ),
    (
        "metrics.metric_values",
        "nps_is_from_minus_100_to_100",
        "update metrics.metric_values set value = -101 where metric = 'nps'",
    ),
    (
        "metrics.metric_values",
        "value_is_inside_its_interval",
        "update metrics.metric_values set ci_low = 91 where metric = 'net_revenue'",
    ),
    (
        "metrics.metric_values",
        "newest_period_is_not_out_of_line",
        NINE_MONTHS.replace("NEWEST", "200"),
    ),
    (
        "churn.retention_cohorts",
        "cohorts_equal_customers",
        "delete from churn.retention_cohorts where policy = 'on'",
    ),
    (
        "churn.retention_cohorts",
        "whole_cohort_is_there_at_its_start",
        "update churn.retention_cohorts set retained = 0 where period_number = 0",
    ),
    (
        "churn.retention_cohorts",
        "retained_is_within_cohort",
        "update churn.retention_cohorts set retained = 2 where retention_cohort_id = '3'",
    ),
    (
        "churn.retention_cohorts",
        "on_or_after_never_grows",
        "update churn.retention_cohorts set retained = 2 where retention_cohort_id = '4'",
    ),
    (
        "churn.retention_cohorts",
        "open_months_are_empty",
        "update churn.retention_cohorts set retention_rate = 0 where period_number = 1",
    ),
    (
        "quality.runs",
        "run_ends_after_it_starts",
        "update quality.runs set ended_at = timestamptz '2025-06-30 00:00:00+00'",
    ),
    (
        "quality.runs",
        "some_of_the_last_runs_worked",
        "insert into quality.runs by name select 'x' || i as run_id, 'failed' as status, "
        "now() as started_at, now() as ended_at from range(3) as numbers (i)",
    ),
    (
        "quality.check_results",
        "nothing_was_released_despite_a_critical_failure",
        "update quality.runs set status = 'released'",
    ),
    (
        "quality.check_results",
        "results_belong_to_runs",
        "delete from quality.runs where run_id = 'run1'",
    ),
    (
        "quality.quarantined_rows",
        "refused_row_says_why",
        "update quality.quarantined_rows set reasons = '[]'",
    ),
    (
        "quality.quarantined_rows",
        "refused_rows_are_settled_in_30_days",
        "update quality.quarantined_rows set quarantined_at = timestamptz '2025-06-01 00:00:00+00'",
    ),
    (
        "quality.releases",
        "release_names_the_audited_file",
        "update quality.releases set audited_sha256 = null",
    ),
    (
        "quality.releases",
        "release_comes_from_a_released_run",
        "update quality.releases set run_id = 'run1'",
    ),
    (
        "quality.restatements",
        "restated_value_has_changed",
        "insert into quality.restatements by name select 'rel1' as release_id, 5 as value_before, "
        "5 as value_after",
    ),
    ("quality.restatements", "little_was_restated", MORE_RESTATED),
]

# What is only seen beside the last release, which is the consistent file.
LOST: list[tuple[str, str, str]] = [
    *(
        (table, "row_count_is_not_halved", f"delete from {table}")
        for table, suite in MARTS.items()
        if any(check.name == "row_count_is_not_halved" for check in suite.checks)
    ),
    (
        "metrics.metric_definitions",
        "no_metric_has_disappeared",
        "delete from metrics.metric_definitions where name = 'nps'",
    ),
    (
        "metrics.metric_definitions",
        "formula_is_that_of_the_last_release",
        "update metrics.metric_definitions set formula = 'another' where name = 'nps'",
    ),
    (
        "metrics.metric_values",
        "no_series_has_disappeared",
        "delete from metrics.metric_values where metric = 'nps'",
    ),
]


def contract(schema: str, table: str) -> dict[str, str]:
    """The columns of a mart with their types, as its model promises them."""
    (file,) = (MODELS / schema).glob("_*.yml")
    models = yaml.safe_load(file.read_text(encoding="utf-8"))["models"]
    (model,) = (model for model in models if model["name"] == table)
    return {column["name"]: column["data_type"] for column in model["columns"]}


@pytest.fixture(scope="session")
def consistent(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with every mart, in which everything adds up."""
    file = tmp_path_factory.mktemp("marts") / "marts.duckdb"
    with duckdb.connect(str(file)) as con:
        con.execute("set TimeZone = 'UTC'")
        for suite in MARTS.values():
            con.execute(f"create schema if not exists {suite.schema}")
            columns = ", ".join(
                f"{identifier(name)} {kind}"
                for name, kind in contract(suite.schema, suite.name).items()
            )
            con.execute(f"create table {suite.table} ({columns})")
        con.execute(CONSISTENT)
    return file


@pytest.fixture
def candidate(consistent: Path, tmp_path: Path) -> Path:
    """A copy of the consistent file, to be broken."""
    return Path(shutil.copy(consistent, tmp_path / "marts.duckdb"))


def change(file: Path, sql: str) -> None:
    with duckdb.connect(str(file)) as con:
        con.execute("set TimeZone = 'UTC'")
        con.execute(sql)


def judge(file: Path, table: str, check: str, previous: Path | None = None) -> Verdict:
    verdicts = evaluate_marts(file, previous, AS_OF, only=[table])
    return next(verdict for verdict in verdicts if verdict.check == check)


def test_a_consistent_file_passes_every_check(consistent):
    verdicts = evaluate_marts(consistent, None, AS_OF)
    promised = [(suite.table, check.name) for suite in MARTS.values() for check in suite.checks]
    assert [(verdict.table, verdict.check) for verdict in verdicts] == promised
    assert [verdict for verdict in verdicts if not verdict.passed] == []


def test_a_file_equal_to_the_last_release_passes_every_check(consistent, candidate):
    verdicts = evaluate_marts(candidate, consistent, AS_OF)
    assert [verdict for verdict in verdicts if not verdict.passed] == []
    assert "no earlier release" not in {verdict.observed for verdict in verdicts}


def test_the_first_run_has_no_release_to_compare_with(consistent):
    verdict = judge(consistent, "core.orders", "row_count_is_not_halved")
    assert verdict.passed
    assert verdict.observed == "no earlier release"


@pytest.mark.parametrize(("table", "check", "sql"), BROKEN, ids=[f"{b[0]}-{b[1]}" for b in BROKEN])
def test_each_check_fires_on_the_defect_that_it_is_for(candidate, table, check, sql):
    change(candidate, sql)
    verdict = judge(candidate, table, check)
    promised = next(c for c in MARTS[table].checks if c.name == check)
    assert not verdict.passed
    assert verdict.severity == promised.severity
    assert "could not be evaluated" not in verdict.observed
    assert json.loads(verdict.failing_sample)


@pytest.mark.parametrize(("table", "check", "sql"), LOST, ids=[f"{b[0]}-{b[1]}" for b in LOST])
def test_what_the_last_release_had_is_missed(consistent, candidate, table, check, sql):
    change(candidate, sql)
    verdict = judge(candidate, table, check, previous=consistent)
    assert not verdict.passed
    assert "could not be evaluated" not in verdict.observed


def test_every_check_has_a_defect_on_which_it_fires():
    promised = {(suite.table, check.name) for suite in MARTS.values() for check in suite.checks}
    assert {(table, check) for table, check, _ in [*BROKEN, *LOST]} == promised


def test_a_broken_identity_names_both_sides(candidate):
    change(candidate, "update core.orders set net_amount = 91 where order_id = 'shop:o1'")
    verdict = judge(candidate, "core.customers", "customers_add_up_to_the_records")
    assert verdict.observed == "what net_amount, customers 140.0000, records 141.0000"


def test_an_address_in_a_comment_is_named_by_its_answer_only(candidate):
    change(candidate, "update core.survey_responses set comment = 'ada@example.com'")
    verdict = judge(candidate, "core.survey_responses", "comments_show_no_address")
    assert "ada@example.com" not in repr(verdict)
    assert {"response_id": "voice:r1", "question_id": "nps"} in json.loads(verdict.failing_sample)


@pytest.mark.parametrize(("newest", "passes"), [("110", True), ("200", False), ("20", False)])
def test_the_newest_month_is_judged_by_the_months_before_it(candidate, newest, passes):
    change(candidate, NINE_MONTHS.replace("NEWEST", newest))
    verdict = judge(candidate, "metrics.metric_values", "newest_period_is_not_out_of_line")
    assert verdict.passed is passes


def test_a_jump_after_eight_equal_months_is_seen(candidate):
    change(candidate, NINE_MONTHS.replace("NEWEST", "160").replace("100 + i", "100"))
    verdict = judge(candidate, "metrics.metric_values", "newest_period_is_not_out_of_line")
    assert not verdict.passed


def test_a_rule_that_cannot_be_evaluated_is_a_critical_failure_and_the_others_are_judged(candidate):
    change(candidate, "alter table core.tickets drop column order_id")
    verdicts = {v.check: v for v in evaluate_marts(candidate, None, AS_OF, only=["core.tickets"])}
    broken = verdicts.pop("orders_of_tickets_are_known")
    assert not broken.passed
    assert broken.severity == "critical"
    assert broken.observed.startswith("the check could not be evaluated: ")
    assert "order_id" in broken.observed
    assert all(verdict.passed for verdict in verdicts.values())


def test_a_mart_that_is_not_there_fails_all_its_checks(candidate):
    change(candidate, "drop table churn.retention_cohorts")
    verdicts = evaluate_marts(candidate, None, AS_OF, only=["churn.retention_cohorts"])
    assert len(verdicts) == len(MARTS["churn.retention_cohorts"].checks)
    assert all(not v.passed and v.severity == "critical" for v in verdicts)


@pytest.mark.parametrize(
    "sql",
    [
        "drop table metrics.metric_definitions",
        "alter table metrics.metric_definitions rename column formula to calculation",
    ],
)
def test_a_mart_of_another_form_than_in_the_last_release_is_not_compared(
    consistent, candidate, tmp_path, sql
):
    earlier = Path(shutil.copy(consistent, tmp_path / "earlier.duckdb"))
    change(earlier, sql)
    verdicts = evaluate_marts(candidate, earlier, AS_OF, only=["metrics.metric_definitions"])
    assert all(verdict.passed for verdict in verdicts)
    assert {verdict.observed for verdict in verdicts} == {
        "the last release has this table in another form, or not at all"
    }


def test_judging_leaves_the_file_as_it_was_and_free(consistent, candidate):
    before = hashlib.sha256(candidate.read_bytes()).hexdigest()
    evaluate_marts(candidate, consistent, AS_OF, only=["core.orders"])
    assert hashlib.sha256(candidate.read_bytes()).hexdigest() == before
    change(candidate, "delete from core.orders")


def test_a_path_with_odd_characters_is_judged(consistent, tmp_path):
    folder = tmp_path / "it's 100 % $HOME?"
    folder.mkdir()
    file = Path(shutil.copy(consistent, folder / "marts.duckdb"))
    assert all(v.passed for v in evaluate_marts(file, None, AS_OF, only=["core.orders"]))
