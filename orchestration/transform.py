"""The dbt models as assets: landing → staging → intermediate → marts, in one dbt invocation."""

import hashlib
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
from dagster_dbt import dbt_assets

from orchestration import dbt
from orchestration.audit import Paper, issue, marts_file, sha256_of, withdraw_papers
from orchestration.catalogue import Catalogue, records_read
from orchestration.code_version import fingerprint
from orchestration.landing import batches
from orchestration.landing.batches import identifier
from orchestration.landing.durable import write_text
from orchestration.runs import Run

SUCCESS = ("success", "pass")
WORK_FILE = "work.duckdb"


class BuildFailed(Exception):
    """dbt could not build a model; the message is dbt's."""


def dbt_models(manifest: Path) -> dg.AssetsDefinition:
    """All seeds and models of the dbt project as one step."""
    props = dbt.read_manifest(manifest)

    @dbt_assets(
        manifest=manifest,
        name="dbt",
        exclude="resource_type:unit_test",
        dagster_dbt_translator=Catalogue(),
    )
    def models(
        context: dg.AssetExecutionContext, deployment: dg.ResourceParam[Run]
    ) -> Iterator[Any]:
        if context.is_subset:
            raise dg.Failure(
                "Models are built all together, between the two gates: start the job `warehouse`, "
                "or `cx run`."
            )
        yield from records_read(deployment.home.landing)
        yield from build(deployment, props)

    return models


def build(run: Run, manifest: Mapping[str, Any]) -> Iterator[Any]:
    """Build and test the candidate, and leave the build paper on it.

    Yields:
        A `MaterializeResult` per model with its rows and time, a check result per test.

    Raises:
        BuildFailed: a model could not be built.
    """
    candidate, values = run.home.candidate, _values(run)
    withdraw_papers(candidate)
    _renew_candidate(run, values)
    result = dbt.invoke(run.home, ["build", "--exclude-resource-type", "unit_test"], values)
    if result.exception:
        raise BuildFailed(str(result.exception)) from result.exception
    outcomes = {outcome.node.unique_id: outcome for outcome in result.result}
    counts = _row_counts(candidate)
    translator = Catalogue()
    failed_tests: list[str] = []
    for unique_id, outcome in outcomes.items():
        props = manifest["nodes"][unique_id]
        if outcome.status == "skipped":  # what it waited for has failed, and says so itself
            continue
        if props["resource_type"] == "test":
            check = _check_result(manifest, translator, props, outcome)
            failed_tests += [] if check.passed or _is_warning(outcome) else [props["name"]]
            yield check
        elif outcome.status in SUCCESS:
            count = counts.get(f"{props['schema']}.{props['name']}")
            rows = {} if count is None else {"dagster/row_count": count}  # a view has none
            seconds = round(outcome.execution_time, 3)
            yield dg.MaterializeResult(
                asset_key=translator.get_asset_key(props), metadata={**rows, "seconds": seconds}
            )
    broken = [o for o in outcomes.values() if o.status == "error"]
    if broken:
        raise BuildFailed("; ".join(f"{o.node.name}: {o.message}" for o in broken))
    sha256 = sha256_of(marts_file(candidate))
    passed, failed = not failed_tests, tuple(failed_tests)
    issue(candidate, "build", Paper(sha256, run.run_id, values["CX_AS_OF"], passed, failed))
    if failed_tests:
        raise dg.Failure(
            f"{len(failed_tests)} dbt tests failed: {', '.join(failed_tests)}. Nothing is "
            f"released; the candidate holds the rows: see the checks of the assets."
        )


def _values(run: Run) -> dict[str, str]:
    """What the models read from the environment."""
    heard = batches.newest_instant(run.home.landing)
    as_of = run.as_of or heard or run.started_at
    return {
        "CX_TIMEZONE": run.settings.config.timezone,
        "CX_CURRENCY": run.settings.config.currency,
        "CX_AS_OF": as_of.isoformat(),
        "CX_AS_OF_CUT": run.as_of.isoformat() if run.as_of else "9999-12-31T00:00:00+00:00",
    }


def _renew_candidate(run: Run, values: Mapping[str, str]) -> None:
    """Throw the candidate away if it was built by other rules; what remains is built further.

    The candidate is a function of landing, the code, and the settings below: when one of the latter
    changes, no row of it can be trusted to be what a full rebuild gives.
    """
    candidate, mark = run.home.candidate, run.home.candidate / "rules"
    rules = [fingerprint("dbt_project"), values["CX_TIMEZONE"], values["CX_AS_OF_CUT"]]
    digest = hashlib.sha256("\n".join(rules).encode()).hexdigest()
    same = mark.exists() and mark.read_text(encoding="utf-8") == digest
    if run.full_refresh or not same:
        shutil.rmtree(candidate, ignore_errors=True)
        candidate.mkdir(parents=True)
        write_text(mark, digest)


def _row_counts(candidate: Path) -> dict[str, int]:
    """Rows of every table of the candidate, by `schema.name`; read once, when dbt is done."""
    counts: dict[str, int] = {}
    for file in (candidate / WORK_FILE, marts_file(candidate)):
        if not file.exists():
            continue
        with duckdb.connect(str(file), read_only=True) as con:
            tables = con.execute("select schema_name, table_name from duckdb_tables()").fetchall()
            for schema, table in tables:
                name = f"{identifier(schema)}.{identifier(table)}"
                counted = con.execute(f"select count(*) from {name}").fetchall()
                counts[f"{schema}.{table}"] = counted[0][0]
    return counts


def _check_result(
    manifest: Mapping[str, Any],
    translator: Catalogue,
    props: Mapping[str, Any],
    outcome: Any,  # noqa: ANN401 - a result of dbt, imported late
) -> dg.AssetCheckResult:
    """A dbt test as a check of the asset that it belongs to."""
    attached = props.get("attached_node") or props["depends_on"]["nodes"][-1]
    severity = dg.AssetCheckSeverity.WARN if _is_warning(outcome) else dg.AssetCheckSeverity.ERROR
    failures = outcome.failures or 0
    return dg.AssetCheckResult(
        asset_key=translator.get_asset_key(manifest["nodes"][attached]),
        check_name=props["name"],
        passed=outcome.status in SUCCESS,
        severity=severity,
        description=props.get("description") or None,
        metadata={
            "observed": outcome.message
            if outcome.status == "error"
            else f"{failures} failing rows",
            "expected": "no failing rows",
        },
    )


def _is_warning(outcome: Any) -> bool:  # noqa: ANN401 - a result of dbt
    return outcome.status == "warn"
