"""What happened to the tickets, step by step: messages, changes of state, hand-overs, ratings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from orchestration.demo.clock import HOUR
from orchestration.demo.columns import NEVER, NOTHING, Columns, Flags, Floats, Ints, stacked
from orchestration.demo.effects import Effects
from orchestration.demo.tickets import CLOSES_AFTER, Tickets

ROLES = ("end-user", "agent", "bot", "system")
CUSTOMER, AGENT, BOT, SYSTEM = range(4)
FIELDS = ("status", "assignee_id", "satisfaction_score")
STATUS, ASSIGNEE, RATING = range(3)
VALUES = ("new", "open", "pending", "hold", "solved", "closed", "bad", "good")
NEW, OPEN, PENDING, HOLD, SOLVED, CLOSED, BAD, GOOD = range(8)
BODIES = ("question", "receipt", "reply", "follow_up", "note", "solution")
QUESTION, RECEIPT, REPLY, FOLLOW_UP, NOTE, SOLUTION = range(6)


@dataclass
class Events(Columns):
    """Events by time: a comment (`body`, no `field`) or a change of a field."""

    labels: ClassVar[dict[str, tuple[str, ...]]] = {
        "role": ROLES,
        "field": FIELDS,
        "previous_value": VALUES,
        "value": VALUES,
        "body": BODIES,
    }

    event: Ints
    ticket: Ints
    role: Ints
    agent: Ints
    field: Ints
    previous_value: Ints
    value: Ints
    previous_agent: Ints
    body: Ints
    is_public: Flags
    occurred_at: Ints


def draw_events(
    rng: np.random.Generator, tickets: Tickets, contentment: Floats, effects: Effects, end: int
) -> Events:
    """All events up to `end`; those of one instant in the order in which they happened.

    Args:
        rng: the source of chance.
        tickets: the tickets.
        contentment: the trait of each ticket's customer.
        effects: what is planted.
        end: what comes later is left out.
    """
    steps = [*_steps(tickets), *_ratings(rng, tickets, contentment, effects)]
    events = stacked([step.keep(step.occurred_at <= end) for step in steps])
    events = events.keep(np.lexsort((events.event, events.ticket, events.occurred_at)))
    events.event = np.arange(len(events))
    return events


def _steps(t: Tickets) -> Iterator[Events]:
    """The steps of all tickets, in the order in which they follow within one instant."""
    yield _comment(t, 0, t.created_at, CUSTOMER, QUESTION)
    yield _change(t, 1, t.created_at, NOTHING, NEW, CUSTOMER)
    yield _comment(t, 2, t.received_at, BOT, RECEIPT)
    yield _assignment(t, 3, t.opened_at, t.first_agent, None)
    yield _change(t, 4, t.opened_at, NEW, OPEN)
    yield _comment(t, 5, t.replied_at, AGENT, REPLY, t.first_agent)
    yield _change(t, 6, t.pending_at, OPEN, PENDING, AGENT, t.first_agent)
    yield _comment(t, 7, t.answered_at, CUSTOMER, FOLLOW_UP)
    yield _change(t, 8, t.answered_at, PENDING, OPEN, CUSTOMER)
    yield _comment(t, 9, t.held_at, AGENT, NOTE, t.first_agent, is_public=False)
    yield _change(t, 10, t.held_at, OPEN, HOLD, AGENT, t.first_agent)
    yield _change(t, 11, t.resumed_at, HOLD, OPEN, AGENT, t.first_agent)
    yield _assignment(t, 12, t.handed_at, t.agent, t.first_agent)
    is_answered_twice = (t.pending_at < NEVER) | (t.held_at < NEVER) | (t.handed_at < NEVER)
    last_word = np.where(is_answered_twice, t.solved_at, NEVER)
    yield _comment(t, 13, last_word, AGENT, SOLUTION, t.agent)
    yield _change(t, 14, t.solved_at, OPEN, SOLVED, AGENT, t.agent)
    yield _comment(t, 16, t.reopened_at, CUSTOMER, FOLLOW_UP)
    yield _change(t, 17, t.reopened_at, SOLVED, OPEN, CUSTOMER)
    yield _comment(t, 18, t.solved_again_at, AGENT, SOLUTION, t.agent)
    yield _change(t, 19, t.solved_again_at, OPEN, SOLVED, AGENT, t.agent)
    before = np.where(t.merged_into == NOTHING, SOLVED, NEW)
    yield _change(t, 21, t.closed_at, before, CLOSED)


def _ratings(
    rng: np.random.Generator, tickets: Tickets, contentment: Floats, effects: Effects
) -> Iterator[Events]:
    """Good or bad after the solution; some change their mind after a second one."""
    count = len(tickets)
    feeling = 0.9 + 0.6 * contentment + effects.slow_ticket_on_score * tickets.is_slow
    is_good = feeling + rng.standard_normal(count) > 0
    is_rated = (rng.random(count) < 0.35) & (tickets.solved_at < NEVER)
    delay = rng.integers(HOUR, CLOSES_AFTER - HOUR, count)
    first = np.where(is_rated, tickets.solved_at + delay, NEVER)
    yield _rating(tickets, 20, first, np.full(count, NOTHING), np.where(is_good, GOOD, BAD))
    is_again = is_rated & (tickets.reopened_at < NEVER) & (rng.random(count) < 0.5)
    again = np.where(is_again, np.maximum(first, tickets.solved_again_at) + delay // 2, NEVER)
    is_good_now = feeling + effects.reopened_ticket_on_score + rng.standard_normal(count) > 0
    now = np.where(is_good_now, GOOD, BAD)
    yield _rating(tickets, 22, again, np.where(is_good, GOOD, BAD), now)


def _comment(
    tickets: Tickets,
    slot: int,
    occurred_at: Ints,
    role: int,
    body: int,
    agent: Ints | int = NOTHING,
    *,
    is_public: bool = True,
) -> Events:
    return _event(tickets, slot, occurred_at, role, agent=agent, body=body, is_public=is_public)


def _change(
    tickets: Tickets,
    slot: int,
    occurred_at: Ints,
    previous: Ints | int,
    value: int,
    role: int = SYSTEM,
    agent: Ints | int = NOTHING,
) -> Events:
    changed = {"field": STATUS, "previous_value": previous, "value": value}
    return _event(tickets, slot, occurred_at, role, agent=agent, **changed)


def _assignment(
    tickets: Tickets, slot: int, occurred_at: Ints, agent: Ints, previous: Ints | None
) -> Events:
    before = NOTHING if previous is None else previous
    values = {"agent": agent, "previous_agent": before, "field": ASSIGNEE}
    return _event(tickets, slot, occurred_at, SYSTEM, **values)


def _rating(tickets: Tickets, slot: int, occurred_at: Ints, previous: Ints, value: Ints) -> Events:
    changed = {"field": RATING, "previous_value": previous, "value": value}
    return _event(tickets, slot, occurred_at, CUSTOMER, **changed)


def _event(
    tickets: Tickets, slot: int, occurred_at: Ints, role: int, **values: Ints | int | bool
) -> Events:
    """One event a ticket; what `values` do not name is none. `event` holds the place in order."""
    is_there = occurred_at < NEVER
    ticket = tickets.ticket[is_there]

    def column(name: str, otherwise: int = NOTHING) -> Ints:
        given = np.broadcast_to(np.asarray(values.get(name, otherwise)), len(tickets))
        return given[is_there].astype(np.int64)

    return Events(
        event=np.full(len(ticket), slot),
        ticket=ticket,
        role=np.full(len(ticket), role),
        agent=column("agent"),
        field=column("field"),
        previous_value=column("previous_value"),
        value=column("value"),
        previous_agent=column("previous_agent"),
        body=column("body"),
        is_public=column("is_public", 0).astype(bool),
        occurred_at=occurred_at[is_there],
    )
