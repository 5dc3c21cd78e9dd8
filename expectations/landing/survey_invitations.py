"""A batch of survey invitations."""

from expectations.check import Check, Suite
from expectations.common import few_names, not_from_the_future, since_1990

SUITE = Suite(
    table="landing.survey_invitations",
    key=("invitation_id",),
    checks=(
        since_1990("sent_at", "invitations"),
        Check(
            name="some_do_not_answer",
            severity="warning",
            description="At most 95 invitations in 100 were answered; more mean that those who "
            "did not answer are missing, and the response rate would be near 100 %.",
            remedy="Export all invitations, also those that were never answered.",
            expectation=lambda rules: rules.surveys.SomeDoNotAnswer(),
            judged_from=100,
        ),
        Check(
            name="invitations_arrive",
            severity="warning",
            description="At most half of the invitations bounced; more mean that the mailing or "
            "its list of addresses is broken.",
            remedy="Ask the owner of the survey tool about its last mailing.",
            expectation=lambda rules: rules.surveys.MailArrives(),
            judged_from=20,
        ),
        not_from_the_future("sent_at", "invitations"),
        few_names("channel", "invitations"),
    ),
)
