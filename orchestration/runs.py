"""A run and its record: one run at a time, and every run ends in a line that says how it ended."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import dagster as dg

from orchestration import release
from orchestration.code_version import code_version
from orchestration.landing import batches, door
from orchestration.landing.contract import ENTITIES
from orchestration.landing.records import append, read
from orchestration.lock import locked
from orchestration.settings import Home, Settings, find_home, load

AS_OF_TAG = "cx/as_of"
FULL_REFRESH_TAG = "cx/full_refresh"
TRIGGER_TAG = "cx/trigger"


@dataclass(frozen=True)
class Run:
    """What the steps of a run share."""

    run_id: str
    settings: Settings
    as_of: datetime | None
    full_refresh: bool
    trigger: str
    started_at: datetime

    @property
    def home(self) -> Home:
        """The deployment's home."""
        return self.settings.home


@dg.resource(description="The deployment that a run works on; locked, recorded, reconciled.")
def deployment(context: dg.InitResourceContext) -> Iterator[Run]:
    """Open a run: take the lock, tidy up after a killed one, and write how this one ended.

    `dagster job execute` opens the resources of a run once more when it is over: what is written
    about it then stays.
    """
    home = find_home()
    tags = context.run.tags if context.run else {}
    as_of = tags.get(AS_OF_TAG)
    with locked(home):
        run = Run(
            run_id=context.run.run_id if context.run else "",
            settings=load(home),
            as_of=datetime.fromisoformat(as_of) if as_of else None,
            full_refresh=tags.get(FULL_REFRESH_TAG) == "true",
            trigger=tags.get(TRIGGER_TAG, _trigger(tags)),
            started_at=datetime.now(UTC),
        )
        if any(row["run_id"] == run.run_id for row in read(home.landing, "runs")):
            yield run
            return
        reconcile(home, context.instance)
        write_run(home, record_of(run, "running"))
        try:
            yield run
        finally:
            close(run, context.instance)


def _trigger(tags: Mapping[str, str]) -> str:
    return "schedule" if "dagster/schedule_name" in tags else "ui"


def reconcile(home: Home, instance: dg.DagsterInstance | None) -> None:
    """Tidy up after runs that were killed: half-written files, and records that say `running`."""
    batches.ensure_schemas(home.landing)
    door.clear(home.landing)
    release.reconcile(home)
    for row in read(home.landing, "runs", "status = 'running'"):
        live = release.of_run(home, str(row["run_id"]))
        status = {"status": "released", "release_id": live} if live else {"status": "killed"}
        write_run(home, {**row, **status, "ended_at": datetime.now(UTC)})
        if instance is not None:
            _end_in_dagster(instance, str(row["run_id"]))


def _end_in_dagster(instance: dg.DagsterInstance, run_id: str) -> None:
    """A killed run stays STARTED in Dagster for ever unless somebody says otherwise."""
    dagster_run = instance.get_run_by_id(run_id)
    if dagster_run is not None and not dagster_run.is_finished:
        instance.report_run_failed(dagster_run, "The run was killed.")


def close(run: Run, instance: dg.DagsterInstance | None) -> None:
    """Write down how a run ended, with every check it made."""
    checks = check_rows(instance, run.run_id)
    release_id = release.of_run(run.home, run.run_id)
    refused = [row for row in checks if not row["passed"] and row["severity"] == "critical"]
    if release_id:
        status, message = "released", None
    elif refused:
        status = "refused"
        message = "; ".join(f"{row['asset']}: {row['check_name']}" for row in refused)
    else:
        status, message = "failed", _failures(instance, run.run_id)
    append(run.home.landing, "check_results", run.run_id, checks)
    row = record_of(run, status)
    ended = {"ended_at": datetime.now(UTC), "release_id": release_id, "message": message}
    write_run(run.home, {**row, **ended})


def record_of(run: Run, status: str) -> dict[str, object]:
    """A run as its record has it, before its end is known."""
    landed = [
        name for entity in ENTITIES for name in _batches_since(run.home, entity, run.started_at)
    ]
    return {
        "run_id": run.run_id,
        "started_at": run.started_at,
        "status": status,
        "trigger": run.trigger,
        "batch_count": len(landed),
        "code_version": code_version(),
    }


def _batches_since(home: Home, entity: str, started_at: datetime) -> list[str]:
    first = f"{started_at:%Y%m%dT%H%M%S.%fZ}"
    files = (home.landing / entity).glob("[1-9]*.parquet")
    return [file.name for file in files if file.name >= first]


def write_run(home: Home, row: Mapping[str, object]) -> None:
    """Write or replace a run's record."""
    append(home.landing, "runs", str(row["run_id"]), [row])


def check_rows(instance: dg.DagsterInstance | None, run_id: str) -> list[dict[str, object]]:
    """The checks that a run has made so far, as records and their remedies, from the event log."""
    if instance is None:
        return []
    kind = dg.DagsterEventType.ASSET_CHECK_EVALUATION
    entries = instance.all_logs(run_id, of_type=kind)
    return [_check_row(run_id, entry) for entry in entries if entry.dagster_event]


def _check_row(run_id: str, entry: dg.EventLogEntry) -> dict[str, object]:
    found = entry.get_dagster_event().asset_check_evaluation_data
    said = {key: str(value.value) for key, value in found.metadata.items()}
    rows = found.metadata.get("failing_rows")
    sample = [record.data for record in rows.records] if rows else []
    return {
        "run_id": run_id,
        "checked_at": datetime.fromtimestamp(entry.timestamp, UTC),
        "asset": ".".join(found.asset_key.path),
        "check_name": found.check_name,
        "description": found.description,
        "severity": "critical" if found.severity == dg.AssetCheckSeverity.ERROR else "warning",
        "passed": found.passed,
        "observed": said.get("observed"),
        "expected": said.get("expected"),
        "failing_sample": json.dumps(sample) if sample else None,
        "remedy": said.get("remedy"),
    }


def _failures(instance: dg.DagsterInstance | None, run_id: str) -> str | None:
    """What the failed steps said."""
    if instance is None:
        return None
    entries = instance.all_logs(run_id, of_type=dg.DagsterEventType.STEP_FAILURE)
    errors = [entry.get_dagster_event().step_failure_data.error for entry in entries]
    roots = [error.cause or error for error in errors if error]
    return "; ".join(dict.fromkeys(error.message.strip() for error in roots)) or None
