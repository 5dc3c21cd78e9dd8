"""Which code made a number: the package's version and a fingerprint of everything that computes."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DBT_PROJECT = ROOT / "dbt_project"
FOLDERS = ("orchestration", "dbt_project", "expectations")
SUFFIXES = (".py", ".sql", ".yml", ".csv")


@cache
def fingerprint(*folders: str) -> str:
    """Twelve hexadecimal digits that change with any source file of the folders."""
    digest = hashlib.sha256()
    for folder in folders or FOLDERS:
        for file in sorted((ROOT / folder).rglob("*")):
            if file.suffix in SUFFIXES and "target" not in file.parts:
                digest.update(str(file.relative_to(ROOT)).encode())
                digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


@cache
def code_version() -> str:
    """The installed version and the fingerprint of the code, such as `0.1.0+3f2a9c1b7d10`."""
    try:
        number = version("cx-warehouse")
    except PackageNotFoundError:
        number = "0"
    return f"{number}+{fingerprint()}"
