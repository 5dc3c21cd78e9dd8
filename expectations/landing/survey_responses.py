"""A batch of survey responses."""

from expectations.check import Check, Suite
from expectations.common import few_names, not_from_the_future, since_1990

SUITE = Suite(
    table="landing.survey_responses",
    key=("response_id", "question_id"),
    checks=(
        Check(
            name="question_has_one_scale",
            severity="critical",
            description="Every question was asked on one scale; scores of 4 out of 5 and 4 out "
            "of 10 must never be averaged.",
            remedy="Give the question on its new scale an id of its own in the entity's query.",
            expectation=lambda rules: rules.surveys.OneScale(),
        ),
        Check(
            name="question_has_one_kind",
            severity="critical",
            description="Every question is of one kind: nps, csat, ces or other.",
            remedy="Check how kind is mapped in the entity's query in sources.yml.",
            expectation=lambda rules: rules.surveys.OneKind(),
        ),
        Check(
            name="nps_scores_reach_above_five",
            severity="critical",
            description="Of 50 or more NPS scores of a question at least one is above 5; "
            "otherwise the question was asked on a scale of 5 and makes everybody a detractor.",
            remedy="Map a question on a scale of 5 as csat, with scale_min and scale_max.",
            expectation=lambda rules: rules.surveys.NpsAboveFive(),
        ),
        Check(
            name="answers_differ",
            severity="critical",
            description="The 30 or more answers to a question are not all the same; otherwise a "
            "constant was exported in place of the score.",
            remedy="Check to which column of the source score is mapped in sources.yml.",
            expectation=lambda rules: rules.surveys.AnswersDiffer(),
        ),
        since_1990("responded_at", "responses"),
        Check(
            name="answers_have_a_score",
            severity="warning",
            description="At least half of the answers to rating questions carry a score.",
            remedy="Check that score is mapped, and map open questions as kind other.",
            expectation=lambda rules: rules.surveys.Scored(),
            judged_from=20,
        ),
        Check(
            name="answers_can_be_joined",
            severity="warning",
            description="At least half of the answers name a customer, an invitation, an order or "
            "a ticket; anonymous ones count in the scores and in no journey.",
            remedy="Map source_customer_id, email, invitation_id, order_id or ticket_id; an "
            "anonymous survey needs no action.",
            expectation=lambda rules: rules.surveys.Joinable(),
            judged_from=20,
        ),
        not_from_the_future("responded_at", "responses"),
        few_names("channel", "responses"),
    ),
)
