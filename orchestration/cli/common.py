"""What the commands share: the console, JSON on standard output, tables."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime

from rich.console import Console
from rich.table import Table

CONSOLE = Console(stderr=True, highlight=False)
OUT = Console(highlight=False)


def print_json(value: object) -> None:
    """Write a value as JSON for a script to read."""
    sys.stdout.write(json.dumps(value, indent=2, default=str) + "\n")


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Show rows to a person."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")  # an id that is cut off is of no use
    for row in rows:
        table.add_row(*("" if value is None else _text(value) for value in row))
    OUT.print(table)


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)
