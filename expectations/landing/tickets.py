"""A batch of tickets."""

from expectations.check import Check, Suite
from expectations.common import few_names, not_from_the_future, since_1990

SUITE = Suite(
    table="landing.tickets",
    key=("ticket_id",),
    checks=(
        Check(
            name="tickets_are_not_all_deleted",
            severity="critical",
            description="At least one ticket in ten is not deleted; otherwise the states of the "
            "source were mapped to the wrong ones.",
            remedy="Check how status is mapped in the entity's query in sources.yml.",
            expectation=lambda rules: rules.values.NotAlmostAll(
                column="status", value_set=["deleted"]
            ),
            judged_from=50,
        ),
        since_1990("created_at", "tickets"),
        Check(
            name="ticket_is_not_merged_into_itself",
            severity="critical",
            description="No ticket is merged into itself; such a case would have no surviving "
            "ticket and be counted nowhere.",
            remedy="Give merged_into_ticket_id as NULL where it is the ticket's own id.",
            expectation=lambda rules: rules.support.NotMergedIntoItself(),
        ),
        Check(
            name="tickets_have_a_requester",
            severity="warning",
            description="At least half of the tickets carry a customer id or an e-mail address; "
            "the others belong to no customer and count in no journey.",
            remedy="Map source_customer_id or email in the entity's query in sources.yml.",
            expectation=lambda rules: rules.support.HasRequester(),
            judged_from=20,
        ),
        Check(
            name="updated_after_created",
            severity="warning",
            description="Nearly all tickets were updated after they were created; otherwise the "
            "two dates are in different time zones.",
            remedy="Check what is mapped to created_at and updated_at, and their time zones.",
            expectation=lambda rules: rules.support.UpdatedAfterCreated(),
            judged_from=20,
        ),
        not_from_the_future("created_at", "tickets"),
        few_names("channel", "tickets"),
        few_names("priority", "tickets"),
    ),
)
