"""The scorecard: what a run shows at its end. Released or refused, it says what came of it."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import Any

from rich.console import Console, Group
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from orchestration import query, release
from orchestration.job import Outcome
from orchestration.landing.batches import list_batches
from orchestration.landing.contract import ENTITIES
from orchestration.release import Release
from orchestration.settings import Home

CONSOLE = Console(highlight=False, width=None if sys.stdout.isatty() else 120)
STATEMENT = ("rows_in", "landed", "quarantined", "duplicates")
WHOLE = ("orders", "tickets")
HEADLINES = """
    with newest as (
        select metric, policy, max(period_start) as period_start
        from metrics.metric_values
        where grain = 'month' and dimension = 'all' and is_complete and value is not null
        group by metric, policy
    )
    select
        title, metric_values.policy, strftime(period_start, '%Y-%m') as month, value, unit, n,
        ci_low, ci_high, change, is_significant
    from newest
    inner join metrics.metric_values using (metric, policy, period_start)
    inner join metrics.metric_definitions on metric = name
    where grain = 'month' and dimension = 'all'
    order by title, policy
"""


def as_data(home: Home, outcome: Outcome) -> dict[str, Any]:
    """The scorecard for a script."""
    live = release.current(home)
    return {
        "run": outcome.run,
        "landing": _statement(home, outcome),
        "checks": outcome.checks,
        "release": live.manifest if live else None,
    }


def show(home: Home, outcome: Outcome) -> None:
    """Show a person how a run ended, what came in, what was checked, and the headline numbers."""
    live = release.current(home)
    status = str(outcome.run["status"])
    parts: list[Any] = [_came_in(_statement(home, outcome)), _checks(outcome.checks)]
    if status == "released" and live is not None:
        parts += [_headlines(home), _changes(live)]
        title, style = f"released {live.release_id}", "green"
    else:
        parts += [_still_live(live)]
        title, style = status, "red"
        if status == "failed":
            parts.insert(0, Text(str(outcome.run["message"] or "see `cx ui`"), style="red"))
    CONSOLE.print(Panel(Group(*parts), title=title, border_style=style, expand=False))


def _statement(home: Home, outcome: Outcome) -> dict[str, dict[str, int]]:
    """Rows in, landed, quarantined and duplicates of the batches of this run, by entity."""
    first = outcome.run["started_at"]
    return {
        entity: {name: sum(getattr(batch, name) for batch in new) for name in STATEMENT}
        for entity in ENTITIES
        if (new := [b for b in list_batches(home.landing, entity) if b.instant >= first])
    }


def _table(*columns: str) -> Table:
    table = Table(box=None, header_style="dim", pad_edge=False, padding=(0, 2, 0, 0))
    for number, column in enumerate(columns):
        table.add_column(column, justify="left" if number == 0 else "right", no_wrap=number > 1)
    return table


def _came_in(statement: dict[str, dict[str, int]]) -> Table | Text:
    if not statement:
        return Text("nothing new came in\n", style="dim")
    table = _table("came in", "rows", "landed", "quarantined", "duplicates")
    for entity, counts in statement.items():
        table.add_row(entity, *(f"{counts[name]:,}" for name in STATEMENT))
    return table


def _checks(checks: Sequence[dict[str, object]]) -> Group:
    """How many checks passed, and every one that did not, with the rows and the remedy."""
    failed = [check for check in checks if not check["passed"]]
    failed.sort(key=lambda check: str(check["severity"]))
    critical = sum(check["severity"] == "critical" for check in failed)
    head = f"\nchecks: {len(checks) - len(failed)} passed, {len(failed) - critical} warn, "
    lines: list[Text] = [Text(f"{head}{critical} refuse")]
    for check in failed:
        style = "red" if check["severity"] == "critical" else "yellow"
        word = "refuses" if style == "red" else "warns"
        lines.append(Text(f"{word}: {check['asset']}: {check['check_name']}", style=style))
        lines.append(Text(f"  found {check['observed']}; expected {check['expected']}"))
        if check["failing_sample"]:
            lines.append(Text(f"  rows {_short(str(check['failing_sample']))}", style="dim"))
        if check.get("remedy"):
            lines.append(Text(f"  {check['remedy']}"))
    return Group(*lines)


def _short(sample: str) -> str:
    rows = json.loads(sample)
    return "; ".join(", ".join(f"{k} {v}" for k, v in row.items()) for row in rows[:3])


def _headlines(home: Home) -> Table:
    """The newest complete month of every metric, with its interval and its change."""
    columns = ("last complete month", "policy", "month", "value", "95 % interval", "n", "change")
    table = _table(*(f"\n{column}" for column in columns))
    with query.connect(home) as con:
        for row in con.execute(HEADLINES).fetchall():
            title, policy, month, value, unit, n, low, high, change, significant = row
            interval = "" if low is None else f"{_number(low, unit)} … {_number(high, unit)}"
            moved = (
                "" if change is None else f"{_signed(change, unit)}{'' if significant else ' ~'}"
            )
            table.add_row(title, policy, month, _number(value, unit), interval, f"{n:,}", moved)
    table.caption = "~ the change is not significant, or cannot be tested"
    table.caption_justify = "left"
    return table


def _number(value: float, unit: str) -> str:
    if unit == "share":
        return f"{value:.1%}"
    if unit == "seconds":
        return f"{value / 3600:,.1f} h"
    return f"{value:,.0f}" if abs(value) >= 1000 or unit in WHOLE else f"{value:,.2f}"


def _signed(value: float, unit: str) -> str:
    return ("+" if value >= 0 else "−") + _number(abs(value), unit)


def _changes(live: Release) -> Text:
    restated = live.manifest["restatements"]
    text = f"\n{restated:,} values of closed periods changed since the last release"
    rows = sum(table["rows"] for table in live.manifest["tables"].values())
    return Text(f"{text}; {rows:,} rows in {len(live.manifest['tables'])} marts", style="dim")


def _still_live(live: Release | None) -> Text:
    if live is None:
        return Text("\nNothing has been released yet; analysts see nothing.")
    return Text(f"\nAnalysts still see release {live.release_id}, unchanged.", style="bold")
