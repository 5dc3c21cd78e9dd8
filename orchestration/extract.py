"""Raw assets, one per entity: source → door → gate → landing, all in one step.

A batch is judged before it lands. One that is refused leaves landing as it was, so that the next
run reads the source again, and the checks that refuse it hold back everything downstream.
"""

from __future__ import annotations

import dagster as dg
import duckdb

from orchestration import gates
from orchestration.batch_checks import CHECKS, judge, nothing_new, readable, unreadable
from orchestration.gates import Verdict
from orchestration.landing import door
from orchestration.landing.batches import Batch, list_batches
from orchestration.landing.casting import Reading
from orchestration.landing.contract import ENTITIES, SQL_TYPES, Entity
from orchestration.runs import Run
from orchestration.settings import EntitySource, FilesSource, Sources
from orchestration.sources import SourceError, files


def asset_key(entity: str) -> dg.AssetKey:
    """The key of an entity's raw asset, which is also its dbt source."""
    return dg.AssetKey(["landing", entity])


def source_systems(config: Sources) -> list[dg.AssetSpec]:
    """The systems that `sources.yml` names: where the lineage begins."""
    return [
        dg.AssetSpec(
            ["source", name],
            description=f"The files in {source.directory}, which give "
            f"{', '.join(source.entities).replace('_', ' ')}.",
            group_name="sources",
            owners=["team:data"],
            kinds={source.kind},
        )
        for name, source in config.sources.items()
    ]


def raw_assets(config: Sources) -> list[dg.AssetsDefinition]:
    """One asset per entity; one that a source gives has its batch checks and its suite."""
    return [
        _raw_asset(entity, [["source", name] for name, *_ in config.readers(entity.name)])
        for entity in ENTITIES.values()
    ]


def _raw_asset(entity: Entity, systems: list[list[str]]) -> dg.AssetsDefinition:
    key = asset_key(entity.name)

    @dg.asset(
        key=key,
        deps=systems,
        description=f"{entity.description} As the sources sent them, every version.",
        metadata={"dagster/column_schema": _columns(entity)},
        group_name="landing",
        owners=["team:data"],
        kinds={"parquet"},
        check_specs=check_specs(entity) if systems else [],
    )
    def extract(deployment: dg.ResourceParam[Run]) -> dg.MaterializeResult:
        verdicts, batches = take_in(deployment, entity)
        for batch in batches:
            dg.AssetExecutionContext.get().log_event(_delivery(batch))
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


def check_specs(entity: Entity) -> list[dg.AssetCheckSpec]:
    """The checks of the batch as a whole, then those of the entity's suite."""
    key = asset_key(entity.name)
    return [
        *(
            dg.AssetCheckSpec(name, asset=key, description=text, blocking=True)
            for name, text in CHECKS.items()
        ),
        *gates.check_specs(f"landing.{entity.name}", key),
    ]


def _columns(entity: Entity) -> dg.TableSchema:
    """The entity's contract as the catalogue shows it."""
    return dg.TableSchema(
        [
            dg.TableColumn(
                name,
                SQL_TYPES[column.type],
                description=", ".join(column.allowed)
                or ("Personal: stays in landing." if column.is_personal else None),
                constraints=dg.TableColumnConstraints(nullable=name not in entity.required),
            )
            for name, column in entity.columns.items()
        ]
    )


def _delivery(batch: Batch) -> dg.AssetMaterialization:
    """What a source system has given, as the lineage shows it."""
    given = {"entity": batch.entity, "files": len(batch.inputs), "rows": batch.rows_in}
    return dg.AssetMaterialization(["source", batch.source], metadata=given)


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
    for name, source, reading in run.settings.config.readers(entity.name):
        found, batch = _take_in_source(run, entity, name, source, reading)
        verdicts += found
        landed += [batch] if batch else []
    judged = {verdict.check for verdict in verdicts}
    quiet = [spec.name for spec in check_specs(entity) if spec.name not in judged]
    return verdicts + [nothing_new(entity.name, name) for name in quiet], landed


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
            return [unreadable(entity.name, name, error)], None
        if extraction is None:
            return [], None
        zone = reading.timestamp_timezone or config.timezone
        how = Reading(zone, reading.timestamp_format)
        salt = run.settings.salt
        incoming = door.receive(con, extraction, landing, entity.name, name, how, salt)
        verdicts = [readable(entity.name, incoming), *judge(con, incoming, reading.limits, earlier)]
        if incoming.batch.landed:
            verdicts += gates.evaluate_landing(entity.name, incoming.file, config.currency)
        if any(not verdict.passed and verdict.severity == "critical" for verdict in verdicts):
            door.withdraw(incoming)
            return verdicts, None
        door.land(con, incoming)
        return verdicts, incoming.batch
