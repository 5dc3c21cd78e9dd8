"""The checks of a batch as a whole: readable, reconciled, few refused, of a usual size."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from pathlib import Path

import duckdb

from orchestration.gates import Verdict
from orchestration.landing.batches import Batch
from orchestration.landing.contract import ENTITIES
from orchestration.landing.door import Incoming
from orchestration.settings import Limits
from orchestration.sources import SourceError

VOLUME_HISTORY = 3
VOLUME_FLOOR = 1_000

CHECKS = {
    "source_is_readable": "The source can be read as sources.yml says: files, headers, columns.",
    "rows_reconcile": "Rows in = landed + quarantined + duplicates, counted in the files.",
    "few_rows_quarantined": "No more rows are quarantined than the limit of the source allows.",
    "volume_as_usual": "The batch is not many times larger than the batches before it.",
}


def judge(
    con: duckdb.DuckDBPyConnection, incoming: Incoming, limits: Limits, earlier: list[Batch]
) -> Iterator[Verdict]:
    """The checks of the batch as a whole."""
    batch = incoming.batch
    written = _rows_of(con, incoming.file)
    refused = con.execute("select count(*) from refused").fetchall()[0][0]
    total = written + refused + batch.duplicates
    yield _verdict(
        batch,
        "rows_reconcile",
        passed=total == batch.rows_in,
        observed=f"{batch.rows_in:,} in, {written:,} landed, {refused:,} quarantined, "
        f"{batch.duplicates:,} duplicates",
        expected="in = landed + quarantined + duplicates",
        remedy="This is a defect of the warehouse: keep the source's files and report it.",
    )
    rate = batch.quarantined / batch.rows_in if batch.rows_in else 0.0
    reasons = con.execute(
        "select count(*) || ' times ' || reasons || ' (' || min(origin || ', row ' || origin_row) "
        "|| ')' from refused group by reasons order by count(*) desc, reasons limit 5"
    ).fetchall()
    yield _verdict(
        batch,
        "few_rows_quarantined",
        passed=rate <= limits.max_quarantined_rate,
        observed=f"{batch.quarantined:,} of {batch.rows_in:,} rows ({rate:.1%}): "
        + "; ".join(reason for (reason,) in reasons)
        if reasons
        else "no row was quarantined",
        expected=f"at most {limits.max_quarantined_rate:.1%}",
        remedy="Correct the rows in the source; if they are right, correct the mapping, or raise "
        "limits.max_quarantined_rate in sources.yml.",
        sample=_sample(con, ENTITIES[batch.entity].key),
    )
    usual = _usual_volume(earlier)
    factor = batch.rows_in / usual if usual else 0.0
    yield _verdict(
        batch,
        "volume_as_usual",
        passed=batch.rows_in <= VOLUME_FLOOR or factor <= limits.max_volume_factor,
        observed=f"{batch.rows_in:,} rows; usual are {usual:,.0f}" if usual else "no history yet",
        expected=f"at most {limits.max_volume_factor:g} times the usual volume",
        remedy="Was a file exported twice, or the whole history again? If it is right, raise "
        "limits.max_volume_factor in sources.yml for this run.",
    )


def _rows_of(con: duckdb.DuckDBPyConnection, file: Path) -> int:
    return con.execute("select count(*) from read_parquet(?)", [str(file)]).fetchall()[0][0]


def _usual_volume(earlier: list[Batch]) -> float | None:
    """The median size of the batches so far, once there are enough to speak of a habit."""
    sizes = [batch.rows_in for batch in earlier if batch.rows_in]
    return statistics.median(sizes) if len(sizes) >= VOLUME_HISTORY else None


def _sample(con: duckdb.DuckDBPyConnection, key: tuple[str, ...]) -> str:
    """Where the first refused rows are, and their keys; no personal values."""
    keys = ", ".join(
        f"'{name}', json_extract_string(row_without_personal_values, '$.{name}')" for name in key
    )
    rows = con.execute(
        f"select cast(list(json_object('origin', origin, 'row', origin_row, {keys}, "
        f"'reasons', reasons)) as varchar) from (from refused order by origin, origin_row limit 10)"
    ).fetchall()
    return rows[0][0] or "[]"


def _verdict(
    batch: Batch,
    check: str,
    *,
    passed: bool,
    observed: str,
    expected: str,
    remedy: str,
    sample: str = "[]",
) -> Verdict:
    return Verdict(
        table=f"landing.{batch.entity}",
        check=check,
        description=CHECKS[check],
        severity="critical",
        passed=passed,
        observed=f"{batch.source}: {observed}",
        expected=expected,
        failing_sample=sample,
        remedy=remedy,
    )


def readable(entity: str, incoming: Incoming) -> Verdict:
    """The verdict that the files of a batch could be read."""
    names = [file.path for file in incoming.batch.inputs]
    more = f" and {len(names) - 5} more" if len(names) > 5 else ""
    return _verdict(
        incoming.batch,
        "source_is_readable",
        passed=True,
        observed=f"{entity} from {', '.join(names[:5])}{more}",
        expected="files as sources.yml describes them",
        remedy="",
    )


def unreadable(entity: str, source: str, error: SourceError) -> Verdict:
    """The verdict that a source could not be read, with what to do."""
    return Verdict(
        table=f"landing.{entity}",
        check="source_is_readable",
        description=CHECKS["source_is_readable"],
        severity="critical",
        passed=False,
        observed=f"{source}: {error}",
        expected="files as sources.yml describes them",
        failing_sample="[]",
        remedy="The message above says what to do; `cx doctor` repeats it without a run.",
    )


def nothing_new(entity: str, check: str) -> Verdict:
    """The verdict of a check that had no batch to look at."""
    return Verdict(
        table=f"landing.{entity}",
        check=check,
        description=CHECKS.get(check, ""),
        severity="critical",
        passed=True,
        observed="nothing new came in",
        expected="",
        failing_sample="[]",
        remedy="",
    )
