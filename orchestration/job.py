"""One run in this process: the same job that the schedule starts, with its outcome as a value."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from importlib import resources

import dagster as dg

from orchestration import runs
from orchestration.landing.durable import write_text
from orchestration.landing.records import read
from orchestration.progress import PROGRESS
from orchestration.settings import Home

EXIT_CODES = {"released": 0, "failed": 1, "refused": 3}


@dataclass(frozen=True)
class Outcome:
    """How a run ended."""

    run: dict[str, object]
    checks: list[dict[str, object]] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        """0 released, 1 failed, 3 refused by a gate."""
        return EXIT_CODES[str(self.run["status"])]


def prepare(home: Home) -> None:
    """Give Dagster its home inside ours, with settings that are safe: no telemetry, no queue."""
    home.dagster.mkdir(parents=True, exist_ok=True)
    text = resources.files("orchestration").joinpath("dagster.yaml").read_text(encoding="utf-8")
    file = home.dagster / "dagster.yaml"
    if not file.exists() or file.read_text(encoding="utf-8") != text:
        write_text(file, text)
    os.environ["DAGSTER_HOME"] = str(home.dagster)
    os.environ["CX_HOME"] = str(home.root)


def run_once(home: Home, as_of: datetime | None = None, full_refresh: bool = False) -> Outcome:
    """Run the warehouse once, now.

    Args:
        home: the deployment.
        as_of: look at the data as they were at this instant.
        full_refresh: build everything anew from landing.
    """
    tags = {runs.FULL_REFRESH_TAG: "true"} if full_refresh else {}
    if as_of is not None:
        tags[runs.AS_OF_TAG] = as_of.isoformat()
    return _execute(home, tags)


def judge_and_release(home: Home) -> Outcome:
    """Judge the candidate as it stands, and release it if nothing speaks against it."""
    return _execute(home, {}, last_steps=("marts_gate", "release"))


def _execute(home: Home, tags: dict[str, str], last_steps: Sequence[str] = ()) -> Outcome:
    prepare(home)
    from orchestration.definitions import defs

    job = defs().resolve_job_def("warehouse")
    with dg.DagsterInstance.get() as instance:
        result = job.execute_in_process(
            instance=instance,
            run_config={"loggers": {PROGRESS: {}}},
            tags={runs.TRIGGER_TAG: "cli", **tags},
            op_selection=last_steps or None,
            raise_on_error=False,
        )
        checks = runs.check_rows(instance, result.run_id)
    found = read(home.landing, "runs")
    return Outcome(next(row for row in found if row["run_id"] == result.run_id), checks)
