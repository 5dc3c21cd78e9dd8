"""The gates: every check of `expectations/` as a Dagster asset check, judged on real tables.

`judge.py` runs Great Expectations and `reading.py` puts its results into words; nothing else knows
how it works. Great Expectations is imported when a table is judged and no earlier: that takes five
seconds, and listing the checks needs none of it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import dagster as dg

from expectations.registry import LANDING, MARTS, SUITES
from orchestration.gates.judge import Statement, comparable, connected, judge
from orchestration.gates.verdict import Verdict, failed_critical
from orchestration.landing.batches import literal

__all__ = [
    "Verdict",
    "check_specs",
    "evaluate_landing",
    "evaluate_marts",
    "failed_critical",
    "to_check_result",
]

INCOMING = "incoming"
OUTCOMES = {
    "critical": "nothing is released",
    "warning": "it is shown, and the run goes on",
}


def check_specs(table: str, asset: dg.AssetKey | Sequence[str]) -> list[dg.AssetCheckSpec]:
    """The checks of a table (`landing.orders`, `core.orders`) as Dagster lists them.

    All are blocking, because Dagster blocks on a failure of severity ERROR only: a warning never
    stops a run, and a rule that could not be evaluated always does.
    """
    return [
        dg.AssetCheckSpec(
            name=check.name,
            asset=asset,
            description=f"{check.description}\n\n**If it fails,** {OUTCOMES[check.severity]}. "
            f"{check.remedy}",
            blocking=True,
            metadata={"severity": check.severity},
        )
        for check in SUITES[table].checks
    ]


def to_check_result(verdict: Verdict, asset: dg.AssetKey | Sequence[str]) -> dg.AssetCheckResult:
    """A verdict as Dagster records it; a failed one says first what to do."""
    is_critical = verdict.severity == "critical"
    return dg.AssetCheckResult(
        passed=verdict.passed,
        check_name=verdict.check,
        asset_key=asset,
        severity=dg.AssetCheckSeverity.ERROR if is_critical else dg.AssetCheckSeverity.WARN,
        description=verdict.description if verdict.passed else verdict.remedy,
        metadata={
            "observed": verdict.observed,
            "expected": verdict.expected,
            "remedy": verdict.remedy,
            **(_failing_rows(verdict) if verdict.failing_sample != "[]" else {}),
        },
    )


def _failing_rows(verdict: Verdict) -> dict[str, dg.MetadataValue]:
    """The failing rows twice: as a table for people, as JSON text for the record of the run."""
    rows = json.loads(verdict.failing_sample)
    shown = [
        dg.TableRecord({name: None if value is None else str(value) for name, value in row.items()})
        for row in rows
    ]
    return {
        "failing_rows": dg.MetadataValue.table(shown),
        "failing_sample": dg.MetadataValue.text(verdict.failing_sample),
    }


def evaluate_landing(entity: str, parquet: Path, currency: str) -> list[Verdict]:
    """Judge one incoming batch of an entity, before anything is built on it."""
    setup = (
        Statement("set variable currency = ?", (currency,)),
        Statement(
            f"create or replace view {INCOMING} as select * from read_parquet({literal(parquet)})"
        ),
    )
    with connected(setup) as source:
        return judge(source, LANDING[entity], INCOMING)


def evaluate_marts(
    marts: Path, previous: Path | None, as_of: datetime, only: Sequence[str] = tuple(MARTS)
) -> list[Verdict]:
    """Judge the marts of a candidate file, which is only read.

    Args:
        marts: the DuckDB file that would be released.
        previous: the file of the last release, for the checks that compare with it.
        as_of: the instant, with its zone, from which the run looks.
        only: the marts to judge; all of them, unless one is looked at alone.

    Returns:
        A verdict for each check, in the order of the registry.
    """
    attached = {"marts": marts, "previous": previous} if previous else {"marts": marts}
    setup = (
        Statement("set variable as_of = cast(? as timestamptz)", (as_of.isoformat(),)),
        *(
            Statement(f"attach if not exists {literal(path)} as {name} (read_only)")
            for name, path in attached.items()
        ),
        Statement("use marts"),
    )
    with connected(setup) as source:
        earlier = comparable(source, ("marts", "previous"))
        return [
            verdict
            for suite in (MARTS[table] for table in only)
            for verdict in judge(source, suite, suite.table, earlier)
        ]
