"""Whole deployments for the tests: homes with sources of their own that run for real."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration import query
from orchestration.job import Outcome, run_once
from orchestration.settings import Home

SALT = "salt of the tests"
CX = (sys.executable, "-c", "from orchestration.cli import main; main()")
PARSED: list[Path] = []


def new_home(root: Path, sources: str, **environment: object) -> Home:
    """A home with its `sources.yml`, its `.env`, and a parsed dbt project if there is one."""
    home = Home(root)
    root.mkdir(parents=True, exist_ok=True)
    home.sources_file.write_text(sources, encoding="utf-8")
    values = {"CX_PII_SALT": SALT, **environment}
    lines = "".join(f'{name}="{value}"\n' for name, value in values.items())
    home.env_file.write_text(lines, encoding="utf-8")
    lend_manifest(home)
    return home


def lend_manifest(home: Home) -> None:
    """Spare a home the parsing of the dbt project, which is the same for all."""
    parsed = next((folder for folder in PARSED if (folder / "parsed").exists()), None)
    if parsed is None:
        PARSED.append(home.dbt)
    elif not home.dbt.exists():
        shutil.copytree(parsed, home.dbt)


def run(home: Home, **options: Any) -> Outcome:
    """Run a home in this process; it has to be released."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CX_HOME", str(home.root))
        patch.setenv("DAGSTER_HOME", str(home.dagster))
        outcome = run_once(home, **options)
    assert outcome.run["status"] == "released", outcome.run["message"]
    return outcome


def cx(home: Home, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A command of `cx` in a process of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CX_HOME", str(home.root))
        patch.delenv("CX_PII_SALT", raising=False)
        return subprocess.run([*CX, *arguments], capture_output=True, text=True, check=False)


def ask(home: Home, question: str) -> list[tuple[Any, ...]]:
    """The rows of a query on the current release."""
    with query.connect(home) as con:
        return con.execute(question).fetchall()


def one(home: Home, question: str) -> tuple[Any, ...]:
    """The only row of a query on the current release."""
    (row,) = ask(home, question)
    return row


def raw(files: dict[str, str]) -> duckdb.DuckDBPyConnection:
    """A connection that sees files as they are, by names; nothing of ours has read them."""
    con = duckdb.connect()
    con.execute("set timezone = 'UTC'")
    for name, relation in files.items():
        con.execute(f"create view {name} as select * from {relation}")
    return con
