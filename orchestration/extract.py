"""Raw assets, one per entity: source → door → gate → landing, all in one step.

A batch is judged before it lands. One that is refused leaves landing as it was, so that the next run
reads the source again, and the checks that refuse it hold back everything downstream.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import duckdb

from orchestration import gates
from orchestration.gates import Verdict
from orchestration.landing import door
from orchestration.landing.batches import Batch, list_batches
from orchestration.landing.casting import Reading
from orchestration.landing.contract import ENTITIES, Entity
from orchestration.landing.door import Incoming
from orchestration.runs import Run
from orchestration.settings import EntitySource, FilesSource, Limits
from orchestration.sources import SourceError, files

VOLUME_HISTORY = 3
VOLUME_FLOOR = 1_000

BATCH_CHECKS = {
    "source_is_readable": "The source can be read as sources.yml says: files, headers, columns.",
    "rows_reconcile": "Rows in = rows landed + rows quarantined + duplicates, counted in the files.",
    "few_rows_quarantined": "No more rows are quarantined than the limit of the source allows.",
    "volume_as_usual": "The batch is not many times larger than the batches before it.",
}


def asset_key(entity: str) -> dg.AssetKey:
    """The key of an entity's raw asset, which is also its dbt source."""
    return dg.AssetKey(["landing", entity])


def raw_assets() -> list[dg.AssetsDefinition]:
    """One asset per entity, with its batch checks and its suite."""
    return [_raw_asset(entity) for entity in ENTITIES.values()]


def _raw_asset(entity: Entity) -> dg.AssetsDefinition:
    key = asset_key(entity.name)
    batch_checks = [
        dg.AssetCheckSpec(name, asset=key, description=text, blocking=True)
        for name, text in BATCH_CHECKS.items()
    ]

    @dg.asset(
        key=key,
        description=f"{entity.description} As the sources sent them, every version.",
        group_name="landing",
        owners=["team:data"],
        kinds={"parquet"},
        check_specs=[*batch_checks, *gates.check_specs(f"landing.{entity.name}", key)],
    )
    def extract(deployment: dg.ResourceParam[Run]) -> dg.MaterializeResult:
        verdicts, batches = take_in(deployment, entity)
        return dg.MaterializeResult(
            metadata={
                **_totals(list_batches(deployment.home.landing, entity.name)),
                "rows in": sum(batch.rows_in for batch in batches),
                "landed": sum(batch.landed for batch in batches),
                "quarantined": sum(batch.quarantined for batch in batches),
                "duplicates": sum(batch.duplicates for batch in batches),
            },
            check_results=[
                gates.to_check_result(_worst(verdicts, spec.name), key)
                for spec in extract.check_specs
            ],
        )

    return extract


def _totals(batches: list[Batch]) -> dict[str, int]:
    return {"dagster/row_count": sum(batch.landed for batch in batches), "batches": len(batches)}


def _worst(verdicts: list[Verdict], check: str) -> Verdict:
    """The verdict of a check over all sources: a refusal, if any source was refused."""
    own = [verdict for verdict in verdicts if verdict.check == check]
    return next((verdict for verdict in own if not verdict.passed), own[0])


def take_in(run: Run, entity: Entity) -> tuple[list[Verdict], list[Batch]]:
    """Read every source of an entity, and land the batches that nothing critical speaks against.

    Returns:
        The verdicts of all checks of the entity, and the batches that landed.
    """
    verdicts: list[Verdict] = []
    landed: list[Batch] = []
    for name, source, reading in run.settings.readers(entity.name):
        found, batch = _take_in_source(run, entity, name, source, reading)
        verdicts += found
        landed += [batch] if batch else []
    judged = {verdict.check for verdict in verdicts}
    specs = gates.check_specs(f"landing.{entity.name}", asset_key(entity.name))
    quiet = [spec.name for spec in specs if spec.name not in judged]
    quiet += [name for name in BATCH_CHECKS if name not in judged]
    return verdicts + [_nothing_new(entity.name, name) for name in quiet], landed


def _take_in_source(
    run: Run, entity: Entity, name: str, source: FilesSource, reading: EntitySource
) -> tuple[list[Verdict], Batch | None]:
    landing, config = run.home.landing, run.settings.config
    earlier = list_batches(landing, entity.name, name)
    with duckdb.connect() as con:
        con.execute("set temp_directory = ?", [str(landing / ".spill")])
        try:
            extraction = files.extract(con, run.home.root, source, entity.name, reading, earlier)
        except SourceError as error:
            return [_unreadable(entity.name, name, error)], None
        if extraction is None:
            return [], None
        zone = reading.timestamp_timezone or config.timezone
        how = Reading(zone, reading.timestamp_format)
        salt = run.settings.salt
        incoming = door.receive(con, extraction, landing, entity.name, name, how, salt)
        verdicts = [_readable(entity.name, incoming), *_judge(con, incoming, reading.limits, earlier)]
        if incoming.batch.landed:
            verdicts += gates.evaluate_landing(entity.name, incoming.file, config.currency)
        if any(not verdict.passed and verdict.severity == "critical" for verdict in verdicts):
            door.withdraw(incoming)
            return verdicts, None
        door.land(con, incoming)
        return verdicts, incoming.batch


def _judge(
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
        "select count(*) || ' × ' || reasons || ' (' || min(origin || ', row ' || origin_row) "
        "|| ')' from refused group by reasons order by count(*) desc, reasons limit 5"
    ).fetchall()
    yield _verdict(
        batch,
        "few_rows_quarantined",
        passed=rate <= limits.max_quarantined_rate,
        observed=f"{batch.quarantined:,} of {batch.rows_in:,} rows ({rate:.1%}): "
        + "; ".join(reason for (reason,) in reasons)
        if reasons
        else "none",
        expected=f"at most {limits.max_quarantined_rate:.1%}",
        remedy="Correct the rows in the source; if they are right, correct the mapping, or raise "
        "limits.max_quarantined_rate in sources.yml.",
        sample=_sample(con),
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


def _sample(con: duckdb.DuckDBPyConnection) -> str:
    """Where the first refused rows are; no personal values."""
    rows = con.execute(
        "select cast(to_json(list(struct_pack(file := origin, row := origin_row, "
        "reasons := reasons))) as varchar) from (from refused order by origin, origin_row limit 10)"
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
        description=BATCH_CHECKS[check],
        severity="critical",
        passed=passed,
        observed=f"{batch.source}: {observed}",
        expected=expected,
        failing_sample=sample,
        remedy=remedy,
    )


def _readable(entity: str, incoming: Incoming) -> Verdict:
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


def _unreadable(entity: str, source: str, error: SourceError) -> Verdict:
    return Verdict(
        table=f"landing.{entity}",
        check="source_is_readable",
        description=BATCH_CHECKS["source_is_readable"],
        severity="critical",
        passed=False,
        observed=f"{source}: {error}",
        expected="files as sources.yml describes them",
        failing_sample="[]",
        remedy="The message above says what to do; `cx doctor` repeats it without a run.",
    )


def _nothing_new(entity: str, check: str) -> Verdict:
    return Verdict(
        table=f"landing.{entity}",
        check=check,
        description=BATCH_CHECKS.get(check, ""),
        severity="critical",
        passed=True,
        observed="nothing new came in",
        expected="",
        failing_sample="[]",
        remedy="",
    )
