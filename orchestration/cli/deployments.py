"""cx init and cx doctor: begin a deployment, and find out what keeps it from working."""

from __future__ import annotations

from importlib import resources
from typing import Annotated

import typer

from orchestration import doctor as checkup
from orchestration.cli.common import OUT, print_json
from orchestration.landing.durable import write_text
from orchestration.settings import SettingsError, find_home, salt_of


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command()(init)
    app.command()(doctor)


def init() -> None:
    """Write a commented sources.yml and .env."""
    home = find_home()
    if home.sources_file.exists():
        raise SettingsError(f"{home.sources_file} is there already; it is left as it is")
    home.root.mkdir(parents=True, exist_ok=True)
    template = resources.files("orchestration").joinpath("sources.example.yml")
    write_text(home.sources_file, template.read_text(encoding="utf-8"))
    salt_of(home)
    OUT.print(f"wrote {home.sources_file} and {home.env_file}: edit the first, then `cx doctor`")


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Check the installation, the sources and the disk, and say what to do."""
    findings = checkup.examine(find_home())
    if as_json:
        print_json([vars(finding) for finding in findings])
    else:
        for finding in findings:
            mark = "[green]✓[/]" if finding.ok else "[red]✗[/]"
            OUT.print(f"{mark} {finding.what}: {finding.found}", soft_wrap=True)
            if finding.remedy:
                OUT.print(f"  → {finding.remedy}", soft_wrap=True)
    if not all(finding.ok for finding in findings):
        raise typer.Exit(1)
