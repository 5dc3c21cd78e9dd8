"""Surveys: who is invited after a delivery, a solved ticket or a quarter, who answers, and what."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from orchestration.demo.churn import Experiences
from orchestration.demo.clock import DAY, HOUR, Clock
from orchestration.demo.columns import NEVER, NOTHING, Columns, Flags, Floats, Ints, stacked
from orchestration.demo.customers import Customers
from orchestration.demo.effects import Effects
from orchestration.demo.history import History
from orchestration.demo.orders import Orders
from orchestration.demo.phrases import ANGRY, HAPPY, LUKEWARM
from orchestration.demo.tickets import Tickets

SURVEYS = ("delivery", "support", "brand")
DELIVERY, SUPPORT, BRAND = range(3)
SURVEYED_ORDERS, SURVEYED_TICKETS, ANONYMOUS_SHARE = 0.6, 0.85, 0.05
QUARTER, RECENT = 91 * DAY, 90 * DAY


@dataclass
class Invitations(Columns):
    """Invitations by time, how the invited feel, and what became of the invitations."""

    labels: ClassVar[dict[str, tuple[str, ...]]] = {"survey": SURVEYS}

    invitation: Ints
    survey: Ints
    customer: Ints
    order: Ints
    ticket: Ints
    feeling: Floats
    is_bounced: Flags
    is_partial: Flags
    sent_at: Ints
    opened_at: Ints
    completed_at: Ints


@dataclass
class Responses(Columns):
    """Responses by time: the scores that the survey asks for, else NOTHING, and a comment."""

    labels: ClassVar[dict[str, tuple[str, ...]]] = {"survey": SURVEYS}

    response: Ints
    invitation: Ints
    survey: Ints
    customer: Ints
    order: Ints
    ticket: Ints
    nps: Ints
    csat: Ints
    ces: Ints
    comment: Ints
    has_address: Flags
    is_partial: Flags
    opened_at: Ints
    completed_at: Ints


def draw_invitations(rng: np.random.Generator, history: History) -> Invitations:
    """All invitations sent up to the end of the clock."""
    clock, customers, effects = history.clock, history.customers, history.effects
    invited = stacked(
        [
            _after_delivery(rng, history.orders, effects),
            _after_ticket(rng, history.tickets, effects),
            _each_quarter(rng, customers, history.experiences, clock, effects),
        ]
    )
    invited.sent_at = clock.waking(invited.sent_at, 9, 19, rng)
    invited = invited.keep(invited.sent_at <= clock.end)
    invited.feeling += customers.contentment[invited.customer] * 0.8
    invited.feeling += rng.standard_normal(len(invited)) * 0.7
    has_left = customers.churned_at[invited.customer] < invited.sent_at
    _respond(rng, invited, has_left, clock)
    invited = invited.keep(np.lexsort((invited.customer, invited.survey, invited.sent_at)))
    return replace(invited, invitation=np.arange(len(invited)))


def _after_delivery(rng: np.random.Generator, orders: Orders, effects: Effects) -> Invitations:
    is_asked = (orders.delivered_at < NEVER) & (rng.random(len(orders)) < SURVEYED_ORDERS)
    asked = orders.keep(is_asked)
    sent_at = asked.delivered_at + rng.integers(20 * HOUR, 44 * HOUR, len(asked))
    feeling = effects.late_on_score * asked.is_late
    no_ticket = np.full(len(asked), NOTHING)
    return _invite(DELIVERY, asked.customer, asked.order, no_ticket, sent_at, feeling)


def _after_ticket(rng: np.random.Generator, tickets: Tickets, effects: Effects) -> Invitations:
    solved_at = tickets.last_solved_at
    is_asked = (solved_at < NEVER) & (rng.random(len(tickets)) < SURVEYED_TICKETS)
    asked = tickets.keep(is_asked)
    sent_at = solved_at[is_asked] + rng.integers(2 * HOUR, 26 * HOUR, len(asked))
    feeling = effects.slow_ticket_on_score * asked.is_slow
    feeling = feeling + effects.reopened_ticket_on_score * (asked.reopened_at < NEVER)
    return _invite(SUPPORT, asked.customer, asked.order, asked.ticket, sent_at, feeling)


def _each_quarter(
    rng: np.random.Generator,
    customers: Customers,
    experiences: Experiences,
    clock: Clock,
    effects: Effects,
) -> Invitations:
    """Everybody who has bought by then, left or not: the company does not know who has."""
    waves = np.arange(clock.start + QUARTER // 2, clock.end, QUARTER)
    counts = np.searchsorted(customers.first_at, waves)
    customer = np.concatenate([np.arange(count) for count in counts] or [np.arange(0)])
    sent_at = np.repeat(waves, counts) + rng.integers(0, 5 * DAY, len(customer))
    happened = np.sort(_ordinal(experiences.customer, experiences.happened_at, clock))
    until = np.searchsorted(happened, _ordinal(customer, sent_at, clock))
    since = np.searchsorted(happened, _ordinal(customer, sent_at - RECENT, clock))
    feeling = effects.recent_negative_on_nps * np.minimum(until - since, 3)
    nothing = np.full(len(customer), NOTHING)
    return _invite(BRAND, customer, nothing, nothing, sent_at, feeling)


def _ordinal(customer: Ints, instants: Ints, clock: Clock) -> Ints:
    """Numbers that sort by customer, then by instant."""
    since_start = np.clip(instants - clock.start + RECENT, 0, 2**31)
    return customer * 2**32 + since_start


def _invite(
    survey: int, customer: Ints, order: Ints, ticket: Ints, sent_at: Ints, feeling: Floats
) -> Invitations:
    count = len(customer)
    return Invitations(
        invitation=np.arange(count),
        survey=np.full(count, survey),
        customer=customer,
        order=order,
        ticket=ticket,
        feeling=feeling.astype(float),
        is_bounced=np.zeros(count, bool),
        is_partial=np.zeros(count, bool),
        sent_at=sent_at,
        opened_at=np.full(count, NEVER),
        completed_at=np.full(count, NEVER),
    )


def _respond(rng: np.random.Generator, invited: Invitations, has_left: Flags, clock: Clock) -> None:
    """Strong feelings answer more often than lukewarm ones, and who has left hardly ever."""
    count = len(invited)
    invited.is_bounced = rng.random(count) < 0.02
    log_odds = -0.9 + 0.45 * np.abs(invited.feeling) - 1.2 * has_left
    is_answered = rng.random(count) < 1 / (1 + np.exp(-log_odds))
    is_opened = ~invited.is_bounced & (is_answered | (rng.random(count) < 0.35))
    is_answered &= is_opened
    delay = (5 * HOUR * np.exp(rng.standard_normal(count) * 1.2)).astype(np.int64)
    opened_at = clock.waking(invited.sent_at + 60 + delay, 7, 22, rng)
    invited.opened_at = np.where(is_opened, opened_at, NEVER)
    completed_at = opened_at + rng.integers(40, 900, count)
    invited.completed_at = np.where(is_answered, completed_at, NEVER)
    invited.is_partial = is_answered & (rng.random(count) < 0.04)


def draw_responses(rng: np.random.Generator, invited: Invitations, end: int) -> Responses:
    """The answers given up to `end`, some of them to an open link by nobody known."""
    answered = invited.keep(invited.completed_at <= end)
    is_passing = (answered.survey == BRAND) & (rng.random(len(answered)) < ANONYMOUS_SHARE)
    passing = answered.keep(is_passing)
    for name in ("invitation", "customer"):
        setattr(passing, name, np.full(len(passing), NOTHING))
    passing.completed_at = rng.permutation(passing.completed_at)
    passing.opened_at = passing.completed_at - rng.integers(40, 600, len(passing))
    passing.feeling = rng.standard_normal(len(passing))
    given = stacked([answered, passing])
    given = given.keep(np.lexsort((given.invitation, given.completed_at)))
    feeling, count = given.feeling, len(given)
    return Responses(
        response=np.arange(count),
        invitation=given.invitation,
        survey=given.survey,
        customer=given.customer,
        order=given.order,
        ticket=given.ticket,
        nps=_score(given, (BRAND,), 8.0 + 1.7 * feeling, 0, 10),
        csat=_score(given, (DELIVERY, SUPPORT), 4.1 + 0.8 * feeling, 1, 5),
        ces=_score(given, (SUPPORT,), 5.5 + 1.1 * feeling, 1, 7),
        comment=_comments(rng, given),
        has_address=rng.random(count) < 0.01,
        is_partial=given.is_partial,
        opened_at=given.opened_at,
        completed_at=given.completed_at,
    )


def _score(
    given: Invitations, surveys: tuple[int, ...], level: Floats, low: int, high: int
) -> Ints:
    """The scores of the surveys that ask for them; a partial support answer lacks its CSAT."""
    is_asked = np.isin(given.survey, surveys)
    if len(surveys) > 1:
        is_asked &= ~(given.is_partial & (given.survey == SUPPORT))
    return np.where(is_asked, np.clip(np.rint(level), low, high).astype(np.int64), NOTHING)


def _comments(rng: np.random.Generator, given: Invitations) -> Ints:
    """The place of a comment in the phrase bank, by feeling; about four in ten write one."""
    feeling = given.feeling
    spans = [(ANGRY, feeling < -0.9), (LUKEWARM, abs(feeling + 0.2) <= 0.7), (HAPPY, feeling > 0.5)]
    phrase = np.zeros(len(given), np.int64)
    for span, applies in spans:
        phrase = np.where(applies, rng.integers(span.start, span.stop, len(given)), phrase)
    writes = (rng.random(len(given)) < 0.3 + 0.15 * np.abs(feeling)) & ~given.is_partial
    return np.where(writes, phrase, NOTHING)
