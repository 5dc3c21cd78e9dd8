"""cx sql, status, releases, rollback and ui: what is live, and what is in it."""

from __future__ import annotations

import os
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import duckdb
import typer

from orchestration import query, release
from orchestration.cli.common import CONSOLE, OUT, print_json, print_table
from orchestration.landing.records import read
from orchestration.settings import find_home

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    for command in (sql, status, releases, rollback, ui):
        app.command()(command)


def sql(
    text: Annotated[
        str | None, typer.Argument(metavar="QUERY", help="Without it: a prompt.")
    ] = None,
    kind: Annotated[
        query.Format, typer.Option("--format", help="How the rows are written.")
    ] = query.Format.table,
    output: Annotated[Path | None, typer.Option(help="A file instead of the terminal.")] = None,
) -> None:
    """Read-only SQL on the current release."""
    if text is None:
        _prompt()
        return
    try:
        with query.connect(find_home()) as con:
            _answer(con, text, kind, output)
    except duckdb.Error as error:
        CONSOLE.print(f"[red]cx sql:[/] {error}", markup=True, soft_wrap=True)
        raise typer.Exit(1) from None


def _answer(
    con: duckdb.DuckDBPyConnection, text: str, kind: query.Format, output: Path | None
) -> None:
    if kind != query.Format.table:
        query.export(con, text, kind, output)
        return
    found = con.execute(text)
    columns = [name for name, *_ in found.description or []]
    rows = found.fetchmany(query.MOST_ROWS + 1)
    print_table(columns, rows[: query.MOST_ROWS])
    if len(rows) > query.MOST_ROWS:
        CONSOLE.print(f"[dim]the first {query.MOST_ROWS} rows; --format csv gives all[/]")


def _prompt() -> None:
    """Ask again and again; every question goes to the release that is current then."""
    import readline  # noqa: F401 - gives the prompt a history and arrow keys

    CONSOLE.print("SQL on the current release; end a statement with ; and the prompt with Ctrl-D.")
    lines: list[str] = []
    while True:
        try:
            lines.append(input("cx> " if not lines else "  > "))
        except (EOFError, KeyboardInterrupt):
            OUT.print()
            return
        if lines[-1].rstrip().endswith(";"):
            try:
                with query.connect(find_home()) as con:
                    _answer(con, "\n".join(lines), query.Format.table, None)
            except duckdb.Error as error:
                CONSOLE.print(str(error), markup=False, soft_wrap=True)
            lines = []


def status(as_json: Json = False) -> None:
    """What is live, how fresh it is, what the last runs did."""
    home = find_home()
    live = release.current(home)
    runs = sorted(read(home.landing, "runs"), key=lambda row: str(row["started_at"]))[-10:]
    if as_json:
        print_json({"current": live.manifest if live else None, "runs": runs})
        return
    if live is None:
        OUT.print("Nothing has been released yet.")
    else:
        OUT.print(f"Live: [bold]{live.release_id}[/], as of {live.manifest['as_of']}")
    columns = ("started_at", "status", "trigger", "batch_count", "release_id", "message")
    print_table(columns, [[row[column] for column in columns] for row in runs])


def releases(as_json: Json = False) -> None:
    """The releases that are kept, newest last; the current one is marked."""
    home = find_home()
    live = release.current(home)
    kept = release.all_releases(home)
    if as_json:
        print_json([made.manifest for made in kept])
        return
    print_table(
        ("", "release", "as of", "rows", "restated", "run"),
        [
            (
                "→" if live and made.release_id == live.release_id else "",
                made.release_id,
                datetime.fromisoformat(made.manifest["as_of"]),
                sum(table["rows"] for table in made.manifest["tables"].values()),
                made.manifest["restatements"],
                made.manifest["run_id"],
            )
            for made in kept
        ],
    )


def rollback(
    to: Annotated[
        str | None, typer.Argument(metavar="RELEASE", help="Without it: the one before.")
    ] = None,
) -> None:
    """Go back to an earlier release; the next run releases as ever."""
    made = release.rollback(find_home(), to)
    OUT.print(f"Live: [bold]{made.release_id}[/], as of {made.manifest['as_of']}")


def ui(
    read_only: Annotated[
        bool, typer.Option("--read-only", help="For stakeholders: look, but start nothing.")
    ] = False,
    port: Annotated[int, typer.Option(min=1, max=65535)] = 3000,
) -> None:
    """The lineage UI on 127.0.0.1; without --read-only the schedule runs beside it."""
    from orchestration.job import prepare

    prepare(find_home())
    where = ["-h", "127.0.0.1", "-p", str(port), "-m", "orchestration.definitions"]
    command = ["dagster_webserver", "--read-only"] if read_only else ["dagster", "dev"]
    CONSOLE.print(f"http://127.0.0.1:{port} (Ctrl-C ends it)")
    sys.stdout.flush()
    # Dagster's warning that `dg dev` supersedes `dagster dev` is none of a reader's business.
    quiet = [sys.executable, "-W", "ignore::FutureWarning", "-m"]
    os.execv(sys.executable, [*quiet, *command, *where])
