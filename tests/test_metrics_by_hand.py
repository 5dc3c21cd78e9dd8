"""One small deployment, written by hand, through a whole run: numbers to recompute on paper.

All times are on the clock of Berlin: +01:00 until 29 March 2026, +02:00 from then on. The run looks
at the data as of 1 May 2026, 12:00, so April is over and May has just begun.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from orchestration.settings import Home
from tests.warehouse import ask, new_home, one, run

pytestmark = pytest.mark.slow

AS_OF = datetime(2026, 5, 1, 10, tzinfo=UTC)
JANUARY, FEBRUARY, MARCH, APRIL, MAY = (date(2026, month, 1) for month in range(1, 6))

# Ada, Bob and Cleo buy; Dan never did; Eve is known by nothing but her e-mail.
CUSTOMERS = """
source_customer_id,email,created_at,country,segment,updated_at
c1,ada@example.com,2026-01-10 08:00,DE,private,2026-01-10 08:00
c2,bob@example.com,2026-01-15 08:00,FR,business,2026-01-15 08:00
c3,cleo@example.com,2026-02-01 08:00,DE,private,2026-02-01 08:00
c4,dan@example.com,2026-02-02 08:00,DE,private,2026-02-02 08:00
"""

# o1 and o2 are of one day. o2 is six hours late; o3 arrives at the promised second, which is on
# time. o4 is Ada as a guest, o6 is Eve, o9 says of nobody who it was. o5 is cancelled. o7 and o11
# are of one day. o10 has no amount. o14 is of this morning, o15 of this afternoon: after the
# instant at which the run looks.
ORDERS = """
order_id,source_customer_id,email,ordered_at,status,currency,gross_amount,discount_amount,\
refund_amount,refunded_at,promised_at,delivered_at,updated_at
o1,c1,,2026-01-20 10:00,delivered,EUR,100,10,,,2026-01-25 20:00,2026-01-24 10:00,2026-01-24 10:00
o2,c1,,2026-01-20 18:00,delivered,EUR,50,,,,2026-01-23 12:00,2026-01-23 18:00,2026-01-23 18:00
o3,c2,,2026-01-31 23:30,delivered,EUR,80,,30,2026-02-10 09:00,2026-02-03 23:30,2026-02-03 23:30,\
2026-02-10 09:00
o4,,ADA@Example.com,2026-02-14 12:00,paid,EUR,40,,,,,,2026-02-14 12:00
o5,c2,,2026-02-20 10:00,cancelled,EUR,500,,,,,,2026-02-21 10:00
o6,,eve@example.com,2026-02-25 09:00,paid,EUR,60,,,,,,2026-02-25 09:00
o7,c3,,2026-03-05 10:00,paid,EUR,20,,,,,,2026-03-05 10:00
o11,c3,,2026-03-05 23:59,paid,EUR,10,,,,,,2026-03-05 23:59
o9,,,2026-03-10 10:00,paid,EUR,25,,,,,,2026-03-10 10:00
o13,c2,,2026-03-15 10:00,paid,EUR,70,,,,,,2026-03-15 10:00
o8,c3,,2026-04-02 10:00,paid,EUR,30,,,,,,2026-04-02 10:00
o10,c1,,2026-04-15 10:00,paid,EUR,,,,,,,2026-04-15 10:00
o12,c2,,2026-04-20 12:00,paid,EUR,100,,20,2026-04-28 12:00,,,2026-04-28 12:00
o14,c3,,2026-05-01 09:00,paid,EUR,5,,,,,,2026-05-01 09:00
o15,c1,,2026-05-01 15:00,paid,EUR,1000,,,,,,2026-05-01 15:00
"""

# t1 is solved, reopened and solved again. t2 is closed and was never solved. t3 is open. t4 is the
# same case as t1. t5 is Eve's, answered and solved in one go.
TICKETS = """
ticket_id,source_customer_id,email,created_at,updated_at,channel,reason,priority,status,\
merged_into_ticket_id
t1,d1,ada@example.com,2026-03-02 10:00,2026-03-04 10:00,email,delivery,high,closed,
t2,d2,bob@example.com,2026-03-10 09:00,2026-03-11 09:00,email,refund,normal,closed,
t3,d1,ada@example.com,2026-03-20 12:00,2026-03-20 12:00,chat,delivery,normal,new,
t4,d1,ada@example.com,2026-03-02 10:10,2026-03-02 10:40,email,delivery,high,closed,t1
t5,,eve@example.com,2026-04-02 10:00,2026-04-02 10:20,email,billing,low,solved,
"""

EVENTS = """
ticket_id,event_id,occurred_at,actor_kind,kind,is_public,from_value,to_value
t1,1,2026-03-02 10:00,customer,status,,,new
t1,2,2026-03-02 10:01,bot,comment,true,,
t1,3,2026-03-02 10:02,agent,assignee,,,a1
t1,4,2026-03-02 10:05,agent,comment,false,,
t1,5,2026-03-02 10:30,agent,comment,true,,
t1,6,2026-03-02 11:00,agent,status,,new,open
t1,7,2026-03-02 12:00,agent,status,,open,pending
t1,8,2026-03-02 13:00,agent,status,,pending,solved
t1,9,2026-03-02 13:10,customer,rating,,,bad
t1,10,2026-03-02 15:00,customer,status,,solved,open
t1,11,2026-03-02 15:10,agent,assignee,,a1,a2
t1,12,2026-03-02 15:30,agent,status,,open,hold
t1,13,2026-03-02 16:30,agent,status,,hold,open
t1,14,2026-03-02 16:45,agent,comment,true,,
t1,15,2026-03-02 17:00,agent,status,,open,solved
t1,16,2026-03-03 09:00,customer,rating,,,good
t1,17,2026-03-04 10:00,system,status,,solved,closed
t2,1,2026-03-10 09:00,customer,status,,,new
t2,2,2026-03-11 09:00,system,status,,new,closed
t3,1,2026-03-20 12:00,customer,status,,,new
t4,1,2026-03-02 10:10,customer,status,,,new
t4,2,2026-03-02 10:40,system,status,,new,closed
t5,1,2026-04-02 10:00,customer,status,,,new
t5,2,2026-04-02 10:20,agent,comment,true,,
t5,3,2026-04-02 10:20,agent,status,,new,solved
"""

# Bob never answers, Cleo's first invitation bounces, Dan answers though his says only `opened`.
INVITATIONS = """
invitation_id,survey_id,source_customer_id,email,sent_at,status,channel
i1,relation,v1,ada@example.com,2026-03-01 09:00,completed,email
i2,relation,v2,bob@example.com,2026-03-01 09:00,sent,email
i3,relation,v3,cleo@example.com,2026-03-01 09:00,bounced,email
i4,relation,v4,dan@example.com,2026-03-01 09:00,opened,email
i5,order,v3,cleo@example.com,2026-03-31 23:00,completed,email
"""

# r3 is anonymous. r4 and r5 are Cleo's at the same second: the last one counts. r8 has another
# scale. r9 gives a comment and no score.
RESPONSES = """
response_id,survey_id,question_id,kind,score,scale_min,scale_max,comment,responded_at,\
invitation_id,source_customer_id,email,order_id,ticket_id
r1,relation,q,nps,8,0,10,fine,2026-03-31 23:30,i1,v1,ada@example.com,,
r2,relation,q,nps,6,0,10,,2026-04-02 08:00,i4,v4,dan@example.com,,
r3,relation,q,nps,10,0,10,,2026-04-05 08:00,,,,,
r4,relation,q,nps,10,0,10,,2026-04-10 12:00,,v3,cleo@example.com,,
r5,relation,q,nps,3,0,10,,2026-04-10 12:00,,v3,cleo@example.com,,
r6,order,q,csat,4,1,5,,2026-04-06 08:00,i5,v3,cleo@example.com,o8,
r7,order,q,csat,2,1,5,write to bob@example.com,2026-03-12 08:00,,,bob@example.com,,t2
r8,help,q,csat,5,1,7,,2026-04-07 08:00,,v1,ada@example.com,,t1
r9,relation,q,nps,,0,10,no score,2026-04-08 08:00,,v1,ada@example.com,,
"""

FILES = {
    "shop": {"customers": CUSTOMERS, "orders": ORDERS},
    "desk": {"tickets": TICKETS, "ticket_events": EVENTS},
    "voice": {"survey_invitations": INVITATIONS, "survey_responses": RESPONSES},
}


def sources() -> str:
    """A `sources.yml` whose files have the entities' own columns."""
    lines = ["timezone: Europe/Berlin", "currency: EUR", "sources:"]
    for source, entities in FILES.items():
        lines += [f"  {source}:", "    kind: files", f"    directory: drop/{source}", "    tables:"]
        lines += [f"      {name}_export: {{path: {name}.csv}}" for name in entities]
        lines += ["    entities:"]
        lines += [f"      {name}: {{query: select * from {name}_export}}" for name in entities]
    return "\n".join(lines)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = new_home(tmp_path_factory.mktemp("by_hand") / "home", sources())
    for source, entities in FILES.items():
        for name, rows in entities.items():
            file = home.root / "drop" / source / f"{name}.csv"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(rows.lstrip(), encoding="utf-8")
    run(home, as_of=AS_OF)
    return home


def by_month(home: Home, metric: str, policy: str) -> dict[date, tuple[int, Any]]:
    """n and value of a metric over all, by month."""
    found = ask(
        home,
        f"select period_start, n, value from metrics.metric_values where metric = '{metric}' "
        f"and policy = '{policy}' and grain = 'month' and dimension = 'all'",
    )
    return {month: (n, value) for month, n, value in found}


def berlin(text: str) -> datetime:
    """An instant from the clock of Berlin."""
    wall = datetime.fromisoformat(text)
    ahead = 2 if wall >= datetime(2026, 3, 29, 3) else 1
    return wall.replace(tzinfo=UTC).replace(hour=wall.hour - ahead)


# --- Who is who ----------------------------------------------------------------------------------


def test_people_are_joined_by_their_email_and_counted_once(home):
    people = ask(
        home,
        """
        select
            count(distinct identity_key), count(distinct source_customer_id),
            count(distinct customer_id)
        from core.customer_identities
        """,
    )
    # shop c1-c4, desk d1-d2, voice v1-v4, and what came without an id and is known by its e-mail:
    # Ada's guest order, Eve's order and ticket, Bob's answer.
    assert people == [(4 + 2 + 4 + 3, 10, 5)]


def test_customers_are_summed_up_over_all_they_did(home):
    found = ask(
        home,
        """
        select
            split_part(min(identity_key) filter (identity_key like 'shop:c%'), ':', 2),
            order_count, net_amount, ticket_count, response_count, persona, country, source_count
        from core.customers inner join core.customer_identities using (customer_id)
        group by all
        """,
    )
    # Ada: o1 90 + o2 50 + o4 40, o10 without an amount; t1, t3, t4; r1, r8, r9.
    # Bob: o3 80 − 30, o13 70, o12 100 − 20; his first order is of 31 January, 23:30, less than 90
    # days before 1 May, 12:00 (that was 31 January, 11:00). Cleo: o7 20, o11 10, o8 30, o14 5.
    assert sorted(found, key=str) == sorted(
        [
            ("c1", 4, Decimal(180), 3, 3, "regular", "DE", 3),
            ("c2", 3, Decimal(200), 1, 1, "new customer", "FR", 3),
            ("c3", 4, Decimal(65), 0, 3, "new customer", "DE", 2),
            ("c4", 0, Decimal(0), 0, 1, "prospect", "DE", 2),
            (None, 1, Decimal(60), 1, 0, "new customer", None, 2),
        ],
        key=str,
    )


def test_a_guest_is_the_customer_with_the_same_email_however_it_is_spelt(home):
    found = ask(
        home,
        """
        select order_id, order_sequence, is_first_order, country from core.orders
        where customer_id = (select customer_id from core.orders where order_id = 'shop:o1')
        """,
    )
    assert sorted(found) == [
        ("shop:o1", 1, True, "DE"),
        ("shop:o10", 4, False, "DE"),
        ("shop:o2", 2, False, "DE"),
        ("shop:o4", 3, False, "DE"),
    ]
    nobody = one(
        home,
        "select customer_id, is_first_order, order_sequence from core.orders "
        "where order_id = 'shop:o9'",
    )
    assert nobody == (None, None, None)


# --- Orders --------------------------------------------------------------------------------------


def test_orders_after_the_instant_of_the_run_are_not_there(home):
    of_may = ask(home, "select order_id from core.orders where ordered_date >= '2026-05-01'")
    assert of_may == [("shop:o14",)]


def test_a_cancelled_order_is_in_no_metric_but_stays_in_sight(home):
    order = one(
        home,
        "select is_valid, order_sequence, is_first_order, net_amount from core.orders "
        "where order_id = 'shop:o5'",
    )
    assert order == (False, None, None, Decimal(500))
    # February: o4 and o6. March: o7, o11, o9 and o13. April: o8, o10 and o12.
    assert by_month(home, "orders", "order_date") == {
        JANUARY: (3, 3),
        FEBRUARY: (2, 2),
        MARCH: (4, 4),
        APRIL: (3, 3),
        MAY: (1, 1),
    }


def test_order_values_count_refunds_on_the_day_of_the_order_or_of_the_refund(home):
    # Day of the order: 90 + 50 + (80 − 30); 40 + 60; 20 + 10 + 25 + 70; 30 + (100 − 20); 5.
    assert by_month(home, "net_revenue", "order_date") == {
        JANUARY: (3, 190),
        FEBRUARY: (2, 100),
        MARCH: (4, 125),
        APRIL: (2, 110),
        MAY: (1, 5),
    }
    assert by_month(home, "aov", "order_date") == {
        JANUARY: (3, pytest.approx(190 / 3)),
        FEBRUARY: (2, 50),
        MARCH: (4, 125 / 4),
        APRIL: (2, 55),
        MAY: (1, 5),
    }
    # Day of the refund: o3's 30 stay in January and are booked in February, as a booking more.
    assert by_month(home, "net_revenue", "refund_date") == {
        JANUARY: (3, 220),
        FEBRUARY: (3, 70),
        MARCH: (4, 125),
        APRIL: (3, 110),
        MAY: (1, 5),
    }
    assert by_month(home, "aov", "refund_date")[FEBRUARY] == (2, 35)


def test_deliveries_are_late_from_the_second_after_the_promised_one(home):
    delivered = ask(
        home,
        "select order_id, is_late, delivery_days from core.orders where delivered_at is not null",
    )
    assert sorted(delivered) == [
        ("shop:o1", False, 4),
        ("shop:o2", True, 3),
        ("shop:o3", False, 3),
    ]
    assert by_month(home, "late_delivery_rate", "delivered_date") == {
        JANUARY: (2, 0.5),
        FEBRUARY: (1, 0),
    }


def test_orders_of_one_day_make_nobody_a_repeat_customer(home):
    # Days with orders. Ada: 20 Jan, 14 Feb, 15 Apr; Bob: 31 Jan, 15 Mar, 20 Apr; Eve: 25 Feb;
    # Cleo: 5 Mar, 2 Apr, 1 May. Nobody's o9 is in neither part.
    assert by_month(home, "repeat_purchase_rate", "to_date") == {
        JANUARY: (2, 0),
        FEBRUARY: (3, pytest.approx(1 / 3)),
        MARCH: (4, 0.5),
        APRIL: (4, 0.75),
        MAY: (4, 0.75),
    }


def test_cohorts_are_kept_as_their_members_ordered(home):
    found = ask(
        home,
        """
        select
            cohort_month, period_number, min(cohort_size),
            max(retained) filter (policy = 'on'), max(retained) filter (policy = 'on_or_after'),
            max(net_amount) filter (policy = 'on'), max(net_amount) filter (policy = 'on_or_after')
        from churn.retention_cohorts group by all order by all
        """,
    )
    # Ada orders in Jan, Feb and Apr, Bob in Jan, Mar and Apr. Eve is gone after Feb. Cleo orders in
    # Mar, Apr and May, which is not over: NULL, though its 5 are in the sums of the months before.
    assert found == [
        (JANUARY, 0, 2, 2, 2, 190, 190 + 40 + 70 + 80),
        (JANUARY, 1, 2, 1, 2, 40, 40 + 70 + 80),
        (JANUARY, 2, 2, 1, 2, 70, 70 + 80),
        (JANUARY, 3, 2, 2, 2, 80, 80),
        (JANUARY, 4, 2, None, None, None, None),
        (FEBRUARY, 0, 1, 1, 1, 60, 60),
        (FEBRUARY, 1, 1, 0, 0, 0, 0),
        (FEBRUARY, 2, 1, 0, 0, 0, 0),
        (FEBRUARY, 3, 1, None, None, None, None),
        (MARCH, 0, 1, 1, 1, 30, 30 + 30 + 5),
        (MARCH, 1, 1, 1, 1, 30, 30 + 5),
        (MARCH, 2, 1, None, None, None, None),
    ]


# --- Tickets -------------------------------------------------------------------------------------

HOUR = 3600


def test_a_reopened_ticket_is_timed_in_all_its_parts(home):
    names = (
        "status, first_reply_seconds, first_resolution_seconds, full_resolution_seconds, "
        "requester_wait_seconds, agent_wait_seconds, on_hold_seconds, agent_work_seconds, "
        "reopen_count, public_reply_count, handoff_count, touch_class, csat_first_score, "
        "csat_last_score"
    )
    # First reply at 10:30: the bot of 10:01 and the note of 10:05 are none. Solved at 13:00 and
    # 17:00. new 10-11, open 11-12, pending 12-13, solved 13-15, open 15-15:30, hold until 16:30,
    # open until 17: new + open = 3 h, hold 1 h, pending 1 h, solved in between 2 h.
    assert one(home, f"select {names} from core.tickets where ticket_id = 'desk:t1'") == (
        "closed",
        HOUR / 2,
        3 * HOUR,
        7 * HOUR,
        4 * HOUR,
        HOUR,
        HOUR,
        3 * HOUR,
        1,
        2,
        1,
        "two",
        0,
        1,
    )


def test_tickets_that_were_never_solved_are_resolved_by_closing_or_not_at_all(home):
    found = ask(
        home,
        """
        select
            ticket_id, case_id, solved_at, resolved_at, full_resolution_seconds,
            first_reply_seconds, touch_class
        from core.tickets where ticket_id <> 'desk:t1'
        """,
    )
    closed = berlin("2026-03-11 09:00")
    merged = berlin("2026-03-02 10:40")
    solved = berlin("2026-04-02 10:20")
    assert sorted(found) == [
        ("desk:t2", "desk:t2", None, closed, 24 * HOUR, None, "zero"),
        ("desk:t3", "desk:t3", None, None, None, None, None),
        ("desk:t4", "desk:t1", None, merged, HOUR / 2, None, "zero"),
        ("desk:t5", "desk:t5", solved, solved, HOUR / 3, HOUR / 3, "one"),
    ]


def test_a_merged_ticket_is_counted_once_by_the_one_that_survives(home):
    # March: t1, t2 and t3; t4 is t1.
    assert by_month(home, "ticket_volume", "created_date") == {MARCH: (3, 3), APRIL: (1, 1)}
    # March: t1 7 h and t2 24 h; who leaves out what was only closed sees t1 alone.
    assert by_month(home, "resolution_median", "closed_stands_in") == {
        MARCH: (2, 15.5 * HOUR),
        APRIL: (1, HOUR / 3),
    }
    assert by_month(home, "resolution_median", "solved_only") == {
        MARCH: (1, 7 * HOUR),
        APRIL: (1, HOUR / 3),
    }
    assert by_month(home, "reopen_rate", "resolved_date") == {MARCH: (1, 1), APRIL: (1, 0)}


# --- Surveys -------------------------------------------------------------------------------------


def test_who_never_answered_counts_in_the_response_rate_and_who_never_got_it_does_not(home):
    # Sent i1, i2, i4, i5 (23:00 of 31 March); i3 bounced. Answered i1, i4, i5.
    assert by_month(home, "response_rate", "invited") == {MARCH: (4, 0.75)}


def test_promoters_and_detractors_are_counted_by_answer_and_by_latest_answer(home):
    # March: the 8 of 31 March, 23:30. April: 6, 10, 10, 3; the answer without a score is in no N.
    assert by_month(home, "nps", "all") == {MARCH: (1, 0), APRIL: (4, 0)}
    # At the end of April: Ada 8, Dan 6, somebody 10, Cleo 3 and not 10: 100 · (1 − 2) / 4.
    # At the as-of instant nothing has changed.
    assert by_month(home, "nps", "latest_90d") == {MARCH: (1, 0), APRIL: (4, -25), MAY: (4, -25)}
    # 100 · (0 ± 1.96 · √((2.75 + 2.75) / 7 / 7)) for two promoters and two detractors of four.
    interval = one(
        home,
        "select ci_low, ci_high from metrics.metric_values where metric = 'nps' "
        "and policy = 'all' and grain = 'month' and dimension = 'all' "
        "and period_start = '2026-04-01'",
    )
    assert interval == pytest.approx((-65.67, 65.67), abs=0.005)


def test_of_two_answers_at_the_same_second_the_last_one_is_the_latest(home):
    found = ask(
        home,
        "select response_id, customer_id is null, is_latest_90d, nps_group "
        "from core.survey_responses where kind = 'nps'",
    )
    assert sorted(found) == [
        ("voice:r1", False, True, "passive"),
        ("voice:r2", False, True, "detractor"),
        ("voice:r3", True, True, "promoter"),
        ("voice:r4", False, False, "promoter"),
        ("voice:r5", False, True, "detractor"),
        ("voice:r9", False, False, None),
    ]


def test_scales_are_never_pooled_and_months_are_those_of_the_answer_or_of_the_invitation(home):
    assert by_month(home, "csat_mean", "scale_1_5") == {MARCH: (1, 2), APRIL: (1, 4)}
    assert by_month(home, "csat_mean", "scale_1_5_invited") == {MARCH: (1, 4)}
    assert by_month(home, "csat_mean", "scale_1_7") == {APRIL: (1, 5)}
    assert by_month(home, "csat_top_box", "scale_1_5") == {MARCH: (1, 0), APRIL: (1, 1)}
    assert by_month(home, "csat_top_box", "scale_1_7") == {APRIL: (1, 1)}


def test_a_comment_is_kept_without_the_address_in_it(home):
    assert one(home, "select comment from core.survey_responses where ticket_id = 'desk:t2'") == (
        "write to ***",
    )


# --- Journeys ------------------------------------------------------------------------------------


def journey(home: Home, order: str) -> list[tuple[Any, ...]]:
    """What the customer of an order went through: where, when, in which journey, for how much."""
    return ask(
        home,
        f"""
        select
            customer_sequence, occurred_at, activity, split_part(source_id, ':', 2),
            cast(split_part(journey_id, ':', 2) as int), revenue_amount
        from journey.touchpoints
        where customer_id = (select customer_id from core.orders where order_id = '{order}')
        order by customer_sequence
        """,
    )


def numbered(*steps: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    return [(number, berlin(when), *rest) for number, (when, *rest) in enumerate(steps, 1)]


def test_touchpoints_of_a_customer_are_in_order_over_all_sources(home):
    assert journey(home, "shop:o1") == numbered(
        ("2026-01-20 10:00", "order placed", "o1", 1, 90),
        ("2026-01-20 18:00", "order placed", "o2", 1, 50),
        ("2026-01-23 18:00", "order delivered late", "o2", 1, None),
        ("2026-01-24 10:00", "order delivered", "o1", 1, None),
        ("2026-02-14 12:00", "order placed", "o4", 1, 40),
        ("2026-03-02 10:00", "ticket opened", "t1", 1, None),
        ("2026-03-02 10:10", "ticket opened", "t4", 1, None),
        ("2026-03-02 10:30", "agent replied", "t1", 1, None),
        ("2026-03-02 13:00", "ticket solved", "t1", 1, None),
        ("2026-03-02 15:00", "ticket reopened", "t1", 1, None),
        ("2026-03-02 16:45", "agent replied", "t1", 1, None),
        ("2026-03-02 17:00", "ticket solved", "t1", 1, None),
        ("2026-03-20 12:00", "ticket opened", "t3", 1, None),
        ("2026-03-31 23:30", "nps answered", "r1", 1, None),
        ("2026-04-07 08:00", "csat answered", "r8", 1, None),
        ("2026-04-08 08:00", "nps answered", "r9", 1, None),
        ("2026-04-15 10:00", "order placed", "o10", 1, None),
    )


def test_a_refund_is_of_its_own_day_and_a_gap_of_30_days_opens_another_journey(home):
    # 36 days lie between 15 March and 20 April. The cancelled order's 500 are no revenue.
    assert journey(home, "shop:o3") == numbered(
        ("2026-01-31 23:30", "order placed", "o3", 1, 50),
        ("2026-02-03 23:30", "order delivered", "o3", 1, None),
        ("2026-02-10 09:00", "order refunded", "o3", 1, None),
        ("2026-02-20 10:00", "order placed", "o5", 1, None),
        ("2026-02-21 10:00", "order cancelled", "o5", 1, None),
        ("2026-03-10 09:00", "ticket opened", "t2", 1, None),
        ("2026-03-12 08:00", "csat answered", "r7", 1, None),
        ("2026-03-15 10:00", "order placed", "o13", 1, 70),
        ("2026-04-20 12:00", "order placed", "o12", 2, 80),
        ("2026-04-28 12:00", "order refunded", "o12", 2, None),
    )
