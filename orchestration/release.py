"""Candidate → audited → release: the copy, the seal, the atomic switch, rollback and retention."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from orchestration.audit import Paper, marts_file, objection, paper_of, sha256_of
from orchestration.code_version import code_version
from orchestration.landing import batches, records
from orchestration.landing.batches import identifier, literal
from orchestration.landing.contract import ENTITIES
from orchestration.landing.durable import fsync, write_text
from orchestration.settings import Home

DATABASE = "cx.duckdb"
SEALED = ("runs", "check_results", "releases", "restatements")


class ReleaseRefused(Exception):
    """The candidate may not go out; the message says why."""


class NoSuchRelease(Exception):
    """There is no release of that name; the message says which there are."""


@dataclass(frozen=True)
class Release:
    """A release as its manifest describes it."""

    release_id: str
    folder: Path
    manifest: Mapping[str, Any]

    @property
    def database(self) -> Path:
        """The DuckDB file that analysts query."""
        return self.folder / DATABASE


def publish(
    home: Home,
    run: Mapping[str, object],
    checks: Sequence[Mapping[str, object]],
    keep: int,
) -> Release:
    """Release the audited candidate and make it the current one.

    Args:
        home: the deployment.
        run: the record of the run that releases, as far as it has come.
        checks: the records of its checks.
        keep: how many releases stay.

    Returns:
        The new release.

    Raises:
        ReleaseRefused: the candidate is not the file that the gate has passed.
    """
    reason = objection(home.candidate)
    verdict = paper_of(home.candidate, "verdict")
    if reason or verdict is None:
        raise ReleaseRefused(f"not released: {reason}")
    release_id = _new_id(home)
    draft = home.releases / f".{release_id}.draft"
    draft.mkdir(parents=True)
    shutil.copyfile(marts_file(home.candidate), draft / DATABASE)
    row = _release_row(release_id, verdict)
    sealed = {
        "runs": [{**run, "release_id": release_id, "ended_at": row["released_at"]}],
        "check_results": checks,
    }
    _seal(draft / DATABASE, home, row, sealed)
    _write_manifest(draft, home, row, run, checks)
    for file in (*draft.rglob("*"), draft):
        fsync(file)
    draft.rename(home.releases / release_id)
    fsync(home.releases)
    switch(home, release_id)
    keep_records(home, release_id)
    _prune(home, keep)
    return get(home, release_id)


def _new_id(home: Home) -> str:
    """The instant of release; a second one in the same second waits its turn in the name."""
    stamp = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    taken = {folder.name for folder in list_folders(home)}
    return next(name for n in range(1, 100) if (name := f"{stamp}-{n:02}") not in taken)


def _release_row(release_id: str, verdict: Paper) -> dict[str, object]:
    return {
        "release_id": release_id,
        "released_at": datetime.now(UTC),
        "run_id": verdict.run_id,
        "as_of": datetime.fromisoformat(verdict.as_of),
        "audited_sha256": verdict.sha256,
        "code_version": code_version(),
    }


def _seal(
    file: Path,
    home: Home,
    row: dict[str, object],
    rows: dict[str, Sequence[Mapping[str, object]]],
) -> None:
    """Add to the quality marts of the copy what only the audit itself could know.

    The marts that were audited are not touched; the seal adds the rows of this run, its checks and
    this release, and the values of closed periods that differ from the release before.
    """
    with duckdb.connect(str(file)) as con:
        con.execute("set timezone = 'UTC'")
        row["row_counts"] = json.dumps(
            {name: count for name, (count, _) in _table_facts(con).items()}
        )
        for table, added in {**rows, "releases": [row]}.items():
            _insert(con, table, added)
        previous = current(home)
        if previous is not None:
            _restate(con, previous.database, str(row["release_id"]))


def _insert(
    con: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Mapping[str, object]]
) -> None:
    columns = list(records.RECORDS[table])
    if rows:
        marks = ", ".join("?" for _ in columns)
        con.executemany(
            f"insert into quality.{table} ({', '.join(columns)}) values ({marks})",
            [[row.get(column) for column in columns] for row in rows],
        )


def _restate(con: duckdb.DuckDBPyConnection, previous: Path, release_id: str) -> None:
    """Record every value of a period that was closed before and has another value now."""
    con.execute(f"attach {literal(previous)} as previous (read_only)")
    con.execute(
        """
        insert into quality.restatements by name
        select
            ? as release_id, metric, policy, grain, period_start, dimension, dimension_value,
            before.value as value_before, after.value as value_after
        from previous.metrics.metric_values as before
        left join metrics.metric_values as after
            using (metric, policy, grain, period_start, dimension, dimension_value)
        where before.is_complete and before.value is distinct from after.value
        """,
        [release_id],
    )
    con.execute("detach previous")


def _table_facts(con: duckdb.DuckDBPyConnection) -> dict[str, tuple[int, str]]:
    """Rows and checksum of every mart; the checksum does not depend on the order of rows."""
    tables = con.execute(
        "select table_schema, table_name from information_schema.tables "
        "where table_catalog = current_database() order by all"
    ).fetchall()
    facts: dict[str, tuple[int, str]] = {}
    for schema, table in tables:
        name = f"{identifier(schema)}.{identifier(table)}"
        count, checksum = con.execute(
            f"select count(*), coalesce(sum(hash(one)::hugeint), 0)::varchar from {name} as one"
        ).fetchall()[0]
        facts[f"{schema}.{table}"] = (count, checksum)
    return facts


def _write_manifest(
    draft: Path,
    home: Home,
    row: Mapping[str, object],
    run: Mapping[str, object],
    checks: Sequence[Mapping[str, object]],
) -> None:
    """Write what the release was made from, what was checked, and what is in it."""
    with duckdb.connect(str(draft / DATABASE), read_only=True) as con:
        facts = _table_facts(con)
        restated = con.execute(
            "select metric, count(*) from quality.restatements where release_id = ? "
            "group by metric order by metric",
            [row["release_id"]],
        ).fetchall()
    manifest = {
        **{key: _plain(value) for key, value in row.items() if key != "row_counts"},
        "started_at": _plain(run["started_at"]),
        "sha256": sha256_of(draft / DATABASE),
        "tables": {name: {"rows": n, "checksum": total} for name, (n, total) in facts.items()},
        "inputs": _inputs(home),
        "checks": {
            "passed": sum(bool(check["passed"]) for check in checks),
            "warned": [
                f"{check['asset']}: {check['check_name']}"
                for check in checks
                if not check["passed"]
            ],
        },
        "restatements": sum(count for _, count in restated),
        "restated_metrics": dict(restated),
    }
    write_text(draft / "manifest.json", json.dumps(manifest, indent=2) + "\n")
    (draft / "checks").mkdir()
    lines = [json.dumps({k: _plain(v) for k, v in check.items()}) + "\n" for check in checks]
    write_text(draft / "checks" / "results.jsonl", "".join(lines))


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value


def _inputs(home: Home) -> list[dict[str, object]]:
    """The batches that the release was built from, with their statements of rows."""
    return [
        {
            "batch_id": batch.batch_id,
            "rows_in": batch.rows_in,
            "landed": batch.landed,
            "quarantined": batch.quarantined,
            "duplicates": batch.duplicates,
        }
        for entity in ENTITIES
        for batch in batches.list_batches(home.landing, entity)
    ]


def switch(home: Home, release_id: str) -> None:
    """Point `current` at a release, in one rename that no reader can see half done."""
    link = home.root / f".current.{os.getpid()}.tmp"
    link.unlink(missing_ok=True)
    link.symlink_to(Path("releases") / release_id)
    link.replace(home.current)
    fsync(home.root)


def keep_records(home: Home, release_id: str) -> None:
    """Keep a release's own rows in landing, from where later builds take them."""
    database = get(home, release_id).database
    with duckdb.connect(str(database), read_only=True) as con:
        con.execute("set timezone = 'UTC'")
        for record in ("releases", "restatements"):
            final = records.folder(home.landing, record) / f"{release_id}.parquet"
            columns = ", ".join(records.RECORDS[record])
            query = f"select {columns} from quality.{record} where release_id = '{release_id}'"
            batches.write_parquet(con, query, final)


def reconcile(home: Home) -> None:
    """Finish what a killed run left: no half release stays, and a whole one goes live."""
    for draft in home.releases.glob(".*.draft"):
        shutil.rmtree(draft)
    for folder in list_folders(home):
        if not (records.folder(home.landing, "releases") / f"{folder.name}.parquet").exists():
            switch(home, folder.name)
            keep_records(home, folder.name)


def _prune(home: Home, keep: int) -> None:
    """Remove the oldest releases beyond `keep`; never the current one."""
    live = home.current.resolve().name
    for folder in list_folders(home)[:-keep]:
        if folder.name != live:
            shutil.rmtree(folder)


def list_folders(home: Home) -> list[Path]:
    """The folders of the releases, oldest first."""
    return sorted(folder for folder in home.releases.glob("[0-9]*") if folder.is_dir())


def get(home: Home, release_id: str) -> Release:
    """A release by its id.

    Raises:
        NoSuchRelease: it is not there; the message lists those that are.
    """
    folder = home.releases / release_id
    if not (folder / "manifest.json").exists():
        known = ", ".join(path.name for path in list_folders(home)) or "none"
        raise NoSuchRelease(f"there is no release {release_id}; there are: {known}")
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return Release(release_id, folder, manifest)


def current(home: Home) -> Release | None:
    """The release that analysts see, or None before the first one."""
    return get(home, home.current.resolve().name) if home.current.exists() else None


def all_releases(home: Home) -> list[Release]:
    """Every release that is kept, oldest first."""
    return [get(home, folder.name) for folder in list_folders(home)]


def of_run(home: Home, run_id: str) -> str | None:
    """The release that a run made and switched to, or None if it made none."""
    found = [r.release_id for r in all_releases(home) if r.manifest["run_id"] == run_id]
    return found[-1] if found else None


def rollback(home: Home, release_id: str | None = None) -> Release:
    """Make an earlier release the current one: the one before the current, or the one named.

    Raises:
        NoSuchRelease: there is none to go back to.
    """
    now = current(home)
    if release_id is None:
        earlier = [f.name for f in list_folders(home) if now and f.name < now.release_id]
        if not earlier:
            raise NoSuchRelease("there is no earlier release to go back to")
        release_id = earlier[-1]
    target = get(home, release_id)
    switch(home, target.release_id)
    return target
