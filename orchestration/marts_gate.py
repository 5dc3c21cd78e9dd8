"""The gate of the marts: every suite of a mart, on the very file that would be released."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import dagster as dg

from orchestration import gates, release
from orchestration.audit import Paper, issue, marts_file, paper_of, sha256_of
from orchestration.runs import Run


def marts_gate(marts: list[dg.AssetKey]) -> dg.AssetChecksDefinition:
    """One step that holds all suites of the marts; the release waits for it."""
    specs = [spec for key in marts for spec in gates.check_specs(".".join(key.path), key)]

    @dg.multi_asset_check(
        name="marts_gate",
        specs=specs,
        description="Every expectation on every mart, judged on the candidate before its release.",
    )
    def judge(deployment: dg.ResourceParam[Run]) -> Iterator[dg.AssetCheckResult]:
        yield from _judge(deployment)

    return judge


def _judge(run: Run) -> Iterator[dg.AssetCheckResult]:
    """Judge the candidate and leave the verdict on it."""
    candidate = run.home.candidate
    file, paper = marts_file(candidate), paper_of(candidate, "build")
    if paper is None:
        raise dg.Failure("There is no finished candidate to judge: start a run with `cx run`.")
    live = release.current(run.home)
    sha256 = sha256_of(file)
    verdicts = gates.evaluate_marts(
        file, live.database if live else None, datetime.fromisoformat(paper.as_of)
    )
    failed = tuple(
        f"{verdict.table}: {verdict.check}"
        for verdict in verdicts
        if not verdict.passed and verdict.severity == "critical"
    )
    issue(candidate, "verdict", Paper(sha256, run.run_id, paper.as_of, not failed, failed))
    for verdict in verdicts:
        yield gates.to_check_result(verdict, dg.AssetKey(verdict.table.split(".")))
