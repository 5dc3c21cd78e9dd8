"""What Great Expectations returns, in words: observed, expected, and which rows."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from expectations.check import Check, Severity, Suite
from orchestration.gates.verdict import Verdict

if TYPE_CHECKING:
    from great_expectations.core import ExpectationValidationResult

LONGEST_ERROR = 500
CLEAN = "no failing rows"


def excused(suite: Suite, check: Check, row_count: int, earlier: frozenset[str]) -> Verdict | None:
    """A pass for a check that has nothing to judge: too few rows, or no earlier release."""
    if check.against_last_release and suite.table not in earlier:
        observed = "the last release has this table in another form, or not at all"
        if not earlier:
            observed = "no earlier release"
        return verdict(suite, check, True, observed, "a release to compare with")
    if row_count < check.judged_from:
        observed = f"too few rows to judge: {row_count:,}"
        return verdict(suite, check, True, observed, f"judged from {check.judged_from:,} rows on")
    return None


def failed_to_run(suite: Suite, check: Check, error: str) -> Verdict:
    """A check that could not be evaluated: critical, whatever its own severity."""
    message = " ".join(error.split("[SQL:")[0].split())[:LONGEST_ERROR]
    observed = f"the check could not be evaluated: {message}"
    return verdict(suite, check, False, observed, "a check that can be evaluated", "critical")


def read(suite: Suite, check: Check, result: ExpectationValidationResult) -> Verdict:
    """The verdict of a result, which may also be that of a rule that raised."""
    error = _error(result.exception_info)
    if error is not None:
        return failed_to_run(suite, check, error)
    found, rule = result.result, result.expectation_config.to_domain_obj()
    rows = [] if result.success else _failing_rows(found, suite.key)
    return verdict(
        suite,
        check,
        bool(result.success),
        _observed(found, rows),
        _expected(found, rule),
        sample=json.dumps(rows, default=str, ensure_ascii=False),
    )


def verdict(
    suite: Suite,
    check: Check,
    passed: bool,
    observed: str,
    expected: str,
    severity: Severity | None = None,
    sample: str = "[]",
) -> Verdict:
    """A verdict with the check's own words."""
    return Verdict(
        table=suite.table,
        check=check.name,
        description=check.description,
        severity=severity or check.severity,
        passed=passed,
        observed=observed,
        expected=expected,
        failing_sample=sample,
        remedy=check.remedy,
    )


def _error(info: Mapping[str, Any]) -> str | None:
    """The message of an exception; it stands at the top, or under the metric that raised it."""
    entries = [info] if "raised_exception" in info else list(info.values())
    raised = [str(entry["exception_message"]) for entry in entries if entry["raised_exception"]]
    return raised[0] if raised else None


def _failing_rows(found: Mapping[str, Any], key: Sequence[str]) -> list[dict[str, Any]]:
    """Keys of failing rows: the columns that a query chose, or the key of the suite."""
    if "details" in found:
        return [dict(row) for row in found["details"]["unexpected_rows"]]
    rows = found.get("partial_unexpected_index_list") or []
    return [{name: row[name] for name in key} for row in rows]


def _observed(found: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> str:
    if "unexpected_count" in found:
        count, total = found["unexpected_count"], found["element_count"]
        return f"{count:,} of {total:,} rows break it ({count / total:.1%})" if count else CLEAN
    observed = found["observed_value"]
    if "details" not in found:
        return f"{observed:,}"
    if len(rows) == 1:
        return ", ".join(f"{name} {value}" for name, value in rows[0].items())
    return f"{observed:,} cases" if observed else CLEAN


def _expected(found: Mapping[str, Any], rule: object) -> str:
    if "unexpected_count" in found:
        tolerated = 1 - getattr(rule, "mostly", 1)
        return f"at most {tolerated:.0%} of the rows" if tolerated else CLEAN
    if "details" in found:
        return CLEAN
    low, high = getattr(rule, "min_value", None), getattr(rule, "max_value", None)
    limits = [f"at least {low:,}"] if low is not None else []
    limits += [f"at most {high:,}"] if high is not None else []
    return ", ".join(limits)
