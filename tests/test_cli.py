"""cx as a user types it: messages, exit codes, read-only SQL."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from orchestration.cli import app, main
from orchestration.settings import find_home


@pytest.fixture
def cx(monkeypatch, capfd, tmp_path):
    """Run a command in this process; returns its exit code, what it said and what it complained."""

    def run(home, *arguments):
        monkeypatch.setenv("CX_HOME", str(home))
        monkeypatch.setattr(sys, "argv", ["cx", *arguments])
        try:
            main()
            code = 0
        except SystemExit as end:
            code = end.code or 0
        said = capfd.readouterr()
        return code, said.out, " ".join(said.err.split())

    return run


@pytest.mark.parametrize(
    "command",
    ["init", "doctor", "demo", "run", "sql", "ui", "status", "releases", "rollback", "quarantine"],
)
def test_every_command_explains_itself(command):
    assert "Usage" in CliRunner().invoke(app, [command, "--help"]).output


def test_init_writes_a_commented_start_that_doctor_understands(cx, tmp_path):
    assert cx(tmp_path / "home", "init")[0] == 0
    code, out, _ = cx(tmp_path / "home", "doctor")
    assert code == 1
    assert "describe a source in sources.yml" in out
    code, _, complaint = cx(tmp_path / "home", "init")
    assert code == 2
    assert "is there already; it is left as it is" in complaint


def test_a_wrong_sources_yml_is_wrong_use(cx, deployment):
    deployment.configure("timezone: Nowhere")
    code, _, complaint = cx(deployment.home.root, "run")
    assert code == 2
    assert "line 1: timezone: 'Nowhere' is not an IANA time zone" in complaint


def test_the_demo_never_replaces_a_real_deployment(cx, deployment):
    deployment.configure("timezone: UTC")
    code, _, complaint = cx(deployment.home.root, "demo")
    assert code == 2
    assert "is not the demo's" in complaint


def test_before_the_first_release_there_is_nothing_to_query(cx, tmp_path):
    code, _, complaint = cx(tmp_path, "sql", "select 1")
    assert code == 2
    assert "nothing has been released yet" in complaint


@pytest.mark.slow
class TestOfARelease:
    """What can be asked of a release."""

    def test_sql_answers_in_every_format(self, cx, released, tmp_path):
        question = "select count(*) as orders, current_setting('TimeZone') as zone from core.orders"
        _, out, _ = cx(released.root, "sql", question, "--format", "csv")
        ((orders, zone),) = list(csv.reader(io.StringIO(out)))[1:]
        assert (int(orders) > 0, zone) == (True, "UTC")
        _, out, _ = cx(released.root, "sql", question, "--format", "json")
        assert json.loads(out) == [{"orders": int(orders), "zone": "UTC"}]
        file = tmp_path / "rows.parquet"
        cx(released.root, "sql", question, "--format", "parquet", "--output", str(file))
        assert duckdb.read_parquet(str(file)).fetchall() == [(int(orders), "UTC")]
        _, out, _ = cx(released.root, "sql", question)
        assert orders in out.replace(",", "")

    @pytest.mark.parametrize(
        "statement",
        [
            "delete from core.orders",
            "copy core.orders to 'stolen.csv'",
            "select * from read_text('/etc/passwd')",
            "attach 'other.duckdb'",
            "set enable_external_access = true",
            "install httpfs",
        ],
    )
    def test_sql_can_only_read_the_release(self, cx, released, statement):
        code, _, complaint = cx(released.root, "sql", statement)
        assert code == 1
        assert complaint.startswith("cx sql:")

    def test_status_and_releases_tell_scripts_what_is_live(self, cx, released):
        _, out, _ = cx(released.root, "status", "--json")
        told = json.loads(out)
        _, listed, _ = cx(released.root, "releases", "--json")
        assert [made["release_id"] for made in json.loads(listed)] == [
            told["current"]["release_id"]
        ]
        assert [run["status"] for run in told["runs"]] == ["released"]

    def test_an_unknown_release_is_named_with_those_there_are(self, cx, released):
        code, _, complaint = cx(released.root, "rollback", "yesterday")
        assert code == 2
        assert "there is no release yesterday; there are: 20" in complaint

    def test_no_mart_holds_an_e_mail_address(self, released):
        emails = {
            row[0].lower()
            for row in duckdb.sql(
                f"select distinct email from read_parquet('{released.landing}/*/*.parquet', "
                f"union_by_name = true) where email is not null"
            ).fetchall()
        }
        assert len(emails) > 50
        with duckdb.connect(str(released.current / "cx.duckdb"), read_only=True) as con:
            columns = con.execute(
                "select table_schema || '.' || table_name, column_name "
                "from information_schema.columns where data_type = 'VARCHAR'"
            ).fetchall()
            found = [
                (table, column)
                for table, column in columns
                if con.execute(
                    f'select count(*) from {table} where regexp_matches("{column}", '
                    f"'[^\\s\"]+@[^\\s\"]+\\.[a-z]+')"
                ).fetchall()
                != [(0,)]
            ]
        assert found == []

    def test_nothing_is_written_outside_the_home(self, released):
        assert not (Path.cwd() / ".cx").exists() or find_home().root != released.root
        assert {path.name for path in released.root.iterdir()} <= {
            ".env",
            "candidate",
            "current",
            "dagster",
            "drop",
            "landing",
            "releases",
            "run.lock",
            "sources.yml",
            "truth",
        }


def test_starting_the_command_line_is_quick():
    """Looking something up must not pay for Dagster, dbt or Great Expectations."""
    code = (
        "import sys; from orchestration.cli import app; "
        "print([m for m in ('dagster', 'dbt', 'great_expectations', 'pandas') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
