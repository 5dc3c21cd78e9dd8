"""The wheel: everything that `cx` needs is inside, and nothing is written beside it."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The files of the wheel, as they lie in site-packages."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [os.environ.get("UV", "uv"), "build", "--wheel", "--out-dir", str(folder)]
    done = subprocess.run(build, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (wheel,) = folder.glob("*.whl")
    site = folder / "site"
    zipfile.ZipFile(wheel).extractall(site)
    return site


def test_the_wheel_holds_every_source_file(installed):
    ours = {
        str(file.relative_to(ROOT))
        for package in ("orchestration", "dbt_project", "expectations")
        for file in (ROOT / package).rglob("*")
        if file.is_file() and "__pycache__" not in file.parts and file.name != ".user.yml"
    }
    packed = {str(file.relative_to(installed)) for file in installed.rglob("*") if file.is_file()}
    assert ours <= packed


def test_cx_demo_runs_from_the_wheel_and_writes_only_into_its_home(installed, tmp_path):
    before = {file for file in installed.rglob("*") if "__pycache__" not in file.parts}
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import orchestration, sys; from orchestration.cli import main; "
            "print(orchestration.__file__); main()",
            *("demo", "--customers", "60", "--days", "90"),
        ],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(installed), "CX_HOME": str(tmp_path / "home")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith(str(installed))
    assert (tmp_path / "home" / "current" / "cx.duckdb").exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["home"]
    assert {file for file in installed.rglob("*") if "__pycache__" not in file.parts} == before
