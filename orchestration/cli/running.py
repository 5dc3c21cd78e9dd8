"""cx run and cx demo."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from orchestration.cli.common import CONSOLE, print_json
from orchestration.lock import AlreadyRunning, locked
from orchestration.settings import Home, SettingsError, configuration, find_home, load

if TYPE_CHECKING:
    from orchestration.job import Outcome


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command()(run)
    app.command()(demo)


def run(
    full_refresh: Annotated[
        bool, typer.Option("--full-refresh", help="Build everything anew from landing.")
    ] = False,
    as_of: Annotated[
        str | None,
        typer.Option(
            help="Look at the data as of this instant, such as 2026-06-30T23:59:59+02:00."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the outcome as JSON.")] = False,
) -> None:
    """One scheduled run, now: extract → gate → build → gate → release."""
    home = find_home()
    settings = load(home)
    if not settings.config.sources:
        raise SettingsError(f"{home.sources_file} names no source: see `cx init`")
    raise typer.Exit(_run(home, _instant(as_of), full_refresh, as_json))


def _instant(text: str | None) -> datetime | None:
    """An instant from the command line; without an offset it is in the business time zone."""
    if text is None:
        return None
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise SettingsError(f"--as-of {text!r}: write an instant such as 2026-06-30") from error
    if instant.tzinfo is None:
        instant = instant.replace(tzinfo=configuration(find_home()).zone)
    return instant.astimezone(UTC)


def _run(
    home: Home, as_of: datetime | None = None, full_refresh: bool = False, as_json: bool = False
) -> int:
    """Run once and show the outcome; returns the exit code."""
    from orchestration import dbt

    with dbt.parsing_beside(home):
        from orchestration import definitions  # noqa: F401 - what takes seconds to import
        from orchestration.job import run_once

    try:
        with locked(home):
            pass
    except AlreadyRunning as error:
        CONSOLE.print(f"[red]cx:[/] {error}")
        return 1
    return _show(home, run_once(home, as_of, full_refresh), as_json)


def _judge_and_release(home: Home) -> int:
    """Only the last two steps; returns the exit code."""
    from orchestration.job import judge_and_release

    return _show(home, judge_and_release(home))


def _show(home: Home, outcome: Outcome, as_json: bool = False) -> int:
    """Show how a run ended; returns the exit code."""
    from orchestration import scorecard

    if as_json:
        print_json(scorecard.as_data(home, outcome))
    else:
        scorecard.show(home, outcome)
    return outcome.exit_code


def demo(
    customers: Annotated[int, typer.Option(min=50, help="How many customers there are.")] = 2000,
    days: Annotated[int, typer.Option(min=60, help="How many days are simulated.")] = 730,
    seed: Annotated[int, typer.Option(help="Another seed makes another company.")] = 7,
    faults: Annotated[
        bool, typer.Option("--faults", help="Then break the data on purpose: the gates must hold.")
    ] = False,
) -> None:
    """A small company's surveys, tickets, orders and web events, through the whole warehouse."""
    from orchestration.demo import is_demo, simulate, world_of
    from orchestration.demo.faults import show_faults

    home = find_home()
    if home.sources_file.exists() and not is_demo(home.sources_file):
        raise SettingsError(
            f"{home.sources_file} is not the demo's: run it elsewhere, with CX_HOME=some/folder"
        )
    before = world_of(home.root)
    with CONSOLE.status("making a company …"):
        yesterday = datetime.now(UTC).date() - timedelta(days=1)
        made = simulate(home.root, customers, days, seed, end=yesterday)
    if before != world_of(home.root):
        _forget_the_company_before(home)
    CONSOLE.print(
        f"[green]✓[/] {made.customers:,} customers, {made.rows:,} rows in {made.seconds:.1f} s"
    )
    code = _run(home)
    if code == 0 and faults:
        code = show_faults(home, _run, _judge_and_release)
    if code == 0:
        CONSOLE.print(
            "\nNext: [bold]cx sql[/] to ask, [bold]cx ui[/] to see the lineage, "
            "[bold]cx demo --faults[/] to see a gate refuse."
        )
    raise typer.Exit(code)


def _forget_the_company_before(home: Home) -> None:
    """Two companies in one warehouse would share their customers' ids."""
    home.current.unlink(missing_ok=True)
    for folder in (home.landing, home.candidate, home.releases):
        shutil.rmtree(folder, ignore_errors=True)
