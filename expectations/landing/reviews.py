"""A batch of public reviews."""

from expectations.check import Check, Suite
from expectations.common import not_from_the_future, several, since_1990

SUITE = Suite(
    table="landing.reviews",
    key=("review_id",),
    checks=(
        Check(
            name="ratings_have_one_scale",
            severity="critical",
            description="All reviews of a batch are rated on one scale; 4 out of 5 and 4 out of "
            "10 must never be averaged.",
            remedy="Read the two scales as two sources in sources.yml.",
            expectation=lambda rules: rules.values.OneValue(column="rating_max"),
        ),
        since_1990("created_at", "reviews"),
        several("rating", "reviews", judged_from=50),
        not_from_the_future("created_at", "reviews"),
    ),
)
