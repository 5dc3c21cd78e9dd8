"""Candidate → audited → release: the copy, the seal, the manifest and the atomic switch.

`shelf.py` keeps the releases, `seal.py` and `manifest.py` say what is in one.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import duckdb

from orchestration.audit import Paper, marts_file, objection, paper_of
from orchestration.code_version import code_version
from orchestration.landing import batches, records
from orchestration.landing.durable import fsync
from orchestration.release.manifest import write_manifest
from orchestration.release.seal import seal
from orchestration.release.shelf import (
    DATABASE,
    NoSuchRelease,
    Release,
    all_releases,
    current,
    get,
    list_folders,
    of_run,
    prune,
    rollback,
    switch,
)
from orchestration.settings import Home

__all__ = [
    "DATABASE",
    "NoSuchRelease",
    "Release",
    "ReleaseRefused",
    "all_releases",
    "current",
    "get",
    "of_run",
    "publish",
    "reconcile",
    "rollback",
]


class ReleaseRefused(Exception):
    """The candidate may not go out; the message says why."""


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
    seal(draft / DATABASE, home, row, sealed)
    write_manifest(draft, home, row, run, checks)
    for file in (*draft.rglob("*"), draft):
        fsync(file)
    draft.rename(home.releases / release_id)
    fsync(home.releases)
    switch(home, release_id)
    keep_records(home, release_id)
    prune(home, keep)
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
