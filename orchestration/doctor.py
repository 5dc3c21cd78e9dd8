"""A check-up of a deployment: the installation, the settings, every source, the disk."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import duckdb

from orchestration import release
from orchestration.code_version import DBT_PROJECT, ROOT, code_version
from orchestration.landing import door
from orchestration.landing.batches import ensure_schemas
from orchestration.landing.casting import Reading
from orchestration.landing.contract import ENTITIES
from orchestration.lock import AlreadyRunning, locked
from orchestration.settings import Home, Settings, SettingsError, load
from orchestration.sources import SourceError, files

FREE_BYTES = 2 * 1024**3


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at, and what to do if it is not well."""

    what: str
    ok: bool
    found: str
    remedy: str = ""


def examine(home: Home) -> list[Finding]:
    """Look at everything that a run needs; nothing is changed but missing empty folders."""
    findings = [*_installation(), _disk(home)]
    try:
        settings = load(home)
    except SettingsError as error:
        remedy = "correct sources.yml as it says" if home.sources_file.exists() else "run `cx init`"
        return [*findings, Finding("sources.yml", False, str(error), remedy)]
    names = ", ".join(settings.config.sources) or "none"
    ok = bool(settings.config.sources)
    remedy = "" if ok else "describe a source in sources.yml"
    findings.append(Finding("sources.yml", ok, f"sources: {names}", remedy))
    try:
        with locked(home):
            ensure_schemas(home.landing)
            findings += [found for entity in ENTITIES for found in _sources(settings, entity)]
    except AlreadyRunning as error:
        findings.append(Finding("sources", False, str(error), "try again when it is done"))
    live = release.current(home)
    return [*findings, Finding("release", True, live.release_id if live else "none yet")]


def _installation() -> Iterator[Finding]:
    number = ".".join(map(str, sys.version_info[:3]))
    yield Finding("python", True, f"{number}, code {code_version()}")
    yield Finding("duckdb", True, duckdb.__version__)
    parts = [DBT_PROJECT / "dbt_project.yml", ROOT / "expectations" / "__init__.py"]
    missing = [str(part) for part in parts if not part.exists()]
    yield Finding(
        "dbt project and expectations",
        not missing,
        "there" if not missing else f"missing: {', '.join(missing)}",
        "install cx-warehouse again" if missing else "",
    )


def _disk(home: Home) -> Finding:
    folder = next(path for path in (home.root, *home.root.parents) if path.exists())
    free = shutil.disk_usage(folder).free
    ok = free >= FREE_BYTES
    remedy = "" if ok else "make room: a run keeps a candidate and the last releases"
    return Finding("disk", ok, f"{free / 1024**3:,.1f} GiB free", remedy)


def _sources(settings: Settings, entity: str) -> Iterator[Finding]:
    """Read every source of an entity as a run would, judge its rows, and land nothing."""
    for name, source, reading in settings.config.readers(entity):
        what = f"{name} → {entity}"
        with duckdb.connect() as con:
            try:
                found = files.extract(con, settings.home.root, source, entity, reading, ())
            except SourceError as error:
                yield Finding(what, False, str(error), "correct it, then `cx doctor` again")
                continue
            if found is None:
                yield Finding(what, True, "no files yet")
                continue
            zone = reading.timestamp_timezone or settings.config.timezone
            how = Reading(zone, reading.timestamp_format)
            landing = settings.home.landing
            incoming = door.receive(con, found, landing, entity, name, how, settings.salt)
            door.withdraw(incoming)
            batch = incoming.batch
            rate = batch.quarantined / batch.rows_in if batch.rows_in else 0.0
            ok = rate <= reading.limits.max_quarantined_rate
            reasons = con.execute(
                "select reasons from refused group by reasons order by count(*) desc limit 3"
            ).fetchall()
            yield Finding(
                what,
                ok,
                f"{batch.rows_in:,} rows in {len(batch.inputs)} files, {batch.quarantined:,} would "
                f"be quarantined",
                "; ".join(reason for (reason,) in reasons),
            )
