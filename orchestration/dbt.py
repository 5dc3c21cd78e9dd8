"""dbt in this process: the manifest, parsed once per home, and one invocation per run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestration.code_version import DBT_PROJECT, fingerprint
from orchestration.landing.durable import write_text
from orchestration.settings import Home

if TYPE_CHECKING:
    from dbt.cli.main import dbtRunnerResult

QUIET = {
    "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    "DBT_VERSION_CHECK": "false",
    "DBT_LOG_LEVEL": "none",
    "DBT_LOG_LEVEL_FILE": "info",
    "DBT_PRINT": "false",
}


@contextmanager
def _environment(home: Home, values: Mapping[str, str]) -> Iterator[None]:
    """Set what dbt reads from the environment, and put the old values back."""
    wanted = {
        **QUIET,
        "CX_HOME": str(home.root),
        "DBT_PROFILES_DIR": str(DBT_PROJECT),
        "DBT_PROJECT_DIR": str(DBT_PROJECT),
        "DBT_TARGET_PATH": str(home.dbt),
        "DBT_LOG_PATH": str(home.dbt),
        **values,
    }
    before = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def manifest_file(home: Home) -> Path:
    """The manifest of the dbt project for this home; parsed again only if the project changed."""
    file = home.dbt / "manifest.json"
    if not _is_parsed(home):
        home.dbt.mkdir(parents=True, exist_ok=True)
        result = invoke(home, ["parse"], {})
        if not result.success:
            raise RuntimeError(f"the dbt project cannot be parsed: {result.exception}")
        write_text(home.dbt / "parsed", fingerprint("dbt_project"))
    return file


def _is_parsed(home: Home) -> bool:
    file, mark = home.dbt / "manifest.json", home.dbt / "parsed"
    return file.exists() and mark.exists() and mark.read_text() == fingerprint("dbt_project")


@contextmanager
def parsing_beside(home: Home) -> Iterator[None]:
    """Parse the project in a process of its own, if it must be, while this one does the block."""
    if _is_parsed(home):
        yield
        return
    with subprocess.Popen([sys.executable, "-m", "orchestration.dbt", str(home.root)]):
        yield


@cache
def read_manifest(file: Path) -> Mapping[str, Any]:
    """The manifest as plain data."""
    return json.loads(file.read_text(encoding="utf-8"))


def invoke(home: Home, arguments: Sequence[str], values: Mapping[str, str]) -> dbtRunnerResult:
    """Run one dbt command in this process, with the manifest that is already parsed.

    Args:
        home: where the landing, the candidate and dbt's own files are.
        arguments: the command and its options.
        values: environment variables that the models read.
    """
    from dbt.cli.main import dbtRunner

    with _environment(home, values):
        manifest = None if arguments[0] == "parse" else _parsed(home)
        return dbtRunner(manifest=manifest).invoke(list(arguments))


def _parsed(home: Home) -> Any:  # noqa: ANN401 - dbt's own Manifest, imported late
    """The parsed manifest that `dbt parse` left, which loads in a tenth of the time of a parse."""
    from dbt.contracts.graph.manifest import Manifest

    file = home.dbt / "partial_parse.msgpack"
    manifest = Manifest.from_msgpack(file.read_bytes())
    manifest.build_flat_graph()
    return manifest


if __name__ == "__main__":
    manifest_file(Home(Path(sys.argv[1])))
