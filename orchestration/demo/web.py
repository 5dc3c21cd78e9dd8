"""What visitors did in the shop's site and apps: sessions that end in an order, and others."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from orchestration.demo.clock import DAY, HOUR
from orchestration.demo.columns import NOTHING, Columns, Flags, Ints, stacked
from orchestration.demo.effects import Effects
from orchestration.demo.history import History
from orchestration.demo.orders import PHONE_ORDER
from orchestration.demo.phrases import CATEGORIES

CHANNELS = ("direct", "organic", "paid_search", "social", "email")
CHANNEL_SHARES = (0.30, 0.28, 0.20, 0.12, 0.10)
ADVERTISED = (2, 3)
DEVICES = ("desktop", "mobile", "tablet")
VARIANTS = ("A", "B")
GLANCE, BROWSE, CART, CHECKOUT, PURCHASE = range(5)
NAMES = (
    "ad_impression", "ad_click", "page_view", "search", "click", "add_to_cart", "checkout", "error",
    "purchase",
)  # fmt: skip
PAGES = (
    "ad", "/", "/search", "/cart", "/checkout", "/thanks",
    *(f"/p/{category.lower()}" for category in CATEGORIES),
)  # fmt: skip
STEPS = (
    # name of the event, page (None: a product's), depth that it takes, share of sessions with it
    ("ad_impression", "ad", GLANCE, 1.0),
    ("ad_click", "ad", BROWSE, 1.0),
    ("page_view", "/", BROWSE, 0.8),
    ("search", "/search", BROWSE, 0.45),
    ("page_view", None, BROWSE, 0.9),
    ("click", None, BROWSE, 0.25),
    ("page_view", None, BROWSE, 0.35),
    ("add_to_cart", None, CART, 1.0),
    ("page_view", "/cart", CART, 0.6),
    ("checkout", "/checkout", CHECKOUT, 1.0),
    ("error", "/checkout", CHECKOUT, 1.0),
    ("checkout", "/checkout", PURCHASE, 1.0),
    ("purchase", "/thanks", PURCHASE, 1.0),
)
FIRST_CHECKOUT, ERROR, SECOND_CHECKOUT = 9, 10, 11
VISITS_PER_ORDER, STRANGERS_PER_CUSTOMER, GLANCES_PER_CUSTOMER = 0.7, 1.0, 8.0


@dataclass
class Sessions(Columns):
    """Visits: who, with what, how deep, and the instant of the last thing done.

    `known_from` is the step from which on the site knows the customer: 0 is all of them.
    """

    visitor: Ints
    customer: Ints
    known_from: Ints
    channel: Ints
    device: Ints
    depth: Ints
    has_error: Flags
    ended_at: Ints


@dataclass
class WebEvents(Columns):
    """Events by time. `customer` is NOTHING where the site does not know who it is."""

    labels: ClassVar[dict[str, tuple[str, ...]]] = {
        "name": NAMES,
        "page": PAGES,
        "channel": CHANNELS,
        "device": DEVICES,
        "variant": VARIANTS,
    }

    event: Ints
    visitor: Ints
    customer: Ints
    name: Ints
    page: Ints
    channel: Ints
    device: Ints
    variant: Ints
    occurred_at: Ints


def draw_web_events(rng: np.random.Generator, history: History) -> WebEvents:
    """All events up to the end of the clock."""
    bought, failed = _purchases(rng, history)
    sessions = stacked([bought, failed, _visits(rng, history), _strangers(rng, history)])
    sessions = sessions.keep(sessions.ended_at <= history.clock.end)
    variant = _variant(sessions, history.effects)
    is_lost = (sessions.depth == CHECKOUT) & ~sessions.has_error & (variant == 1)
    kept = history.effects.abandoned_checkouts_kept_by_variant_b
    is_lost &= rng.random(len(sessions)) >= kept
    return _events(rng, sessions.keep(~is_lost), variant[~is_lost])


def _sessions(
    rng: np.random.Generator, visitor: Ints, customer: Ints, device: Ints, depth: Ints, at: Ints
) -> Sessions:
    count = len(visitor)
    return Sessions(
        visitor=visitor,
        customer=customer,
        known_from=np.full(count, len(STEPS)),
        channel=rng.choice(len(CHANNELS), count, p=CHANNEL_SHARES),
        device=device,
        depth=depth,
        has_error=np.zeros(count, bool),
        ended_at=at,
    )


def _purchases(rng: np.random.Generator, history: History) -> tuple[Sessions, Sessions]:
    """The sessions that ended in an order, and those lost to an error shortly before one."""
    orders, effects = history.orders, history.effects
    orders = orders.keep(orders.channel != PHONE_ORDER)
    count = len(orders)
    is_desktop = (orders.channel == 0) & (rng.random(count) < 0.75)
    device = np.where(is_desktop, 0, np.where(rng.random(count) < 0.9, 1, 2))
    visitor = orders.customer * 2 + (device > 0)
    depth = np.full(count, PURCHASE)
    bought = _sessions(rng, visitor, orders.customer, device, depth, orders.ordered_at)
    at_checkout = np.where(rng.random(count) < 0.5, 0, FIRST_CHECKOUT)
    bought.known_from = np.where(orders.is_guest, len(STEPS), at_checkout)
    is_mobile = device == 1
    share = np.where(is_mobile, effects.mobile_checkout_error_share, effects.checkout_error_share)
    is_struck = rng.random(count) < share
    is_lost = rng.random(count) < effects.abandoned_after_error_share
    bought.has_error = is_struck & ~is_lost
    failed = bought.keep(is_struck & is_lost)
    earlier = failed.ended_at - rng.integers(600, 6 * HOUR, len(failed))
    failed = replace(
        failed,
        depth=np.full(len(failed), CHECKOUT),
        has_error=np.ones(len(failed), bool),
        known_from=np.full(len(failed), len(STEPS)),
        ended_at=np.maximum(earlier, history.clock.start + HOUR),
    )
    return bought, failed


def _visits(rng: np.random.Generator, history: History) -> Sessions:
    """Customers who look around, from some days before their first order until they leave."""
    customers, clock = history.customers, history.clock
    since = np.maximum(customers.first_at - 10 * DAY, clock.start + HOUR)
    span = np.minimum(customers.churned_at, clock.end) - since
    expected = 1 + VISITS_PER_ORDER * customers.daily_rate * span / DAY
    customer = np.repeat(customers.customer, rng.poisson(expected))
    count = len(customer)
    at = since[customer] + (rng.random(count) * span[customer]).astype(np.int64)
    at = clock.waking(at, 6, 24, rng)
    device = np.where(rng.random(count) < 0.35 + 0.35 * customers.is_mobile[customer], 1, 0)
    depth = rng.choice((BROWSE, CART, CHECKOUT), count, p=(0.55, 0.25, 0.20))
    visits = _sessions(rng, customer * 2 + device, customer, device, depth, at)
    can_log_in = ~customers.is_guest_only[customer] & (at > customers.first_at[customer])
    visits.known_from = np.where(can_log_in & (rng.random(count) < 0.45), 0, len(STEPS))
    return visits


def _strangers(rng: np.random.Generator, history: History) -> Sessions:
    """People who never buy: some look around, more only see an advertisement."""
    clock, customers = history.clock, len(history.customers)
    looking = int(customers * STRANGERS_PER_CUSTOMER)
    count = looking + int(customers * GLANCES_PER_CUSTOMER)
    at = rng.integers(clock.start + HOUR, clock.end, count)
    depth = rng.choice((BROWSE, CART, CHECKOUT), count, p=(0.80, 0.15, 0.05))
    depth[looking:] = GLANCE
    device = rng.choice(len(DEVICES), count, p=(0.4, 0.5, 0.1))
    visitor = 2 * customers + np.arange(count)
    strangers = _sessions(
        rng, visitor, np.full(count, NOTHING), device, depth, clock.waking(at, 6, 24, rng)
    )
    strangers.channel[looking:] = rng.choice(ADVERTISED, count - looking)
    return strangers


def cookie(visitor: Ints) -> Ints:
    """The visitor's cookie: a number that says nothing about the visitor's own."""
    return visitor * 2654435761 % 2**32


def _variant(sessions: Sessions, effects: Effects) -> Ints:
    """The experiment's variant by cookie; NOTHING before the experiment."""
    coin = cookie(sessions.visitor) >> 13 & 1
    return np.where(sessions.ended_at >= effects.experiment_from, coin, NOTHING)


def _events(rng: np.random.Generator, sessions: Sessions, variant: Ints) -> WebEvents:
    """One event for every step that a session takes; its last one is at the session's end."""
    takes = _steps_taken(rng, sessions)
    gaps = rng.integers(4, 110, takes.shape, dtype=np.int32) * takes
    left = gaps[:, ::-1].cumsum(axis=1)[:, ::-1] - gaps
    session, step = np.nonzero(takes)
    occurred_at = sessions.ended_at[session] - left[session, step]
    by_time = np.lexsort((step, session, occurred_at))
    session, step, occurred_at = session[by_time], step[by_time], occurred_at[by_time]
    is_known = step >= sessions.known_from[session]
    products = np.arange(len(sessions)) * 7 % len(CATEGORIES) + len(PAGES) - len(CATEGORIES)
    fixed = np.array([NOTHING if page is None else PAGES.index(page) for _, page, *_ in STEPS])
    return WebEvents(
        event=np.arange(len(session)),
        visitor=cookie(sessions.visitor[session]),
        customer=np.where(is_known, sessions.customer[session], NOTHING),
        name=np.array([NAMES.index(name) for name, *_ in STEPS])[step],
        page=np.where(fixed[step] == NOTHING, products[session], fixed[step]),
        channel=sessions.channel[session],
        device=sessions.device[session],
        variant=variant[session],
        occurred_at=occurred_at,
    )


def _steps_taken(rng: np.random.Generator, sessions: Sessions) -> Flags:
    """Sessions by steps: what a session does, by how deep it goes and what went wrong."""
    depths = np.array([depth for _, _, depth, _ in STEPS])
    shares = np.array([share for *_, share in STEPS], np.float32)
    chance = rng.random((len(sessions), len(STEPS)), dtype=np.float32)
    takes = (sessions.depth[:, None] >= depths) & (chance < shares)
    takes[:, :2] &= np.isin(sessions.channel, ADVERTISED)[:, None]
    takes[:, ERROR] &= sessions.has_error
    takes[:, SECOND_CHECKOUT] &= sessions.has_error
    return takes
