"""What the commands share: the console, JSON on standard output, tables."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime

from rich.console import Console
from rich.table import Table
from rich.text import Text

CONSOLE = Console(stderr=True, highlight=False)
OUT = Console(highlight=False)
LONGEST_UNFOLDED = 24


def print_json(value: object) -> None:
    """Write a value as JSON for a script to read."""
    sys.stdout.write(json.dumps(value, indent=2, default=str) + "\n")


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Show rows to a person; where the terminal is narrow, long values are folded, never cut."""
    texts = [["" if value is None else _text(value) for value in row] for row in rows]
    table = Table(box=None, header_style="bold", pad_edge=False)
    for number, column in enumerate(columns):
        longest = max((len(row[number]) for row in texts), default=0)
        table.add_column(column, overflow="fold", no_wrap=longest <= LONGEST_UNFOLDED)
    for row in texts:
        table.add_row(*map(Text, row))  # a value may hold what Rich would take for markup
    OUT.print(table)


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)
