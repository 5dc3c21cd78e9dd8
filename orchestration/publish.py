"""The release as an asset: the last step, which goes out only with the gate's verdict."""

import dagster as dg

from orchestration import release
from orchestration.runs import Run, check_rows, record_of


def release_asset(marts: list[dg.AssetKey]) -> dg.AssetsDefinition:
    """The asset `release`: what analysts see."""

    @dg.asset(
        name="release",
        deps=marts,
        group_name="release",
        owners=["team:data"],
        kinds={"duckdb"},
        description="The audited marts, in one file that analysts query. One release per run that "
        "passed every gate; refused or failed runs change nothing here.",
    )
    def publish(
        context: dg.AssetExecutionContext, deployment: dg.ResourceParam[Run]
    ) -> dg.MaterializeResult:
        keep = deployment.settings.config.keep_releases
        checks = check_rows(context.instance, context.run.run_id)
        record = record_of(deployment, "released")
        try:
            made = release.publish(deployment.home, record, checks, keep)
        except release.ReleaseRefused as refusal:
            raise dg.Failure(str(refusal)) from refusal
        tables = made.manifest["tables"]
        return dg.MaterializeResult(
            metadata={
                "release": made.release_id,
                "as of": made.manifest["as_of"],
                "dagster/row_count": sum(table["rows"] for table in tables.values()),
                "tables": len(tables),
                "restated values": made.manifest["restatements"],
                "sha256": made.manifest["sha256"],
            }
        )

    return publish
