"""What a run shows while it goes: a line per step, with what it did and how long it took."""

from __future__ import annotations

import logging
import time

import dagster as dg
from rich.console import Console

CONSOLE = Console(stderr=True, highlight=False)
PROGRESS = "progress"
TITLES = {"dbt": "build and test", "marts_gate": "gate of the marts", "release": "release"}


def title_of(step: str) -> str:
    """A step's name as a person says it."""
    entity = step.removeprefix("landing__")
    return f"extract {entity}" if entity != step else TITLES.get(step, step)


class ProgressHandler(logging.Handler):
    """Prints steps as they end, from the events of the run."""

    def __init__(self) -> None:
        """Start with no step begun."""
        super().__init__()
        self._began: dict[str, float] = {}
        self._rows: dict[str, dict[str, object]] = {}

    def emit(self, record: logging.LogRecord) -> None:
        """Look at one event of the run."""
        event = getattr(record, "dagster_meta", {}).get("dagster_event")
        if event is None or event.step_key is None:
            return
        kind, step = event.event_type, event.step_key
        if kind == dg.DagsterEventType.STEP_START:
            self._began[step] = time.monotonic()
        elif kind == dg.DagsterEventType.ASSET_MATERIALIZATION and step != "dbt":
            found = event.step_materialization_data.materialization.metadata
            self._rows[step] = {key: value.value for key, value in found.items()}
        elif kind in (dg.DagsterEventType.STEP_SUCCESS, dg.DagsterEventType.STEP_FAILURE):
            self._say(step, ok=kind == dg.DagsterEventType.STEP_SUCCESS)

    def _say(self, step: str, ok: bool) -> None:
        seconds = time.monotonic() - self._began.get(step, time.monotonic())
        mark = "[green]✓[/]" if ok else "[red]✗[/]"
        CONSOLE.print(f"{mark} {title_of(step):<28}{seconds:6.1f} s  {self._detail(step)}")

    def _detail(self, step: str) -> str:
        rows = self._rows.get(step, {})
        if "rows in" in rows:
            words = ("rows in", "landed", "quarantined", "duplicates")
            if not rows["rows in"]:
                return "[dim]nothing new[/]"
            return ", ".join(f"{rows[word]:,} {word}" for word in words if rows[word])
        return str(rows.get("release", ""))


@dg.logger(description="A line per step on the terminal.")
def progress(_: dg.InitLoggerContext) -> logging.Logger:
    """The logger that `cx run` turns on."""
    logger = logging.getLogger("cx.progress")
    logger.setLevel(logging.DEBUG)
    logger.propagate = False
    if not logger.handlers:
        logger.addHandler(ProgressHandler())
    return logger
