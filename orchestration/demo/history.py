"""What happened between the company and its customers, from the first order to the last ticket."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from orchestration.demo.churn import Experiences, draw_churn, negative_experiences
from orchestration.demo.clock import Clock
from orchestration.demo.columns import NOTHING, Flags, Ints
from orchestration.demo.customers import Customers, draw_customers
from orchestration.demo.effects import Effects, planted
from orchestration.demo.orders import Lines, Orders, draw_lines, draw_orders, settle
from orchestration.demo.tickets import Tickets, draw_tickets


@dataclass(frozen=True)
class History:
    """The customers, what is planted, and what they did until they left."""

    clock: Clock
    effects: Effects
    customers: Customers
    orders: Orders
    lines: Lines
    tickets: Tickets
    experiences: Experiences


def draw_history(rng: np.random.Generator, count: int, clock: Clock) -> History:
    """Draw what would happen if nobody ever left, then when they leave, and cut it there."""
    effects = planted(clock)
    customers = draw_customers(rng, count, clock)
    orders = draw_orders(rng, customers, clock, effects)
    tickets = draw_tickets(rng, customers, orders, clock, effects)
    customers.churned_at = draw_churn(rng, customers, orders, tickets, effects)
    orders, tickets = _until_churn(orders, tickets, customers.churned_at)
    lines = draw_lines(rng, orders, customers)
    settle(orders, lines, clock.end)
    experiences = negative_experiences(orders, tickets)
    return History(clock, effects, customers, orders, lines, tickets, experiences)


def _until_churn(orders: Orders, tickets: Tickets, churned_at: Ints) -> tuple[Orders, Tickets]:
    """What happens before the customers leave, numbered anew from 0."""
    has_order = orders.ordered_at <= churned_at[orders.customer]
    has_ticket = tickets.created_at <= churned_at[tickets.customer]
    order_numbers, ticket_numbers = _renumber(has_order), _renumber(has_ticket)
    orders, tickets = orders.keep(has_order), tickets.keep(has_ticket)
    return (
        replace(orders, order=np.arange(len(orders))),
        replace(
            tickets,
            ticket=np.arange(len(tickets)),
            order=order_numbers[tickets.order],
            merged_into=ticket_numbers[tickets.merged_into],
            follows=ticket_numbers[tickets.follows],
        ),
    )


def _renumber(is_kept: Flags) -> Ints:
    """The new number of every old one; the last place, where NOTHING points, stays NOTHING."""
    numbers = np.where(is_kept, np.cumsum(is_kept) - 1, NOTHING)
    return np.append(numbers, NOTHING)
