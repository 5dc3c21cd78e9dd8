"""Deployments for the tests: small, hand-made, real files in a folder of their own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from orchestration.demo import simulate
from orchestration.extract import take_in
from orchestration.gates import Verdict
from orchestration.job import run_once
from orchestration.landing import door
from orchestration.landing.batches import Batch, ensure_schemas
from orchestration.landing.contract import ENTITIES
from orchestration.runs import Run
from orchestration.settings import Home, load


@pytest.fixture(autouse=True)
def no_foreign_home(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test may touch a deployment that the developer has."""
    monkeypatch.delenv("CX_HOME", raising=False)
    monkeypatch.setenv("CX_PII_SALT", "salt of the tests")


@dataclass(frozen=True)
class Deployment:
    """A home with a `sources.yml`, and the steps of a run one by one."""

    home: Home

    def configure(self, text: str) -> None:
        self.home.root.mkdir(parents=True, exist_ok=True)
        self.home.sources_file.write_text(text, encoding="utf-8")

    def drop(self, name: str, content: str | bytes) -> Path:
        """Put a file where the sources look for it."""
        file = self.home.root / "drop" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        data = content.encode() if isinstance(content, str) else content
        file.write_bytes(data)
        return file

    def extract(self, entity: str) -> tuple[dict[str, Verdict], list[Batch]]:
        """Take in what is new of an entity; the verdicts by the name of their check."""
        ensure_schemas(self.home.landing)
        door.clear(self.home.landing)
        run = Run(
            run_id="test",
            settings=load(self.home),
            as_of=None,
            full_refresh=False,
            trigger="test",
            started_at=datetime.now(UTC),
        )
        verdicts, batches = take_in(run, ENTITIES[entity])
        worst = {v.check: v for v in sorted(verdicts, key=lambda v: not v.passed)}
        return worst, batches

    def refusal(self, entity: str) -> str:
        """Why the entity's source is refused; the test fails if it is not."""
        verdicts, batches = self.extract(entity)
        verdict = verdicts["source_is_readable"]
        assert not verdict.passed
        assert not batches
        return verdict.observed

    def landed(self, entity: str, columns: str = "*") -> list[tuple[object, ...]]:
        """The landed rows of an entity in the order of ingestion."""
        files = str(self.home.landing / entity / "*.parquet")
        with duckdb.connect() as con:
            con.execute("set timezone = 'UTC'")
            return con.execute(
                f"select {columns} from read_parquet(?, union_by_name = true) "
                f"order by _batch_id, _row_number",
                [files],
            ).fetchall()

    def quarantined(self) -> list[tuple[object, ...]]:
        """The refused rows: where they came from and why they were refused."""
        files = str(self.home.landing / "records" / "quarantined_rows" / "*.parquet")
        return duckdb.sql(
            f"select origin, origin_row, reasons from read_parquet('{files}') order by all"
        ).fetchall()


@pytest.fixture
def deployment(tmp_path: Path) -> Deployment:
    return Deployment(Home(tmp_path / "home"))


DEMO = {"customers": 120, "days": 120, "seed": 7}


@pytest.fixture(scope="session")
def released(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """A small demo that has been run and released once; tests copy it and never change it."""
    home = Home(tmp_path_factory.mktemp("released") / "home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CX_PII_SALT", "salt of the tests")
        simulate(home.root, **DEMO)
        outcome = run_once(home)
    assert outcome.exit_code == 0, outcome.run
    yield home


@pytest.fixture
def warehouse(released: Home, tmp_path: Path) -> Home:
    """A deployment of its own that already has a release."""
    shutil.copytree(released.root, tmp_path / "home", symlinks=True)
    return Home(tmp_path / "home")
