"""The gates as the orchestration sees them: which checks there are, and what it is told of them."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import dagster as dg
import pytest

from expectations.check import Check, Suite
from expectations.registry import LANDING, MARTS, SUITES
from orchestration.gates import Verdict, check_specs, failed_critical, to_check_result
from orchestration.gates.judge import connected, judge
from orchestration.landing.contract import ENTITIES

MODELS = Path(__file__).resolve().parents[1] / "dbt_project" / "models" / "marts"
CHECKS = [
    pytest.param(check, id=f"{suite.table}-{check.name}")
    for suite in SUITES.values()
    for check in suite.checks
]
FAILED = Verdict(
    table="core.orders",
    check="net_is_gross_minus_discount_and_refund",
    description="Net is gross less discount and refund.",
    severity="critical",
    passed=False,
    observed="1 case",
    expected="none",
    failing_sample='[{"order_id": "shop:o1", "net_amount": 91, "refund_amount": null}]',
    remedy="Correct the model.",
)


def test_every_entity_and_every_mart_has_a_suite():
    models = {f"{file.parent.name}.{file.stem}" for file in MODELS.glob("*/*.sql")}
    assert set(LANDING) == set(ENTITIES)
    assert set(MARTS) == models


def test_every_suite_has_at_least_two_checks():
    assert all(len(suite.checks) >= 2 for suite in SUITES.values())


@pytest.mark.parametrize("suite", SUITES.values(), ids=SUITES)
def test_names_of_checks_are_unique_within_a_table(suite):
    names = [check.name for check in suite.checks]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("check", CHECKS)
def test_every_check_says_in_sentences_what_it_promises_and_what_to_do(check):
    assert re.fullmatch(r"_?[a-z][a-z0-9_]*", check.name)
    assert check.severity in ("critical", "warning")
    for words in (check.description, check.remedy):
        assert words[0].isupper() and words.endswith((".", ")."))
        assert "  " not in words


def test_checks_are_listed_without_importing_great_expectations():
    code = (
        "import sys; from orchestration import gates; from expectations.registry import SUITES; "
        "specs = [s for t in SUITES for s in gates.check_specs(t, t.split('.'))]; "
        "assert len(specs) > 100; assert 'great_expectations' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_check_tells_what_it_promises_and_what_to_do():
    spec = check_specs("core.orders", ["core", "orders"])[0]
    promised = SUITES["core.orders"].checks[0]
    assert spec.key == dg.AssetCheckKey(dg.AssetKey(["core", "orders"]), promised.name)
    assert promised.description in spec.description
    assert promised.remedy in spec.description
    assert spec.metadata["severity"] == "critical"


@pytest.mark.parametrize(
    ("severity", "expected"),
    [("critical", dg.AssetCheckSeverity.ERROR), ("warning", dg.AssetCheckSeverity.WARN)],
)
def test_only_a_critical_failure_is_an_error(severity, expected):
    result = to_check_result(replace(FAILED, severity=severity), dg.AssetKey(["core", "orders"]))
    assert result.severity == expected
    assert not result.passed


def test_a_failure_says_what_to_do_and_shows_the_rows():
    result = to_check_result(FAILED, dg.AssetKey(["core", "orders"]))
    assert result.description == "Correct the model."
    assert result.metadata["observed"].value == "1 case"
    assert result.metadata["failing_sample"].value == FAILED.failing_sample
    (record,) = result.metadata["failing_rows"].records
    assert record.data == {"order_id": "shop:o1", "net_amount": "91", "refund_amount": None}


def test_a_warning_refuses_nothing():
    warned = replace(FAILED, severity="warning")
    passed = replace(FAILED, passed=True)
    assert failed_critical([warned, FAILED, passed]) == [FAILED]


def test_a_rule_that_cannot_even_be_built_is_a_critical_failure_and_names_its_check():
    def impossible(rules):
        raise ValueError("no such rule")

    def check(name, expectation):
        return Check(name, "warning", "A promise.", "A remedy.", expectation)

    suite = Suite(
        "core.numbers",
        ("number",),
        (
            check("impossible", impossible),
            check("possible", lambda rules: rules.values.Known(column="number")),
        ),
    )
    with connected([]) as source:
        broken, whole = judge(source, suite, "range(3) as numbers (number)")
    assert (broken.check, broken.passed, broken.severity) == ("impossible", False, "critical")
    assert broken.observed == "the check could not be evaluated: no such rule"
    assert (whole.check, whole.passed, whole.severity) == ("possible", True, "warning")


def test_judging_prints_nothing(capfd):
    suite = SUITES["core.orders"]
    with connected([]) as source:
        judge(source, suite, "range(3) as numbers (number)")
    assert capfd.readouterr() == ("", "")
