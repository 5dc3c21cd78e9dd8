"""The papers of a candidate: who built this very file, and what the gate found in it.

dbt leaves a build paper, the gate a verdict; both name the sha256 of the marts file that they speak
of. The release reads them and believes nothing else, so that a file which no gate has passed cannot
go out, whatever step is started alone.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from orchestration.landing.durable import write_text


@dataclass(frozen=True)
class Paper:
    """What one step says about one state of the marts file."""

    sha256: str
    run_id: str
    as_of: str
    passed: bool
    failed: tuple[str, ...] = ()


def marts_file(candidate: Path) -> Path:
    """The candidate's marts, the file that is audited and released."""
    return candidate / "marts.duckdb"


def sha256_of(file: Path) -> str:
    """The sha256 of a file's bytes."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def withdraw_papers(candidate: Path) -> None:
    """A file that is about to change has no papers."""
    for name in ("build", "verdict"):
        (candidate / f"{name}.json").unlink(missing_ok=True)


def issue(candidate: Path, name: str, paper: Paper) -> None:
    """Write the paper `build` or `verdict`."""
    write_text(candidate / f"{name}.json", json.dumps(asdict(paper), indent=2) + "\n")


def paper_of(candidate: Path, name: str) -> Paper | None:
    """The paper `build` or `verdict`, or None if there is none."""
    file = candidate / f"{name}.json"
    if not file.exists():
        return None
    values = json.loads(file.read_text(encoding="utf-8"))
    return Paper(**{**values, "failed": tuple(values["failed"])})


def objection(candidate: Path) -> str | None:
    """Why the candidate's marts may not be released, or None if they may.

    Both papers must be there, speak of the file as it is now, and have found nothing critical.
    """
    file = marts_file(candidate)
    if not file.exists():
        return "there is no candidate: start a run with `cx run`"
    if file.with_name(f"{file.name}.wal").exists():
        return "the candidate was left in the middle of a change: start a run with `cx run`"
    sha256 = sha256_of(file)
    for name, step in (("build", "dbt"), ("verdict", "the marts' gate")):
        paper = paper_of(candidate, name)
        if paper is None:
            return f"{step} has not finished with this candidate: start a run with `cx run`"
        if paper.sha256 != sha256:
            return f"the candidate has changed since {step} was done with it: start a new run"
        if not paper.passed:
            return f"{step} refused this candidate: {', '.join(paper.failed)}"
    return None
