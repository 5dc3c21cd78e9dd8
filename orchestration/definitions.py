"""The table of contents: raw assets, models, gates, the release, the job and its schedule."""

from __future__ import annotations

import dagster as dg

from orchestration import dbt
from orchestration.catalogue import records
from orchestration.extract import raw_assets, source_systems
from orchestration.marts_gate import marts_gate
from orchestration.progress import progress
from orchestration.publish import release_asset
from orchestration.runs import deployment
from orchestration.settings import configuration, find_home
from orchestration.transform import dbt_models

MART_GROUPS = ("core", "journey", "metrics", "churn", "quality")
MAX_RUNTIME_SECONDS = 6 * 60 * 60


@dg.definitions
def defs() -> dg.Definitions:
    """Everything that Dagster runs and shows."""
    home = find_home()
    config = configuration(home)
    manifest = dbt.manifest_file(home)
    models = dbt_models(manifest)
    marts = sorted(key for key in models.keys if key.path[0] in MART_GROUPS)
    warehouse = dg.define_asset_job(
        "warehouse",
        description="One run: extract, gate, build, gate, release.",
        tags={"dagster/max_runtime": MAX_RUNTIME_SECONDS},
    )
    return dg.Definitions(
        assets=[
            *source_systems(config),
            *raw_assets(config),
            *records(dbt.read_manifest(manifest)),
            models,
            release_asset(marts),
        ],
        asset_checks=[marts_gate(marts)],
        jobs=[warehouse],
        schedules=[
            dg.ScheduleDefinition(
                name="daily",
                job=warehouse,
                cron_schedule=config.schedule,
                execution_timezone=config.timezone,
                default_status=dg.DefaultScheduleStatus.RUNNING,
                description="One run a day, in the business time zone.",
            )
        ],
        resources={"deployment": deployment},
        loggers={"progress": progress},
        # One process for all steps: DuckDB has one writer, and each further process would pay
        # the imports again (a small run takes 22 s instead of 70 to 170 s).
        executor=dg.in_process_executor,
    )
