"""Suites of the quality marts: what the warehouse says of itself."""

from expectations.quality import check_results, quarantined_rows, releases, restatements, runs

SUITES = (
    runs.SUITE,
    check_results.SUITE,
    quarantined_rows.SUITE,
    releases.SUITE,
    restatements.SUITE,
)
