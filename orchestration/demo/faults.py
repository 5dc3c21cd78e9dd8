"""Faults that `cx demo --faults` plants into the exports, to show that the gates refuse them."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.audit import marts_file, sha256_of
from orchestration.cli.common import CONSOLE
from orchestration.settings import Home

REFUSED = 3
SCORE_OUTSIDE_SCALE = "11"


@dataclass(frozen=True)
class Fault:
    """One file too many: what is wrong with it, and the text that it has."""

    description: str
    path: str
    lines: Callable[[Path], Iterator[list[str]]]

    def plant(self, folder: Path) -> Path:
        """Write the faulty file into a demo's folder, the one that holds `drop`.

        Raises:
            FileNotFoundError: the folder holds no exports of a demo.
        """
        file = folder / "drop" / self.path
        self.remove(folder)
        rows = list(self.lines(file.parent))
        with file.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream, lineterminator="\n").writerows(rows)
        return file

    def remove(self, folder: Path) -> None:
        """Take the faulty file away again, if it is there."""
        (folder / "drop" / self.path).unlink(missing_ok=True)


def _exports(directory: Path, pattern: str) -> list[Path]:
    found = sorted(directory.glob(pattern))
    if not found:
        raise FileNotFoundError(f"no {pattern} in {directory}: run cx demo first")
    return found


def _read(file: Path) -> tuple[list[str], list[list[str]]]:
    with file.open(encoding="utf-8", newline="") as stream:
        header, *rows = csv.reader(stream)
    return header, rows


def _renamed_column(directory: Path) -> Iterator[list[str]]:
    """The newest orders once more, as if the shop had renamed a column in an update."""
    header, rows = _read(_exports(directory, "orders_*.csv")[-1])
    yield ["Created on" if name == "Created at" else name for name in header]
    yield from rows


def _impossible_scores(directory: Path) -> Iterator[list[str]]:
    """As many NPS answers as there are, every third of them 11: a scale that was set up wrong."""
    files = _exports(directory, "responses_*.csv")
    header, _ = _read(files[0])
    response, score = header.index("ResponseId"), header.index("Q1_NPS")
    answers = (row for file in files for row in _read(file)[1] if row[score])
    yield header
    for number, row in enumerate(answers):
        row[response] = f"R_FAULT{number:09d}"
        if number % 3 == 0:
            row[score] = SCORE_OUTSIDE_SCALE
        yield row


FAULTS: dict[str, Fault] = {
    "renamed_column": Fault(
        description="a new orders file in which `Created at` is called `Created on`",
        path="shop/orders_renamed_column.csv",
        lines=_renamed_column,
    ),
    "impossible_scores": Fault(
        description="a new survey file in which every third NPS score is 11",
        path="voice/responses_impossible_scores.csv",
        lines=_impossible_scores,
    ),
}


def show_faults(
    home: Home, run: Callable[[Home], int], judge_and_release: Callable[[Home], int]
) -> int:
    """Break one thing after the other and run; analysts must notice nothing.

    Args:
        home: the demo's deployment, which has a release.
        run: one scheduled run; returns its exit code.
        judge_and_release: the last two steps of a run alone; returns their exit code.

    Returns:
        0 if every fault was refused and the release is byte for byte what it was, else 1.
    """
    before, held = _release_digest(home), True
    for fault in FAULTS.values():
        CONSOLE.print(f"\n[bold]A fault on purpose:[/] {fault.description}")
        fault.plant(home.root)
        try:
            code = run(home)
        finally:
            fault.remove(home.root)
        held &= _has_held(home, code, before)
    CONSOLE.print("\n[bold]A fault on purpose:[/] touchpoints deleted from the candidate by hand")
    with duckdb.connect(str(marts_file(home.candidate))) as con:
        con.execute("delete from journey.touchpoints where activity = 'order placed'")
    held &= _has_held(home, judge_and_release(home), before)
    shutil.rmtree(home.candidate)
    return 0 if held else 1


def _has_held(home: Home, code: int, before: str) -> bool:
    """Say whether a fault was refused and the release is what it was."""
    is_same = _release_digest(home) == before
    CONSOLE.print(_outcome(code, is_same))
    return code == REFUSED and is_same


def _outcome(code: int, is_same: bool) -> str:
    if code != REFUSED:
        return f"[red]✗[/] the run ended with {code} instead of {REFUSED}: the gate did not hold"
    if not is_same:
        return "[red]✗[/] the run was refused, and yet the release has changed"
    return (
        "[green]✓[/] refused, and `cx sql` still answers from the former release, byte for byte; "
        "the fault is taken away again"
    )


def _release_digest(home: Home) -> str:
    """The sha256 of what analysts read."""
    return sha256_of(home.current / "cx.duckdb")
