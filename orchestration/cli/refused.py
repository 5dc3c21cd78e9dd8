"""cx quarantine: the refused rows, their reasons, and a second chance."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from orchestration.cli.common import CONSOLE, OUT, print_json, print_table
from orchestration.landing import quarantine
from orchestration.landing.quarantine import QuarantineError, Refused
from orchestration.lock import locked
from orchestration.settings import find_home, load

app = typer.Typer(
    help="The refused rows, their reasons, and a second chance.", no_args_is_help=True
)
Ids = Annotated[list[str] | None, typer.Argument(metavar="[ID]...", help="Rows by their id.")]
EntityName = Annotated[str | None, typer.Option(help="Only this entity's rows.")]
Status = Annotated[str | None, typer.Option(help="open, replayed or discarded.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command("list")
def list_rows(entity: EntityName = None, status: Status = None, as_json: Json = False) -> None:
    """How many rows are in quarantine, by entity, source, reason and status."""
    counts: dict[tuple[str, str, str, str], list[Refused]] = {}
    for row in quarantine.find(find_home().landing, entity=entity, status=status):
        counts.setdefault((row.entity, row.source, row.status, row.reasons), []).append(row)
    if as_json:
        names = ("entity", "source", "status", "reasons")
        print_json(
            [{**dict(zip(names, k, strict=True)), "rows": len(v)} for k, v in counts.items()]
        )
        return
    print_table(
        ("rows", "entity", "source", "status", "reasons", "first id"),
        [(len(r), k[0], k[1], k[2], k[3], r[0].quarantine_id) for k, r in counts.items()],
    )


@app.command()
def show(
    ids: Ids = None,
    entity: EntityName = None,
    status: Status = "open",
    limit: Annotated[int, typer.Option(min=1)] = 20,
    output: Annotated[
        Path | None, typer.Option(help="Write the rows as JSON lines: correct them, then replay.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Refused rows as they came, personal values included, with every reason."""
    rows = quarantine.find(find_home().landing, ids or (), entity, None if ids else status)
    if output is not None:
        lines = [json.dumps({"quarantine_id": r.quarantine_id, "row": dict(r.row)}) for r in rows]
        output.write_text("\n".join([*lines, ""]), encoding="utf-8")
        OUT.print(f"{len(rows)} rows in {output}; correct them, then `cx quarantine replay --from`")
        return
    if as_json:
        print_json([vars(row) for row in rows[:limit]])
        return
    for row in rows[:limit]:
        OUT.print(
            f"[bold]{row.quarantine_id}[/] {row.entity} from {row.source}, {row.origin} row "
            f"{row.origin_row}, {row.status}\n  [red]{row.reasons}[/]"
        )
        OUT.print("  " + json.dumps({k: v for k, v in row.row.items() if v}), markup=False)
    if len(rows) > limit:
        OUT.print(f"… and {len(rows) - limit} more; see --limit and --output")


@app.command()
def replay(
    ids: Ids = None,
    entity: EntityName = None,
    corrections: Annotated[
        Path | None, typer.Option("--from", help="Corrected rows, as `show --output` wrote them.")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="All open rows, as they are.")] = False,
) -> None:
    """Send refused rows through the door again, corrected or under corrected rules."""
    from orchestration.landing import replay as replaying

    home = find_home()
    corrected = _read(corrections) if corrections else {}
    chosen = [*(ids or ()), *(name for name in corrected if name not in (ids or ()))]
    if not chosen and not entity and not every:
        raise QuarantineError("name rows by id, or give --entity, --from or --all")
    settings = load(home)
    with locked(home):
        rows = quarantine.find(home.landing, chosen, entity)
        done = replaying.replay(settings, rows, corrected)
    OUT.print(f"{done.landed} rows landed, {done.duplicates} were known already")
    if done.outdated:
        CONSOLE.print(
            f"{len(done.outdated)} rows are older than what has landed since; discard them: "
            f"{' '.join(done.outdated)}"
        )
    for name, reasons in done.refused.items():
        CONSOLE.print(f"[red]refused again[/] {name}: {reasons}")
    OUT.print("The next `cx run` builds with what has landed.")
    if done.refused or done.outdated:
        raise typer.Exit(3)


def _read(file: Path) -> dict[str, dict[str, object]]:
    """Corrections by quarantine id."""
    found: dict[str, dict[str, object]] = {}
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            values = json.loads(line)
            found[values["quarantine_id"]] = dict(values["row"])
        except (ValueError, KeyError, TypeError) as error:
            raise QuarantineError(
                f'{file}, line {number}: not {{"quarantine_id": …, "row": {{…}}}}: {error}'
            ) from error
    return found


@app.command()
def discard(
    ids: Ids = None,
    entity: EntityName = None,
    every: Annotated[bool, typer.Option("--all", help="All open rows.")] = False,
) -> None:
    """Decide that refused rows are not wanted; they stay readable."""
    if not ids and not entity and not every:
        raise QuarantineError("name rows by id, or give --entity or --all")
    home = find_home()
    with locked(home):
        rows = quarantine.find(home.landing, ids or (), entity)
        quarantine.discard(home.landing, rows)
    OUT.print(f"{len(rows)} rows discarded")
