"""How the dbt project reads in the lineage UI: descriptions in words, checks as sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
from dagster_dbt import DagsterDbtTranslator, DbtProject

from orchestration.landing.records import RECORDS, folder


class Catalogue(DagsterDbtTranslator):
    """Models and tests with the words that the dbt project has for them, and no SQL among them."""

    def get_description(self, dbt_resource_props: Mapping[str, Any]) -> str:
        """A model's own description."""
        return str(dbt_resource_props["description"]).strip()

    def get_asset_check_spec(
        self,
        asset_spec: dg.AssetSpec,
        manifest: Mapping[str, Any],
        unique_id: str,
        project: DbtProject | None,
    ) -> dg.AssetCheckSpec | None:
        """A test with its sentence."""
        spec = super().get_asset_check_spec(asset_spec, manifest, unique_id, project)
        if spec is None:
            return None
        return dg.AssetCheckSpec(
            spec.name,
            asset=spec.asset_key,
            description=manifest["nodes"][unique_id]["description"].strip(),
            additional_deps=spec.additional_deps,
            blocking=spec.blocking,
            metadata=spec.metadata,
        )


def records_read(landing: Path) -> Iterator[dg.AssetMaterialization]:
    """How much the warehouse has written down, at the moment at which the models read it."""
    with duckdb.connect() as con:
        for record in RECORDS:
            files = folder(landing, record) / "*.parquet"
            counted = con.execute("select count(*) from read_parquet(?)", [str(files)]).fetchall()
            rows = {"dagster/row_count": counted[0][0]}
            yield dg.AssetMaterialization(["records", record], metadata=rows)


def records(manifest: Mapping[str, Any]) -> list[dg.AssetSpec]:
    """What the warehouse writes down about its own runs, from which the quality marts are built."""
    return [
        dg.AssetSpec(
            ["records", source["name"]],
            description=source["description"].strip(),
            group_name="quality",
            owners=["team:data"],
            kinds={"parquet"},
        )
        for source in manifest["sources"].values()
        if source["source_name"] == "records"
    ]
