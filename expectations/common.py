"""Checks that many tables share, each worded for the rows of its table."""

from __future__ import annotations

from expectations.check import Check, Severity


def since_1990(column: str, rows: str, severity: Severity = "critical") -> Check:
    """A batch whose times are real ones, and not what a missing time turns into."""
    return Check(
        name=f"{column}_is_since_1990",
        severity=severity,
        description=f"Nearly all {rows} are from 1990 or later; earlier ones are times that "
        "were missing and became 1970 or 1900 on the way.",
        remedy=f"Give {column} as NULL where the source has no time, and check its unit: seconds "
        "and milliseconds since 1970 differ by a factor of a thousand.",
        expectation=lambda rules: rules.times.Since1990(column=column),
    )


def not_from_the_future(column: str, rows: str) -> Check:
    """A batch whose times lie before its extraction, so that its time zone is the right one."""
    return Check(
        name=f"{column}_is_not_in_the_future",
        severity="warning",
        description=f"Nearly all {rows} happened before they were extracted; later ones were "
        "read in the wrong time zone.",
        remedy="Set timestamp_timezone of the entity in sources.yml to the zone in which the "
        f"source writes {column}.",
        expectation=lambda rules: rules.times.BeforeExtraction(column_B=column),
    )


def few_names(column: str, rows: str) -> Check:
    """A column that cuts the metrics, and so must hold names and not free text."""
    return Check(
        name=f"{column}_is_a_short_list",
        severity="warning",
        description=f"The {column} of {rows} is one of at most 50 names; more are free text or "
        "an id, and every metric is cut by them.",
        remedy=f"Map {column} to a handful of names in the entity's query in sources.yml.",
        expectation=lambda rules: rules.values.AtMostFiftyNames(column=column),
    )


def several(column: str, rows: str, judged_from: int, severity: Severity = "warning") -> Check:
    """A column that was not filled with one constant."""
    return Check(
        name=f"{column}_differs",
        severity=severity,
        description=f"Among {judged_from} {rows} or more, {column} has more than one value; one "
        "value alone is a constant that was mapped by mistake.",
        remedy=f"Check to which column of the source {column} is mapped in sources.yml.",
        expectation=lambda rules: rules.values.MoreThanOneValue(column=column),
        judged_from=judged_from,
    )


def mostly_known(
    column: str, rows: str, share: float, consequence: str, severity: Severity = "warning"
) -> Check:
    """A column that may be empty, but not in most rows."""
    return Check(
        name=f"{column}_is_mostly_known",
        severity=severity,
        description=f"At least {share:.0%} of {rows} have {column}; {consequence}.",
        remedy=f"Check that {column} is mapped in sources.yml and filled in the source.",
        expectation=lambda rules: rules.values.Known(column=column, mostly=share),
        judged_from=20,
    )


def not_halved(rows: str, table: str) -> Check:
    """A mart that has not lost most of its rows since the last release."""
    return Check(
        name="row_count_is_not_halved",
        severity="warning",
        description=f"There are at least half as many {rows} as in the last release; fewer mean "
        "that a source or a part of its history is missing.",
        remedy="Compare the batches of this run with those before (cx status); a source that was "
        "removed on purpose needs no action.",
        expectation=lambda rules: rules.history.AtLeastHalfOfLastRelease(table=table),
        against_last_release=True,
    )


def fresh(column: str, rows: str, days: int) -> Check:
    """A mart whose newest row is recent, seen from the instant at which the run looks."""
    return Check(
        name=f"{column}_is_fresh",
        severity="warning",
        description=f"The newest of the {rows} is at most {days} days old; older ones mean that "
        "the source has stopped to deliver.",
        remedy="Check that the source still exports and that cx run finds its files (cx doctor).",
        expectation=lambda rules: rules.times.Fresh(column=column, days=days),
    )


def not_after_as_of(column: str, rows: str) -> Check:
    """A mart that knows nothing from after the instant it was built for."""
    return Check(
        name=f"{column}_is_not_after_as_of",
        severity="warning",
        description=f"None of the {rows} is from after the instant for which this release is "
        "made; later ones have a wrong date or a wrong time zone.",
        remedy=f"Correct {column} in the source, or its time zone in sources.yml.",
        expectation=lambda rules: rules.times.NotAfterAsOf(column=column),
    )
