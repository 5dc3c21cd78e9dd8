"""Why customers write to the helpdesk, and how tickets go: replies, waits, reopens, merges."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from orchestration.demo.clock import DAY, HOUR, Clock
from orchestration.demo.columns import NEVER, NOTHING, Columns, Flags, Floats, Ints
from orchestration.demo.customers import Customers
from orchestration.demo.effects import SLOW_TICKET_SECONDS, Effects
from orchestration.demo.orders import Orders
from orchestration.demo.phrases import REASONS

CHANNELS = ("email", "web", "chat", "voice")
GROUPS = ("Logistics", "Returns", "Billing", "General")
GROUP_OF_REASON = np.array([0, 1, 1, 2, 3, 3])
PRIORITIES = ("low", "normal", "high", "urgent")
PACE_OF_PRIORITY = np.array([1.8, 1.0, 0.6, 0.3])
FIRST_AGENT, AGENTS_PER_GROUP = 9001, 3
DELIVERY, DAMAGED, BILLING = 0, 1, 3
QUESTIONS_PER_YEAR = 0.35
OFFICE_OPENS, OFFICE_CLOSES = 8, 20
CLOSES_AFTER = 4 * DAY
MERGES_WITHIN, FOLLOWS_WITHIN = 2 * DAY, 21 * DAY


@dataclass
class Tickets(Columns):
    """Tickets by time of creation, with the instant of every step; NEVER where it is left out."""

    labels: ClassVar[dict[str, tuple[str, ...]]] = {
        "channel": CHANNELS,
        "group": GROUPS,
        "priority": PRIORITIES,
        "reason": REASONS,
    }

    ticket: Ints
    customer: Ints
    order: Ints
    reason: Ints
    channel: Ints
    priority: Ints
    group: Ints
    first_agent: Ints
    agent: Ints
    merged_into: Ints
    follows: Ints
    created_at: Ints
    received_at: Ints
    opened_at: Ints
    replied_at: Ints
    pending_at: Ints
    answered_at: Ints
    held_at: Ints
    resumed_at: Ints
    handed_at: Ints
    solved_at: Ints
    reopened_at: Ints
    solved_again_at: Ints
    closed_at: Ints

    @property
    def last_solved_at(self) -> Ints:
        """The last time solved, however often."""
        return np.where(self.reopened_at < NEVER, self.solved_again_at, self.solved_at)

    @property
    def is_slow(self) -> Flags:
        """Whether the first solution took longer than customers bear."""
        waited = np.minimum(self.solved_at, NEVER // 2) - self.created_at
        return (waited > SLOW_TICKET_SECONDS) & (self.merged_into == NOTHING)


@dataclass
class _Cause(Columns):
    customer: Ints
    order: Ints
    reason: Ints
    created_at: Ints


def draw_tickets(
    rng: np.random.Generator, customers: Customers, orders: Orders, clock: Clock, effects: Effects
) -> Tickets:
    """All tickets up to the end of the clock, as if no customer ever left."""
    cause = _causes(rng, customers, orders, clock)
    count = len(cause)
    group = GROUP_OF_REASON[cause.reason]
    is_order = np.isin(cause.reason, (DELIVERY, DAMAGED))
    first_agent = FIRST_AGENT + group * AGENTS_PER_GROUP + rng.integers(0, AGENTS_PER_GROUP, count)
    other = FIRST_AGENT + rng.integers(0, len(GROUPS) * AGENTS_PER_GROUP, count)
    is_handed = (rng.random(count) < 0.12) & (other != first_agent)
    tickets = Tickets(
        ticket=np.arange(count),
        customer=cause.customer,
        order=cause.order,
        reason=cause.reason,
        channel=rng.choice(len(CHANNELS), count, p=(0.42, 0.26, 0.20, 0.12)),
        priority=np.minimum(rng.choice(3, count, p=(0.2, 0.6, 0.2)) + is_order, 3),
        group=group,
        first_agent=first_agent,
        agent=np.where(is_handed, other, first_agent),
        merged_into=np.full(count, NOTHING),
        follows=np.full(count, NOTHING),
        created_at=cause.created_at,
        **{name: np.full(count, NEVER) for name in Tickets.__annotations__ if _is_step(name)},
    )
    _work(rng, tickets, clock, effects, is_handed)
    _reopen(rng, tickets, clock, effects)
    _merge_and_follow(rng, tickets)
    return tickets


def _is_step(name: str) -> bool:
    return name.endswith("_at") and name != "created_at"


def _causes(rng: np.random.Generator, customers: Customers, orders: Orders, clock: Clock) -> _Cause:
    """Late parcels, things that came broken or do not fit, and questions out of the blue."""
    draw = rng.random(len(orders))
    is_missed = orders.is_late & (draw < 0.35)
    missed = orders.promised_at + rng.integers(3 * HOUR, 60 * HOUR, len(orders))
    is_wrong = (orders.delivered_at < NEVER) & (rng.random(len(orders)) < 0.05)
    wrong = orders.delivered_at + rng.integers(HOUR, 6 * DAY, len(orders))
    span = (clock.end - customers.first_at).astype(float)
    asked = np.repeat(customers.customer, rng.poisson(QUESTIONS_PER_YEAR * span / (365 * DAY)))
    asked_at = customers.first_at[asked] + (rng.random(len(asked)) * span[asked]).astype(np.int64)
    customer = [orders.customer[is_missed], orders.customer[is_wrong], asked]
    order = [orders.order[is_missed], orders.order[is_wrong], np.full(len(asked), NOTHING)]
    reason = [
        np.full(is_missed.sum(), DELIVERY),
        rng.integers(DAMAGED, BILLING, is_wrong.sum()),
        rng.integers(BILLING, len(REASONS), len(asked)),
    ]
    created_at = np.concatenate([missed[is_missed], wrong[is_wrong], asked_at])
    created_at = clock.waking(created_at, 7, 23, rng)
    parts = map(np.concatenate, (customer, order, reason))
    cause = _Cause(*parts, created_at=created_at)
    cause = cause.keep(cause.created_at <= clock.end)
    return cause.keep(np.lexsort((cause.customer, cause.created_at)))


def _work(
    rng: np.random.Generator, tickets: Tickets, clock: Clock, effects: Effects, is_handed: Flags
) -> None:
    """The way from the first message to the first solution; every step waits for office hours."""
    count = len(tickets)
    is_strike = (tickets.created_at >= effects.strike_from) & (
        tickets.created_at < effects.strike_until
    )
    pace = PACE_OF_PRIORITY[tickets.priority] * np.where(is_strike & (tickets.group == 0), 2, 1)

    def office(instants: Ints) -> Ints:
        return clock.waking(instants, OFFICE_OPENS, OFFICE_CLOSES, rng)

    has_receipt = (tickets.channel < CHANNELS.index("chat")) & (rng.random(count) < 0.6)
    received = tickets.created_at + rng.integers(20, 90, count)
    tickets.received_at = np.where(has_receipt, received, NEVER)
    tickets.opened_at = office(tickets.created_at + 120 + _lasting(rng, 1.5 * pace, 1.0))
    tickets.replied_at = office(tickets.opened_at + rng.integers(120, 2400, count))
    now = tickets.replied_at
    tickets.pending_at = np.where(rng.random(count) < 0.4, now, NEVER)
    answered = clock.waking(now + 300 + _lasting(rng, np.full(count, 7.0), 1.1), 7, 23, rng)
    now, tickets.answered_at = _step(now, answered, tickets.pending_at < NEVER)
    is_held = rng.random(count) < np.where(tickets.reason == DELIVERY, 0.3, 0.08)
    now, tickets.held_at = _step(now, office(now + rng.integers(300, 5400, count)), is_held)
    resumed = office(now + 600 + _lasting(rng, np.full(count, 26.0), 0.6))
    now, tickets.resumed_at = _step(now, resumed, is_held)
    now, tickets.handed_at = _step(now, office(now + rng.integers(300, 7200, count)), is_handed)
    tickets.solved_at = office(now + 300 + _lasting(rng, 5.0 * pace, 1.2))


def _lasting(rng: np.random.Generator, median_hours: Floats, sigma: float) -> Ints:
    """Log-normal durations in seconds."""
    normal = rng.standard_normal(len(median_hours))
    return (median_hours * HOUR * np.exp(sigma * normal)).astype(np.int64)


def _step(now: Ints, then: Ints, happens: Flags) -> tuple[Ints, Ints]:
    """Where a ticket stands after a step that some tickets take, and the instants of the step."""
    return np.where(happens, then, now), np.where(happens, then, NEVER)


def _reopen(rng: np.random.Generator, tickets: Tickets, clock: Clock, effects: Effects) -> None:
    """Some customers come back before the ticket closes; those of one careless agent often do."""
    count = len(tickets)
    is_careless = tickets.agent == effects.careless_agent
    share = np.where(is_careless, effects.careless_reopened_share, effects.reopened_share)
    reopened = clock.waking(tickets.solved_at + rng.integers(HOUR, 72 * HOUR, count), 7, 23, rng)
    is_reopened = rng.random(count) < share
    now, tickets.reopened_at = _step(tickets.solved_at, reopened, is_reopened)
    again = clock.waking(now + 600 + _lasting(rng, np.full(count, 9.0), 1.0), 8, 20, rng)
    _, tickets.solved_again_at = _step(now, again, is_reopened)
    tickets.closed_at = tickets.last_solved_at + CLOSES_AFTER


def _merge_and_follow(rng: np.random.Generator, tickets: Tickets) -> None:
    """Two tickets of a customer within two days become one; a later one may follow up."""
    by_customer = np.lexsort((tickets.created_at, tickets.customer))
    earlier, later = by_customer[:-1], by_customer[1:]
    is_pair = tickets.customer[earlier] == tickets.customer[later]
    gap = tickets.created_at[later] - tickets.created_at[earlier]
    draw = rng.random(len(later))
    merges = is_pair & (gap < MERGES_WITHIN) & (draw < 0.6)
    merges[1:] &= ~merges[:-1]
    is_closed = tickets.created_at[later] > tickets.closed_at[earlier]
    follows = is_pair & is_closed & (gap < FOLLOWS_WITHIN) & (draw < 0.6)
    tickets.merged_into[later[merges]] = tickets.ticket[earlier[merges]]
    tickets.follows[later[follows]] = tickets.ticket[earlier[follows]]
    merged = tickets.merged_into != NOTHING
    for name in filter(_is_step, Tickets.__annotations__):
        getattr(tickets, name)[merged] = NEVER
    hours = rng.integers(600, 2 * HOUR, merged.sum())
    tickets.closed_at[merged] = tickets.created_at[merged] + hours
