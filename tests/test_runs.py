"""Whole runs: the gates gate, refused runs change nothing, killed runs cost nothing but time."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from collections import defaultdict

import dagster as dg
import duckdb
import pytest

# The plan is what promises that a step waits; Dagster has no public view of it.
from dagster._core.execution.api import create_execution_plan

from orchestration import query, release
from orchestration.audit import marts_file
from orchestration.definitions import defs
from orchestration.demo import FAULTS
from orchestration.demo.faults import show_faults
from orchestration.job import judge_and_release, prepare, run_once
from orchestration.landing import records
from orchestration.landing.contract import ENTITIES
from orchestration.lock import locked

pytestmark = pytest.mark.slow

RUN_HISTORY = {"quality.runs", "quality.check_results", "quality.releases"}


def digest(home):
    return hashlib.sha256((home.current / release.DATABASE).read_bytes()).hexdigest()


def refusals(outcome):
    return [
        check for check in outcome.checks if not check["passed"] and check["severity"] == "critical"
    ]


def marts(file):
    """The rows of every mart outside the history of runs, in an order of their own."""
    with duckdb.connect(str(file), read_only=True) as con:
        con.execute("set timezone = 'UTC'")
        names = con.execute(
            "select table_schema || '.' || table_name from information_schema.tables"
        ).fetchall()
        return {
            name: con.execute(f"select * from {name} order by all").fetchall()
            for (name,) in names
            if name not in RUN_HISTORY
        }


def test_a_second_run_on_the_same_input_changes_no_value_and_lands_nothing(warehouse):
    before = marts(warehouse.current / release.DATABASE)
    landed = {entity: sorted((warehouse.landing / entity).iterdir()) for entity in ENTITIES}
    first = release.current(warehouse)
    outcome = run_once(warehouse)
    second = release.current(warehouse)
    assert outcome.exit_code == 0
    assert second.release_id != first.release_id
    assert marts(second.database) == before
    assert {e: sorted((warehouse.landing / e).iterdir()) for e in ENTITIES} == landed
    assert second.manifest["restatements"] == 0
    unchanged = {k: v for k, v in second.manifest["tables"].items() if k not in RUN_HISTORY}
    assert unchanged == {k: v for k, v in first.manifest["tables"].items() if k not in RUN_HISTORY}


@pytest.mark.parametrize(
    ("fault", "asset", "check", "found"),
    [
        ("renamed_column", "landing.orders", "source_is_readable", "lacks Created at"),
        (
            "impossible_scores",
            "landing.survey_responses",
            "few_rows_quarantined",
            "an NPS score is a whole number from 0 to 10",
        ),
    ],
)
def test_a_broken_batch_is_refused_and_analysts_see_the_former_release(
    warehouse, fault, asset, check, found
):
    before = digest(warehouse)
    FAULTS[fault].plant(warehouse.root)
    outcome = run_once(warehouse)
    assert outcome.exit_code == 3
    (refusal,) = refusals(outcome)
    assert (refusal["asset"], refusal["check_name"]) == (asset, check)
    assert found in refusal["observed"]
    assert refusal["remedy"]
    assert digest(warehouse) == before
    assert outcome.run["status"] == "refused"
    assert outcome.run["message"] == f"{asset}: {check}"
    FAULTS[fault].remove(warehouse.root)
    assert run_once(warehouse).exit_code == 0


def test_a_mart_whose_identity_is_broken_by_hand_is_refused_with_the_rows(warehouse):
    before = digest(warehouse)
    with duckdb.connect(str(marts_file(warehouse.candidate))) as con:
        con.execute("delete from journey.touchpoints where activity = 'order placed'")
    outcome = judge_and_release(warehouse)
    assert outcome.exit_code == 3
    names = {check["check_name"] for check in refusals(outcome)}
    assert "touchpoints_equal_their_sources" in names
    assert digest(warehouse) == before


def test_the_release_refuses_by_itself_a_candidate_that_no_gate_has_passed(warehouse):
    before = digest(warehouse)
    with duckdb.connect(str(marts_file(warehouse.candidate))) as con:
        con.execute("update core.orders set net_amount = net_amount + 1")
    prepare(warehouse)
    with dg.DagsterInstance.get() as instance:
        result = (
            defs()
            .resolve_job_def("warehouse")
            .execute_in_process(
                instance=instance,
                asset_selection=[dg.AssetKey("release")],
                raise_on_error=False,
            )
        )
    assert not result.success
    (row,) = records.read(warehouse.landing, "runs", f"run_id = '{result.run_id}'")
    assert "the candidate has changed since dbt was done with it" in row["message"]
    assert digest(warehouse) == before


def test_dbt_waits_for_landing_and_the_release_for_the_gate_of_the_marts(warehouse):
    prepare(warehouse)
    plan = create_execution_plan(defs().resolve_job_def("warehouse"))
    waits_for = {step.key: step.get_execution_dependency_keys() for step in plan.steps}
    landing = {f"landing__{entity}" for entity in ENTITIES}
    assert landing <= waits_for["dbt"]
    assert "dbt" in waits_for["marts_gate"]
    assert "marts_gate" in waits_for["release"]


def test_rollback_goes_back_and_the_next_run_forward(warehouse):
    first = release.current(warehouse).release_id
    run_once(warehouse)
    second = release.current(warehouse).release_id
    assert release.rollback(warehouse).release_id == first
    assert release.current(warehouse).release_id == first
    assert release.rollback(warehouse, second).release_id == second
    with pytest.raises(release.NoSuchRelease, match=first):
        release.rollback(warehouse, "20000101T000000Z-01")
    run_once(warehouse)
    assert release.current(warehouse).release_id > second


def test_old_releases_are_removed_but_never_the_current_one(warehouse):
    first = release.current(warehouse).release_id
    text = warehouse.sources_file.read_text()
    warehouse.sources_file.write_text(
        text.replace("currency: EUR", "currency: EUR\nkeep_releases: 1")
    )
    run_once(warehouse)
    kept = [made.release_id for made in release.all_releases(warehouse)]
    assert kept == [release.current(warehouse).release_id]
    assert first not in kept
    assert len(records.read(warehouse.landing, "releases")) == 2


def test_a_changed_past_is_restated_in_the_release(warehouse):
    file = sorted((warehouse.root / "drop" / "shop").glob("orders_*.csv"))[0]
    header, first, *rest = file.read_text().splitlines()
    total = header.split(",").index("Subtotal")
    cells = first.split(",")
    cells[total] = str(float(cells[total]) + 1000)
    cells[header.split(",").index("Updated at")] = rest[-1].split(",")[4]
    file.write_text("\n".join([header, ",".join(cells), *rest]) + "\n")
    outcome = run_once(warehouse)
    assert outcome.exit_code == 0, refusals(outcome)
    made = release.current(warehouse)
    with query.connect(warehouse) as con:
        restated = con.execute(
            "select distinct metric from quality.restatements where release_id = ?",
            [made.release_id],
        ).fetchall()
    assert ("net_revenue",) in restated
    assert made.manifest["restatements"] > 0


READER = """
import json, pathlib, sys, time
from orchestration import query, release
from orchestration.settings import Home
home, stop = Home(pathlib.Path(sys.argv[1])), pathlib.Path(sys.argv[2])
seen, reads = set(), 0
while not stop.exists() or reads == 0:
    with query.connect(home) as con:
        name = con.execute("select max(release_id) from quality.releases").fetchall()[0][0]
        for table, facts in release.get(home, name).manifest["tables"].items():
            rows = con.execute(f"select count(*) from {table}").fetchall()[0][0]
            assert rows == facts["rows"], (name, table, rows, facts)
    seen.add(name)
    reads += 1
print(json.dumps({"reads": reads, "releases": sorted(seen)}))
"""


def test_readers_see_whole_releases_and_no_error_while_runs_go_on(warehouse, tmp_path):
    stop = tmp_path / "stop"
    reader = subprocess.Popen(
        [sys.executable, "-c", READER, str(warehouse.root), str(stop)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    for _ in range(2):
        assert run_once(warehouse).exit_code == 0
    stop.touch()
    out, err = reader.communicate(timeout=60)
    assert reader.returncode == 0, err
    told = json.loads(out)
    assert told["reads"] > 20
    assert len(told["releases"]) >= 2


@pytest.mark.parametrize("moment", ["landing", "build", "release"])
def test_a_killed_run_costs_nothing_but_time(warehouse, released, moment):
    """Killed in the middle of a step, the next run ends as an undisturbed one."""
    before = digest(warehouse)
    for folder in ("landing", "candidate"):
        if moment == "landing":
            subprocess.run(["rm", "-rf", str(warehouse.root / folder)], check=True)
    signs = {
        "landing": lambda: any(warehouse.landing.glob("orders/[1-9]*.parquet")),
        "build": lambda: not (warehouse.candidate / "build.json").exists(),
        "release": lambda: (
            (warehouse.candidate / "verdict.json").exists()
            and (warehouse.candidate / "verdict.json").stat().st_mtime > started
        ),
    }
    started = time.time()
    process = subprocess.Popen(
        [sys.executable, "-c", "from orchestration.cli import main; main()", "run"],
        env={**os.environ, "CX_HOME": str(warehouse.root)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while not signs[moment]() and process.poll() is None:
        time.sleep(0.005)
    assert process.poll() is None, "the run ended before it could be killed"
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert digest(warehouse) == before
    outcome = run_once(warehouse)
    assert outcome.exit_code == 0
    statuses = [row["status"] for row in records.read(warehouse.landing, "runs")]
    assert statuses.count("killed") == 1
    assert not list(warehouse.releases.glob(".*"))
    assert not [file for file in warehouse.landing.rglob(".*") if file.is_file()]
    if moment != "landing":
        assert marts(warehouse.current / release.DATABASE) == marts(
            released.current / release.DATABASE
        )
    else:
        counts = {t: f["rows"] for t, f in release.current(warehouse).manifest["tables"].items()}
        expected = {t: f["rows"] for t, f in release.current(released).manifest["tables"].items()}
        assert {t: n for t, n in counts.items() if t not in RUN_HISTORY} == {
            t: n for t, n in expected.items() if t not in RUN_HISTORY
        }


def test_two_runs_at_once_are_kept_apart(warehouse):
    with locked(warehouse):
        result = subprocess.run(
            [sys.executable, "-c", "from orchestration.cli import main; main()", "run"],
            env={**os.environ, "CX_HOME": str(warehouse.root)},
            capture_output=True,
            text=True,
            check=False,
        )
    assert result.returncode == 1
    assert f"another run (process {os.getpid()})" in result.stderr.replace("\n", " ")


def test_the_record_of_a_release_stands_in_the_release_itself(warehouse):
    made = release.current(warehouse)
    with query.connect(warehouse) as con:
        runs_of_it = con.execute("select run_id, status, release_id from quality.runs").fetchall()
        checks = con.execute("select count(*), count(*) filter (passed) from quality.check_results")
        total, passed = checks.fetchall()[0]
    assert runs_of_it == [(made.manifest["run_id"], "released", made.release_id)]
    assert passed == made.manifest["checks"]["passed"]
    assert total == passed + len(made.manifest["checks"]["warned"])
    assert made.manifest["sha256"] == digest(warehouse)
    by_entity = defaultdict(int)
    for batch in made.manifest["inputs"]:
        assert batch["rows_in"] == batch["landed"] + batch["quarantined"] + batch["duplicates"]
        by_entity[batch["batch_id"].split("-")[1]] += batch["landed"]
    assert by_entity["orders"] > 0


def test_the_demo_shows_its_faults_refused(warehouse):
    assert (
        show_faults(
            warehouse,
            run=lambda home: run_once(home).exit_code,
            judge_and_release=lambda home: judge_and_release(home).exit_code,
        )
        == 0
    )
