"""The dbt project as a whole: its unit tests, its words, and SQL that two engines understand."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from orchestration import dbt
from orchestration.code_version import DBT_PROJECT
from orchestration.landing.batches import ensure_schemas
from orchestration.landing.contract import ENTITIES
from orchestration.landing.records import RECORDS
from orchestration.settings import Home

MODELS = sorted((DBT_PROJECT / "models").rglob("*.sql"))
NOT_PORTABLE = {
    "qualify": r"\bqualify\b",
    "a cast with ::": r"::",
    "integer division with //": r"//",
    "asof join": r"\basof\b",
    "a bare weekday": r"\b(dayofweek|weekday|isodow)\(",
    "an approximate aggregate": r"\bapprox_\w+",
    "an engine's own hash": r"(?<![a-z0-9_])hash\(",
    "a list literal": r"(?<![a-z0-9_\]\)])\[[^\]]*\]",
    "order by all or group by all": r"\b(order|group) by all\b",
    "distinct on": r"\bdistinct on\b",
}


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The whole project, unit tests included, built on a landing in which nothing has landed."""
    home = Home(tmp_path_factory.mktemp("dbt") / "home")
    home.candidate.mkdir(parents=True)
    ensure_schemas(home.landing)
    manifest = dbt.read_manifest(dbt.manifest_file(home))
    values = {
        "CX_TIMEZONE": "Europe/Berlin",
        "CX_CURRENCY": "EUR",
        "CX_AS_OF": "2026-01-01T00:00:00+00:00",
        "CX_AS_OF_CUT": "9999-12-31T00:00:00+00:00",
    }
    return manifest, dbt.invoke(home, ["build"], values)


@pytest.fixture(scope="module")
def models(built):
    manifest, _ = built
    return [node for node in manifest["nodes"].values() if node["resource_type"] == "model"]


@pytest.mark.slow
def test_every_model_builds_on_nothing_and_every_unit_test_and_data_test_passes(built):
    manifest, result = built
    wrong = {
        outcome.node.name: outcome.message
        for outcome in result.result
        if outcome.status not in ("success", "pass")
    }
    assert wrong == {}
    ran = {outcome.node.unique_id for outcome in result.result}
    assert set(manifest["unit_tests"]) <= ran
    assert len(manifest["unit_tests"]) > 0


def test_every_model_says_what_one_row_is(models):
    silent = [m["name"] for m in models if "One row per" not in " ".join(m["description"].split())]
    assert silent == []


def test_every_column_of_a_mart_is_described_and_typed_under_an_enforced_contract(models):
    marts = [model for model in models if "marts" in model["fqn"]]
    assert len(marts) == 14
    for mart in marts:
        assert mart["config"]["contract"]["enforced"], mart["name"]
        for column in mart["columns"].values():
            assert column["description"].strip(), (mart["name"], column["name"])
            assert column["data_type"], (mart["name"], column["name"])


def test_every_data_test_reads_as_a_sentence(built):
    manifest, _ = built
    tests = [n for n in manifest["nodes"].values() if n["resource_type"] == "test"]
    assert [test["name"] for test in tests if not test["description"].strip().endswith(".")] == []


def test_the_sources_of_dbt_are_the_entities_and_records_of_landing():
    declared = yaml.safe_load((DBT_PROJECT / "models/staging/_sources.yml").read_text())
    tables = {s["name"]: {t["name"] for t in s["tables"]} for s in declared["sources"]}
    assert tables == {"landing": set(ENTITIES), "records": set(RECORDS)}


@pytest.mark.parametrize("model", MODELS, ids=lambda file: file.stem)
def test_a_model_is_written_in_sql_that_duckdb_and_spark_share(model: Path):
    text = re.sub(r"\{#.*?#\}|\{\{.*?\}\}|\{%.*?%\}", "", model.read_text(), flags=re.DOTALL)
    code = re.sub(r"--[^\n]*|'[^']*'", "", text).lower()
    found = [name for name, pattern in NOT_PORTABLE.items() if re.search(pattern, code)]
    assert found == []
