"""The home of a deployment: the folder that holds everything it owns."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Home:
    """The folder that holds everything a deployment owns; nothing is written outside it."""

    root: Path

    @property
    def sources_file(self) -> Path:
        """What the deployment reads."""
        return self.root / "sources.yml"

    @property
    def env_file(self) -> Path:
        """Secrets, for those who keep them in a file."""
        return self.root / ".env"

    @property
    def landing(self) -> Path:
        """The immutable batches."""
        return self.root / "landing"

    @property
    def candidate(self) -> Path:
        """What a run works on; nobody reads it."""
        return self.root / "candidate"

    @property
    def releases(self) -> Path:
        """One folder per release."""
        return self.root / "releases"

    @property
    def current(self) -> Path:
        """The link to the release that analysts see."""
        return self.root / "current"

    @property
    def dagster(self) -> Path:
        """Dagster's own files."""
        return self.root / "dagster"

    @property
    def dbt(self) -> Path:
        """The parsed dbt project, and dbt's logs."""
        return self.dagster / "dbt"

    @property
    def lock(self) -> Path:
        """Held by the run that works on this home."""
        return self.root / "run.lock"


def find_home() -> Home:
    """The home named by `CX_HOME`, else `.cx` in the working directory."""
    return Home(Path(os.environ.get("CX_HOME") or ".cx").absolute())
