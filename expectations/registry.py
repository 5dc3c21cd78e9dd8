"""Every suite, in the order in which data flows: what comes in, then what goes out."""

from expectations import churn, core, journey, landing, metrics, quality
from expectations.check import Suite

LANDING: dict[str, Suite] = {suite.name: suite for suite in landing.SUITES}

MARTS: dict[str, Suite] = {
    suite.table: suite
    for suite in (
        *core.SUITES,
        *journey.SUITES,
        *metrics.SUITES,
        *churn.SUITES,
        *quality.SUITES,
    )
}

SUITES: dict[str, Suite] = {suite.table: suite for suite in (*LANDING.values(), *MARTS.values())}
