"""What a check found, in words that a person can act on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from expectations.check import Severity


@dataclass(frozen=True)
class Verdict:
    """The result of one check; `failing_sample` is JSON text: rows of keys, nothing personal."""

    table: str
    check: str
    description: str
    severity: Severity
    passed: bool
    observed: str
    expected: str
    failing_sample: str
    remedy: str


def failed_critical(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """The verdicts that refuse what was judged."""
    return [
        verdict for verdict in verdicts if verdict.severity == "critical" and not verdict.passed
    ]
