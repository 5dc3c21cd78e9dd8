"""Makes the files of a small company whose truth is known: `cx demo` starts here."""

from __future__ import annotations

import json
import shutil
import time
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from importlib.resources import files
from pathlib import Path

from orchestration.demo.effects import Effects
from orchestration.demo.exports import write_all
from orchestration.demo.world import World, draw_world

DEFAULT_END = date(2026, 6, 30)
MIN_CUSTOMERS, MIN_DAYS = 50, 60
MARK = "# Made by `cx demo`"
WORLD_FILE = "truth/world.json"


@dataclass(frozen=True)
class SimulationSummary:
    """What was made, how many rows of each export, and how long it took."""

    customers: int
    start: date
    end: date
    row_counts: dict[str, int]
    seconds: float

    @property
    def rows(self) -> int:
        """The rows of all exports."""
        return sum(self.row_counts.values())


def is_demo(sources: Path) -> bool:
    """Whether a `sources.yml` was made by a demo, so that another may replace it."""
    return sources.exists() and sources.read_text(encoding="utf-8").startswith(MARK)


def world_of(folder: Path) -> str | None:
    """Which world the exports of a folder come from: the arguments of `simulate`, as text."""
    file = folder / WORLD_FILE
    return file.read_text(encoding="utf-8") if file.exists() else None


def simulate(
    folder: Path,
    customers: int = 2000,
    days: int = 730,
    seed: int = 7,
    end: date = DEFAULT_END,
) -> SimulationSummary:
    """Make a company's exports, the `sources.yml` that maps them, and the truth behind them.

    The same arguments give the same bytes. What an earlier demo left in the folder is replaced.

    Args:
        folder: gets `sources.yml`, `drop/` (the exports) and `truth/` (what no system knows).
        customers: how many customers first buy in the span.
        days: length of the span.
        seed: which of all possible worlds.
        end: last day of the span; no instant lies after its last second in Europe/Berlin.

    Returns:
        What was made.

    Raises:
        ValueError: too few customers or days to fill every file.
        FileExistsError: the folder holds a `sources.yml` or exports that no demo made.
    """
    if customers < MIN_CUSTOMERS or days < MIN_DAYS:
        raise ValueError(f"a demo takes {MIN_CUSTOMERS} customers and {MIN_DAYS} days or more")
    started = time.perf_counter()
    _clear(folder)
    template = files("orchestration.demo").joinpath("sources.yml")
    (folder / "sources.yml").write_bytes(template.read_bytes())
    world = draw_world(customers, days, seed, end)
    counts = write_all(world, folder / "drop", folder / "truth")
    (folder / "truth" / "effects.json").write_text(_described(world), encoding="utf-8")
    asked = {"customers": customers, "days": days, "seed": seed, "end": end.isoformat()}
    (folder / WORLD_FILE).write_text(json.dumps(asked) + "\n", encoding="utf-8")
    seconds = time.perf_counter() - started
    return SimulationSummary(customers, world.history.clock.start_date, end, counts, seconds)


def _clear(folder: Path) -> None:
    """Make room in the folder, but never at the cost of what is not a demo's."""
    folder.mkdir(parents=True, exist_ok=True)
    sources = folder / "sources.yml"
    if sources.exists() and not is_demo(sources):
        raise FileExistsError(f"{sources} was not made by cx demo: choose another CX_HOME")
    for made in (folder / "drop", folder / "truth"):
        if made.exists() and not sources.exists():
            raise FileExistsError(f"{made} was not made by cx demo: choose another CX_HOME")
        shutil.rmtree(made, ignore_errors=True)


def _described(world: World) -> str:
    """The planted effects as JSON, instants as ISO text (UTC)."""
    effects: Effects = world.history.effects
    values = {
        name: datetime.fromtimestamp(value, UTC).isoformat()
        if name.endswith(("_from", "_until"))
        else value
        for name, value in asdict(effects).items()
    }
    return json.dumps(values, indent=2) + "\n"
