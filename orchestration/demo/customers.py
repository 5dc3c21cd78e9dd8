"""Who the customers are, and what of them no system knows: how often they buy, how they feel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from orchestration.demo.clock import DAY, HOUR, Clock
from orchestration.demo.columns import NEVER, Columns, Flags, Floats, Ints
from orchestration.demo.phrases import FIRST_NAMES, LAST_NAMES

COUNTRIES = ("DE", "AT", "NL", "FR", "CH")
COUNTRY_SHARES = (0.58, 0.13, 0.12, 0.11, 0.06)
SEGMENTS = ("private", "business", "premium")
SEGMENT_SHARES = (0.72, 0.18, 0.10)
SEGMENT_PACE = np.array([0.85, 1.45, 1.30])

RATE_SHAPE, RATE_MEAN_DAYS = 1.1, 55.0
CHURN_ALPHA, CHURN_BETA = 1.0, 11.0
CONTENTMENT_ON_CHURN = -0.35


@dataclass
class Customers(Columns):
    """Customers in the order in which they first buy.

    `churned_at` is when they leave for good; `daily_rate` is the number of orders a day until then;
    `churn_logit` is the log odds of leaving after an order that went well; `contentment` is a
    standard normal trait; `spend` is a factor on the size of orders.
    """

    labels: ClassVar[dict[str, tuple[str, ...]]] = {
        "first_name": FIRST_NAMES,
        "last_name": LAST_NAMES,
        "country": COUNTRIES,
        "segment": SEGMENTS,
    }

    customer: Ints
    first_name: Ints
    last_name: Ints
    country: Ints
    segment: Ints
    has_phone: Flags
    is_guest_only: Flags
    is_mobile: Flags
    registered_at: Ints
    first_at: Ints
    churned_at: Ints
    daily_rate: Floats
    churn_logit: Floats
    contentment: Floats
    spend: Floats


def draw_customers(rng: np.random.Generator, count: int, clock: Clock) -> Customers:
    """Draw `count` customers; as many come on any one day as on any other."""
    days = clock.to_local(np.array([clock.start]))[0] + rng.integers(0, clock.days, count) * DAY
    first_at = np.sort(clock.from_local(days + time_of_day(rng, count)))
    segment = rng.choice(len(SEGMENTS), count, p=SEGMENT_SHARES)
    contentment = rng.standard_normal(count)
    leaving = np.clip(rng.beta(CHURN_ALPHA, CHURN_BETA, count), 1e-4, 0.9)
    pace = rng.gamma(RATE_SHAPE, 1 / (RATE_SHAPE * RATE_MEAN_DAYS), count)
    return Customers(
        customer=np.arange(count),
        first_name=rng.integers(0, len(FIRST_NAMES), count),
        last_name=rng.integers(0, len(LAST_NAMES), count),
        country=rng.choice(len(COUNTRIES), count, p=COUNTRY_SHARES),
        segment=segment,
        has_phone=rng.random(count) < 0.7,
        is_guest_only=rng.random(count) < 0.08,
        is_mobile=rng.random(count) < 0.55,
        registered_at=first_at - rng.integers(60, 900, count),
        first_at=first_at,
        churned_at=np.full(count, NEVER),
        daily_rate=pace * SEGMENT_PACE[segment],
        churn_logit=np.log(leaving / (1 - leaving)) + CONTENTMENT_ON_CHURN * contentment,
        contentment=contentment,
        spend=rng.gamma(4.0, 1 / 4.0, count),
    )


def time_of_day(rng: np.random.Generator, count: int) -> Ints:
    """Seconds of the local day at which people shop: 06:00 to midnight, most in the evening."""
    return (6 * HOUR + rng.beta(2.5, 1.8, count) * (18 * HOUR - 1)).astype(np.int64)
