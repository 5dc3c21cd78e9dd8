"""The releases that are kept: which there are, which one is current, and the way back."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orchestration.landing.durable import fsync
from orchestration.settings import Home

DATABASE = "cx.duckdb"


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


def switch(home: Home, release_id: str) -> None:
    """Point `current` at a release, in one rename that no reader can see half done."""
    link = home.root / f".current.{os.getpid()}.tmp"
    link.unlink(missing_ok=True)
    link.symlink_to(Path("releases") / release_id)
    link.replace(home.current)
    fsync(home.root)


def prune(home: Home, keep: int) -> None:
    """Remove the oldest releases beyond `keep`; never the current one."""
    live = home.current.resolve().name
    for folder in list_folders(home)[:-keep]:
        if folder.name != live:
            shutil.rmtree(folder)


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
