"""The mart of releases."""

from expectations.check import Check, Suite

SUITE = Suite(
    table="quality.releases",
    key=("release_id",),
    checks=(
        Check(
            name="release_names_the_audited_file",
            severity="critical",
            description="Every release names the file that the gate audited, by its checksum.",
            remedy="A release without one was made past the gate: go back to the one before it "
            "(cx rollback).",
            expectation=lambda rules: rules.quality.ChecksumIsSha256(),
        ),
        Check(
            name="release_comes_from_a_released_run",
            severity="warning",
            description="Every release comes from a run that is recorded as released.",
            remedy="The record of the run is missing or wrong: compare cx status and cx releases.",
            expectation=lambda rules: rules.quality.OfReleasedRun(),
        ),
    ),
)
