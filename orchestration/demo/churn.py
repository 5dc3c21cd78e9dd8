"""What hurts customers, and when they leave for good because of it or for reasons of their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from orchestration.demo.clock import DAY
from orchestration.demo.columns import NEVER, NOTHING, Columns, Ints, stacked
from orchestration.demo.customers import Customers
from orchestration.demo.effects import SLOW_TICKET_SECONDS, Effects
from orchestration.demo.orders import Orders
from orchestration.demo.tickets import Tickets

KINDS = ("late_delivery", "slow_ticket", "reopened_ticket")
LATE, SLOW, REOPENED = range(3)


@dataclass
class Experiences(Columns):
    """Negative experiences: what happened to whom, when, and about which order or ticket."""

    labels: ClassVar[dict[str, tuple[str, ...]]] = {"kind": KINDS}

    customer: Ints
    kind: Ints
    order: Ints
    ticket: Ints
    happened_at: Ints


def negative_experiences(orders: Orders, tickets: Tickets) -> Experiences:
    """Every late delivery, ticket solved too late and ticket that came back, by kind."""
    late = orders.keep(orders.is_late)
    slow = tickets.keep(tickets.is_slow)
    reopened = tickets.keep(tickets.reopened_at < NEVER)
    noticed = slow.created_at + SLOW_TICKET_SECONDS
    return stacked(
        [
            _of_kind(LATE, late.customer, late.order, None, late.delivered_at),
            _of_kind(SLOW, slow.customer, slow.order, slow.ticket, noticed),
            _of_kind(
                REOPENED, reopened.customer, reopened.order, reopened.ticket, reopened.reopened_at
            ),
        ]
    )


def _of_kind(
    kind: int, customer: Ints, order: Ints, ticket: Ints | None, happened_at: Ints
) -> Experiences:
    count = len(customer)
    about = np.full(count, NOTHING) if ticket is None else ticket
    return Experiences(customer, np.full(count, kind), order, about, happened_at)


def draw_churn(
    rng: np.random.Generator,
    customers: Customers,
    orders: Orders,
    tickets: Tickets,
    effects: Effects,
) -> Ints:
    """The instant at which each customer leaves for good; NEVER for those who stay.

    After every order that reached them customers leave with a probability of their own, which a
    late delivery raises; after a slow or reopened ticket they may leave as well.
    """
    log_odds = customers.churn_logit[orders.customer] + effects.late_log_odds * orders.is_late
    leaves = rng.random(len(orders)) < 1 / (1 + np.exp(-log_odds))
    thinking = (rng.exponential(3 * DAY, len(orders))).astype(np.int64)
    experience = np.where(orders.delivered_at < NEVER, orders.delivered_at, orders.cancelled_at)
    churned_at = np.full(len(customers), NEVER)
    np.minimum.at(churned_at, orders.customer[leaves], (experience + thinking)[leaves])
    share = effects.slow_ticket_churn_share * tickets.is_slow
    share = share + effects.reopened_ticket_churn_share * (tickets.reopened_at < NEVER)
    leaves = rng.random(len(tickets)) < share
    end_of_case = tickets.last_solved_at + rng.integers(0, 5 * DAY, len(tickets))
    np.minimum.at(churned_at, tickets.customer[leaves], end_of_case[leaves])
    return churned_at
