"""Orders and their lines: a buying process with heterogeneous rates, and what delivery makes of it.

BG/NBD (Fader, Hardie, Lee 2005): a customer buys at a constant rate of their own until they leave
for good. Here every order is drawn as if nobody ever left; `churn.py` then ends the customers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from orchestration.demo.clock import DAY, HOUR, Clock
from orchestration.demo.columns import NEVER, Columns, Flags, Ints
from orchestration.demo.customers import Customers, time_of_day
from orchestration.demo.effects import Effects
from orchestration.demo.phrases import PRODUCTS

CHANNELS = ("web", "ios", "android", "shopify_draft_order")
PHONE_ORDER = CHANNELS.index("shopify_draft_order")
PROMISED_HOUR = 20
SPELLINGS = ("as registered", "capitals", "capital initial")


@dataclass
class Orders(Columns):
    """Orders by time. Amounts in cents; `spelling` is how the e-mail was typed in."""

    labels: ClassVar[dict[str, tuple[str, ...]]] = {"channel": CHANNELS}

    order: Ints
    customer: Ints
    channel: Ints
    is_guest: Flags
    spelling: Ints
    is_late: Flags
    ordered_at: Ints
    paid_at: Ints
    shipped_at: Ints
    promised_at: Ints
    delivered_at: Ints
    cancelled_at: Ints
    refunded_at: Ints
    refund_share: Ints
    gross_cents: Ints
    discount_cents: Ints
    refund_cents: Ints
    updated_at: Ints


@dataclass
class Lines(Columns):
    """Lines of orders, in the order of the orders."""

    order: Ints
    line: Ints
    product: Ints
    quantity: Ints
    price_cents: Ints
    discount_cents: Ints


def draw_orders(
    rng: np.random.Generator, customers: Customers, clock: Clock, effects: Effects
) -> Orders:
    """All orders up to the end of the clock, as if no customer ever left."""
    customer, ordered_at = _purchases(rng, customers, clock)
    count = len(customer)
    is_guest = customers.is_guest_only[customer] | (rng.random(count) < 0.05)
    orders = Orders(
        order=np.arange(count),
        customer=customer,
        channel=_channels(rng, customers.is_mobile[customer]),
        is_guest=is_guest,
        spelling=np.where(rng.random(count) < 0.12, rng.integers(1, len(SPELLINGS), count), 0),
        is_late=np.zeros(count, bool),
        ordered_at=ordered_at,
        paid_at=ordered_at + rng.choice([20, 60, 2 * DAY], count, p=[0.6, 0.3, 0.1]),
        **{name: np.full(count, NEVER) for name in ("shipped_at", "promised_at", "delivered_at")},
        **{name: np.full(count, NEVER) for name in ("cancelled_at", "refunded_at", "updated_at")},
        **{name: np.zeros(count, np.int64) for name in ("refund_share", "gross_cents")},
        **{name: np.zeros(count, np.int64) for name in ("discount_cents", "refund_cents")},
    )
    _deliver(rng, orders, clock, effects)
    _cancel_and_return(rng, orders)
    return orders


def _purchases(rng: np.random.Generator, customers: Customers, clock: Clock) -> tuple[Ints, Ints]:
    """Customer and instant of every purchase, by time: the first one, then a Poisson process."""
    remaining = (clock.end - customers.first_at).astype(float)
    repeats = rng.poisson(customers.daily_rate * remaining / DAY)
    customer = np.repeat(customers.customer, repeats)
    first_at = customers.first_at[customer]
    passed = rng.random(len(customer)) * remaining[customer]
    again_at = clock.on_day(first_at + passed.astype(np.int64), time_of_day(rng, len(customer)))
    is_after = (again_at > first_at) & (again_at <= clock.end)
    customer = np.concatenate([customers.customer, customer[is_after]])
    ordered_at = np.concatenate([customers.first_at, again_at[is_after]])
    by_time = np.lexsort((customer, ordered_at))
    return customer[by_time], ordered_at[by_time]


def _channels(rng: np.random.Generator, is_mobile: Flags) -> Ints:
    draw = rng.random(len(is_mobile))
    app = np.where(rng.random(len(is_mobile)) < 0.45, 1, 2)
    in_app = draw < np.where(is_mobile, 0.55, 0.10)
    return np.where(draw > 0.93, PHONE_ORDER, np.where(in_app, app, 0))


def _deliver(rng: np.random.Generator, orders: Orders, clock: Clock, effects: Effects) -> None:
    """Promise the evening of the third to fifth day; be late more often while carriers strike."""
    count = len(orders)
    is_strike = (orders.ordered_at >= effects.strike_from) & (
        orders.ordered_at < effects.strike_until
    )
    share = np.where(is_strike, effects.strike_late_share, effects.late_share)
    orders.is_late = rng.random(count) < share
    promised_day = orders.ordered_at + rng.integers(3, 6, count) * DAY
    orders.promised_at = clock.on_day(promised_day, np.full(count, PROMISED_HOUR * HOUR))
    days_late = np.minimum(rng.geometric(0.35, count), 9)
    shift = np.where(orders.is_late, days_late, -rng.integers(0, 2, count))
    at_door = rng.integers(9 * HOUR, PROMISED_HOUR * HOUR, count)
    orders.delivered_at = clock.on_day(promised_day + shift * DAY, at_door)
    orders.shipped_at = orders.ordered_at + rng.integers(2 * HOUR, 30 * HOUR, count)


def _cancel_and_return(rng: np.random.Generator, orders: Orders) -> None:
    """Cancel some orders before they ship; take some back whole, refund a part of others."""
    count = len(orders)
    is_cancelled = rng.random(count) < 0.03
    hours = rng.integers(HOUR // 4, 2 * HOUR, count)
    orders.cancelled_at = np.where(is_cancelled, orders.ordered_at + hours, NEVER)
    orders.is_late &= ~is_cancelled
    orders.paid_at = np.where(orders.paid_at > orders.cancelled_at, NEVER, orders.paid_at)
    for name in ("shipped_at", "delivered_at"):
        setattr(orders, name, np.where(is_cancelled, NEVER, getattr(orders, name)))
    draw = rng.random(count)
    whole = draw < np.where(orders.is_late, 0.09, 0.04)
    partly = ~whole & (draw > 0.97)
    refunded_at = orders.delivered_at + rng.integers(4 * DAY, 21 * DAY, count)
    is_refunded = (whole | partly) & ~is_cancelled
    orders.refunded_at = np.where(is_refunded, refunded_at, NEVER)
    orders.refund_share = np.where(whole, 100, np.where(partly, rng.integers(10, 60, count), 0))


def draw_lines(rng: np.random.Generator, orders: Orders, customers: Customers) -> Lines:
    """The lines of the orders; who spends more buys more at a time."""
    spend = customers.spend[orders.customer]
    counts = 1 + np.minimum(rng.poisson(0.9 * spend), 7)
    order = np.repeat(np.arange(len(orders)), counts)
    prices = np.random.default_rng(len(PRODUCTS)).integers(6, 120, len(PRODUCTS)) * 100 + 95
    popularity = 1 / np.arange(3, len(PRODUCTS) + 3)
    product = rng.choice(len(PRODUCTS), len(order), p=popularity / popularity.sum())
    quantity = 1 + np.minimum(rng.poisson(0.4 * spend[order]), 5)
    has_discount = rng.random(len(orders)) < 0.2
    full = quantity * prices[product]
    return Lines(
        order=order,
        line=np.arange(len(order)) - np.repeat(np.cumsum(counts) - counts, counts) + 1,
        product=product,
        quantity=quantity,
        price_cents=prices[product],
        discount_cents=np.where(has_discount[order], full // 10, 0),
    )


def settle(orders: Orders, lines: Lines, end: int) -> None:
    """Give the orders the sums of their lines, their refunds and their last change up to `end`."""
    starts = np.searchsorted(lines.order, np.arange(len(orders)))
    orders.gross_cents = np.add.reduceat(lines.quantity * lines.price_cents, starts)
    orders.discount_cents = np.add.reduceat(lines.discount_cents, starts)
    net = orders.gross_cents - orders.discount_cents
    orders.refund_cents = np.where(orders.refunded_at <= end, net * orders.refund_share // 100, 0)
    changes = ("paid_at", "shipped_at", "delivered_at", "cancelled_at", "refunded_at")
    last = orders.ordered_at
    for name in changes:
        change = getattr(orders, name)
        last = np.where(change <= end, np.maximum(last, change), last)
    orders.updated_at = last
