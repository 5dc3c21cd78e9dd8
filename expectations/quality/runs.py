"""The mart of runs."""

from expectations.check import Check, Suite

SUITE = Suite(
    table="quality.runs",
    key=("run_id",),
    checks=(
        Check(
            name="run_ends_after_it_starts",
            severity="critical",
            description="No run ended before it started.",
            remedy="Check the clock of the machine on which the runs take place.",
            expectation=lambda rules: rules.quality.EndedAfterStarted(),
        ),
        Check(
            name="some_of_the_last_runs_worked",
            severity="warning",
            description="Of the last three runs that ended, one at least made a release.",
            remedy="See what the last runs ran into: cx status.",
            expectation=lambda rules: rules.quality.SomeRunWorks(),
        ),
    ),
)
