"""The entities' contract: what a row must hold to pass the door of landing."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

Type = Literal["text", "decimal", "integer", "instant", "date", "boolean"]

SQL_TYPES: dict[Type, str] = {
    "text": "varchar",
    "decimal": "decimal(18, 4)",
    "integer": "bigint",
    "instant": "timestamptz",
    "date": "date",
    "boolean": "boolean",
}


@dataclass(frozen=True)
class Column:
    """A column of an entity: its type, and what a value may be."""

    type: Type
    allowed: tuple[str, ...] = ()
    is_personal: bool = False


@dataclass(frozen=True)
class Rule:
    """A condition over a row's typed columns; a row for which it is false is quarantined.

    A condition that is NULL passes: an optional column that is not known breaks no rule.
    """

    condition: str
    reason: str


@dataclass(frozen=True)
class Entity:
    """One kind of thing that sources send: its columns, key, time and rules.

    `key` is unique together with the source. `time` is when the thing happened; it is NULL for
    entities whose rows belong to another one. `version` is the column that tells a newer state of
    the same key from an older one; without it, the row that landed last is the newest.
    """

    name: str
    description: str
    columns: dict[str, Column]
    key: tuple[str, ...]
    time: str | None = None
    version: str | None = None
    rules: tuple[Rule, ...] = ()

    @cached_property
    def required(self) -> tuple[str, ...]:
        """Columns that may never be NULL: the key and the time."""
        return (*self.key, self.time) if self.time and self.time not in self.key else self.key

    @cached_property
    def identifiers(self) -> tuple[str, ...]:
        """Columns that name a person across systems; landing adds `_<name>_hash` for each."""
        return tuple(name for name in ("email", "phone") if name in self.columns)


TEXT = Column("text")
PERSONAL = Column("text", is_personal=True)
DECIMAL = Column("decimal")
INSTANT = Column("instant")
DATE = Column("date")


def one_of(*allowed: str) -> Column:
    """A text column with a closed list of values."""
    return Column("text", allowed=allowed)


def not_negative(*columns: str) -> tuple[Rule, ...]:
    """Amounts and counts that cannot be below zero."""
    return tuple(Rule(f"{column} >= 0", f"{column} is below zero") for column in columns)


_ENTITIES = (
    Entity(
        name="customers",
        description="Customers as a source knows them. One row per customer and source.",
        columns={
            "source_customer_id": TEXT,
            "email": PERSONAL,
            "phone": PERSONAL,
            "name": PERSONAL,
            "created_at": INSTANT,
            "country": TEXT,
            "segment": TEXT,
            "updated_at": INSTANT,
        },
        key=("source_customer_id",),
        time="created_at",
        version="updated_at",
    ),
    Entity(
        name="orders",
        description="Orders with their amounts and dates of delivery. One row per order.",
        columns={
            "order_id": TEXT,
            "source_customer_id": TEXT,
            "email": PERSONAL,
            "ordered_at": INSTANT,
            "status": one_of("placed", "paid", "shipped", "delivered", "cancelled", "returned"),
            "channel": TEXT,
            "currency": TEXT,
            "gross_amount": DECIMAL,
            "discount_amount": DECIMAL,
            "refund_amount": DECIMAL,
            "refunded_at": INSTANT,
            "promised_at": INSTANT,
            "delivered_at": INSTANT,
            "updated_at": INSTANT,
        },
        key=("order_id",),
        time="ordered_at",
        version="updated_at",
        rules=not_negative("gross_amount", "discount_amount", "refund_amount"),
    ),
    Entity(
        name="order_lines",
        description="Lines of orders. One row per order line.",
        columns={
            "order_id": TEXT,
            "line_number": Column("integer"),
            "product_id": TEXT,
            "category": TEXT,
            "quantity": DECIMAL,
            "unit_price_amount": DECIMAL,
            "discount_amount": DECIMAL,
        },
        key=("order_id", "line_number"),
        rules=not_negative("quantity", "unit_price_amount", "discount_amount"),
    ),
    Entity(
        name="tickets",
        description="Support tickets in their present state. One row per ticket.",
        columns={
            "ticket_id": TEXT,
            "source_customer_id": TEXT,
            "email": PERSONAL,
            "created_at": INSTANT,
            "updated_at": INSTANT,
            "channel": TEXT,
            "subject": PERSONAL,
            "reason": TEXT,
            "priority": TEXT,
            "status": one_of("new", "open", "pending", "hold", "solved", "closed", "deleted"),
            "assignee_id": TEXT,
            "group_name": TEXT,
            "order_id": TEXT,
            "merged_into_ticket_id": TEXT,
            "follow_up_of_ticket_id": TEXT,
        },
        key=("ticket_id",),
        time="created_at",
        version="updated_at",
    ),
    Entity(
        name="ticket_events",
        description="Things that happened to tickets: comments, changes of state, ratings. "
        "One row per event.",
        columns={
            "ticket_id": TEXT,
            "event_id": TEXT,
            "occurred_at": INSTANT,
            "actor_kind": one_of("customer", "agent", "bot", "system"),
            "actor_id": TEXT,
            "kind": one_of(
                "comment", "status", "assignee", "priority", "schedule", "sla_policy", "rating"
            ),
            "is_public": Column("boolean"),
            "from_value": TEXT,
            "to_value": TEXT,
            "body": PERSONAL,
        },
        key=("ticket_id", "event_id"),
        time="occurred_at",
        rules=(
            Rule(
                "kind <> 'status' or (to_value is not null and to_value in "
                "('new', 'open', 'pending', 'hold', 'solved', 'closed', 'deleted'))",
                "a status event needs to_value: new, open, pending, hold, solved, closed or "
                "deleted",
            ),
        ),
    ),
    Entity(
        name="survey_invitations",
        description="Invitations to surveys and what became of them. One row per invitation.",
        columns={
            "invitation_id": TEXT,
            "survey_id": TEXT,
            "source_customer_id": TEXT,
            "email": PERSONAL,
            "sent_at": INSTANT,
            "status": one_of("sent", "bounced", "opened", "started", "completed"),
            "channel": TEXT,
        },
        key=("invitation_id",),
        time="sent_at",
    ),
    Entity(
        name="survey_responses",
        description="Answers to survey questions, with the scale of the question. "
        "One row per answered question.",
        columns={
            "response_id": TEXT,
            "survey_id": TEXT,
            "question_id": TEXT,
            "kind": one_of("nps", "csat", "ces", "other"),
            "score": DECIMAL,
            "scale_min": DECIMAL,
            "scale_max": DECIMAL,
            "comment": PERSONAL,
            "responded_at": INSTANT,
            "invitation_id": TEXT,
            "source_customer_id": TEXT,
            "email": PERSONAL,
            "order_id": TEXT,
            "ticket_id": TEXT,
            "channel": TEXT,
        },
        key=("response_id", "question_id"),
        time="responded_at",
        rules=(
            Rule(
                "kind <> 'nps' or score is null or (score between 0 and 10 and score % 1 = 0)",
                "an NPS score is a whole number from 0 to 10",
            ),
            Rule(
                "kind not in ('csat', 'ces') or score is null "
                "or (scale_min is not null and scale_max is not null)",
                "a csat or ces score needs scale_min and scale_max",
            ),
            Rule("scale_min < scale_max", "scale_min is not below scale_max"),
            Rule("score between scale_min and scale_max", "score is outside its scale"),
        ),
    ),
    Entity(
        name="schedules",
        description="Working windows of support teams. One row per window.",
        columns={
            "schedule_id": TEXT,
            "name": TEXT,
            "timezone": TEXT,
            "weekday": Column("integer"),
            "start_time": TEXT,
            "end_time": TEXT,
            "valid_from": DATE,
            "valid_to": DATE,
        },
        key=("schedule_id", "weekday", "start_time", "valid_from"),
        rules=(
            Rule("weekday between 1 and 7", "weekday is not from 1 (Monday) to 7"),
            Rule("start_time < end_time", "start_time is not before end_time (write 24:00)"),
            Rule(
                "regexp_full_match(start_time, '([01][0-9]|2[0-3]):[0-5][0-9]') and "
                "regexp_full_match(end_time, '([01][0-9]|2[0-3]):[0-5][0-9]|24:00')",
                "start_time and end_time are written HH:MM",
            ),
        ),
    ),
    Entity(
        name="holidays",
        description="Days off of a schedule. One row per schedule and day.",
        columns={"schedule_id": TEXT, "holiday_date": DATE, "name": TEXT},
        key=("schedule_id", "holiday_date"),
    ),
    Entity(
        name="sla_policies",
        description="Targets of service by metric and priority. "
        "One row per policy, metric, priority and first day of validity.",
        columns={
            "policy_id": TEXT,
            "metric": one_of(
                "first_reply", "next_reply", "agent_work", "requester_wait", "resolution"
            ),
            "priority": TEXT,
            "target_seconds": Column("integer"),
            "is_business_time": Column("boolean"),
            "valid_from": DATE,
        },
        key=("policy_id", "metric", "priority", "valid_from"),
        rules=(Rule("target_seconds > 0", "target_seconds is not above zero"),),
    ),
    Entity(
        name="web_events",
        description="What visitors did on the web site. One row per event.",
        columns={
            "event_id": TEXT,
            "visitor_id": TEXT,
            "source_customer_id": TEXT,
            "occurred_at": INSTANT,
            "name": one_of(
                "page_view",
                "click",
                "search",
                "add_to_cart",
                "checkout",
                "purchase",
                "ad_impression",
                "ad_click",
                "error",
            ),
            "page": TEXT,
            "channel": TEXT,
            "device": TEXT,
            "experiment": TEXT,
            "variant": TEXT,
        },
        key=("event_id",),
        time="occurred_at",
    ),
    Entity(
        name="subscriptions",
        description="Contracts and the time in which they run. One row per subscription period.",
        columns={
            "subscription_id": TEXT,
            "source_customer_id": TEXT,
            "plan": TEXT,
            "started_at": INSTANT,
            "ended_at": INSTANT,
            "end_reason": TEXT,
            "monthly_amount": DECIMAL,
            "updated_at": INSTANT,
        },
        key=("subscription_id", "started_at"),
        time="started_at",
        version="updated_at",
        rules=(Rule("ended_at >= started_at", "ended_at is before started_at"),),
    ),
    Entity(
        name="reviews",
        description="Public reviews of products. One row per review.",
        columns={
            "review_id": TEXT,
            "product_id": TEXT,
            "source_customer_id": TEXT,
            "rating": DECIMAL,
            "rating_max": DECIMAL,
            "text": PERSONAL,
            "created_at": INSTANT,
            "order_id": TEXT,
        },
        key=("review_id",),
        time="created_at",
        rules=(Rule("rating between 0 and rating_max", "rating is outside its scale"),),
    ),
)

ENTITIES: dict[str, Entity] = {entity.name: entity for entity in _ENTITIES}
