"""cx: the command line. Exit codes: 0 done, 1 failed, 2 wrong use, 3 refused by a gate."""

from __future__ import annotations

import os
import sys

import typer

from orchestration.cli import deployments, looking, refused, running
from orchestration.cli.common import CONSOLE
from orchestration.landing.quarantine import QuarantineError
from orchestration.query import NothingToQuery
from orchestration.release import NoSuchRelease
from orchestration.settings import SettingsError

os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
os.environ.setdefault("DBT_SEND_ANONYMOUS_USAGE_STATS", "false")

app = typer.Typer(
    help="The customer-experience warehouse: surveys, tickets and orders in, audited marts out.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
for module in (running, looking, deployments):
    module.add_to(app)
app.add_typer(refused.app, name="quarantine")


def main() -> None:
    """Run a command; a mistake of the user's is a message, not a traceback."""
    try:
        app()
    except (SettingsError, QuarantineError, NothingToQuery, NoSuchRelease) as mistake:
        CONSOLE.print(f"[red]cx:[/] {mistake}", soft_wrap=True)
        sys.exit(2)
