"""The clock of the simulated world: its span, its local time and its hours of business."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

import numpy as np

from orchestration.demo.columns import Ints

ZONE = "Europe/Berlin"
HOUR = 3600
DAY = 24 * HOUR
MARGIN_DAYS = 90


@dataclass(frozen=True)
class Clock:
    """The span from the first second of its first day to the last second of `end`, local time."""

    end_date: date
    days: int

    @property
    def start_date(self) -> date:
        """The first day."""
        return self.end_date - timedelta(days=self.days - 1)

    @cached_property
    def start(self) -> int:
        """The first second, since 1970 (UTC)."""
        return self._midnight(self.start_date)

    @cached_property
    def end(self) -> int:
        """The last second, since 1970 (UTC)."""
        return self._midnight(self.end_date + timedelta(days=1)) - 1

    @staticmethod
    def _midnight(day: date) -> int:
        return int(datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(ZONE)).timestamp())

    @cached_property
    def _offsets(self) -> Ints:
        """Seconds by which local time is ahead of UTC, for every hour around the span."""
        zone, hours = ZoneInfo(ZONE), (self.days + 2 * MARGIN_DAYS) * 24
        instants = (datetime.fromtimestamp(self._first_hour + n * HOUR, UTC) for n in range(hours))
        ahead = (instant.astimezone(zone).utcoffset() or timedelta() for instant in instants)
        return np.fromiter((delta.total_seconds() for delta in ahead), np.int64, hours)

    @property
    def _first_hour(self) -> int:
        return self.start // HOUR * HOUR - MARGIN_DAYS * DAY

    def _offset(self, instants: Ints) -> Ints:
        hours = (instants - self._first_hour) // HOUR
        return self._offsets[np.clip(hours, 0, len(self._offsets) - 1)]

    def to_local(self, instants: Ints) -> Ints:
        """What a clock on the wall shows, as seconds since 1970 without a zone."""
        return instants + self._offset(instants)

    def from_local(self, wall: Ints) -> Ints:
        """The instant of a time on the wall; exact between 05:00 and midnight of any day."""
        return wall - self._offset(wall - 2 * HOUR)

    def on_day(self, instants: Ints, seconds_of_day: Ints) -> Ints:
        """The same local day as `instants`, at another time of day."""
        return self.from_local(self.to_local(instants) // DAY * DAY + seconds_of_day)

    def waking(self, instants: Ints, opens: int, closes: int, rng: np.random.Generator) -> Ints:
        """The same instant if it is between two hours of the local day, else soon after opening."""
        wall = self.to_local(instants)
        seconds = wall % DAY
        soon = opens * HOUR + rng.integers(0, HOUR, len(instants))
        next_day = (seconds >= closes * HOUR) * DAY
        opening = self.from_local(wall - seconds + next_day + soon)
        is_shut = (seconds < opens * HOUR) | (seconds >= closes * HOUR)
        return np.where(is_shut, opening, instants)

    def months(self) -> Iterator[tuple[str, int, int]]:
        """The local months of the span: name, first second, and first second of the next one."""
        first = self.start_date.replace(day=1)
        while first <= self.end_date:
            following = (first + timedelta(days=32)).replace(day=1)
            yield f"{first:%Y-%m}", self._midnight(first), self._midnight(following)
            first = following
