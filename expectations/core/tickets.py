"""The mart of tickets."""

from expectations.check import Check, Suite
from expectations.common import fresh, not_after_as_of, not_halved

SUITE = Suite(
    table="core.tickets",
    key=("ticket_id",),
    checks=(
        Check(
            name="waits_add_up",
            severity="critical",
            description="The requester's wait is the agents' work and the time on hold, and all "
            "waits together are not longer than the whole resolution.",
            remedy="Rebuild with cx run --full-refresh; if it stays, look at the status events of "
            "the tickets named here.",
            expectation=lambda rules: rules.support.WaitsAddUp(),
        ),
        Check(
            name="durations_are_not_negative",
            severity="critical",
            description="No time to reply, to resolve or to wait is below zero.",
            remedy="Check the time zones of tickets and ticket events in sources.yml.",
            expectation=lambda rules: rules.support.DurationsNotNegative(),
        ),
        Check(
            name="first_resolution_is_not_after_the_last",
            severity="critical",
            description="No ticket was first resolved later than it was last resolved.",
            remedy="Rebuild with cx run --full-refresh; if it stays, correct core.tickets.",
            expectation=lambda rules: rules.support.ResolvedInOrder(),
        ),
        Check(
            name="reopened_at_most_as_often_as_solved",
            severity="critical",
            description="No ticket was reopened more often than it was solved.",
            remedy="Rebuild with cx run --full-refresh; if it stays, look at the status events of "
            "the tickets named here.",
            expectation=lambda rules: rules.support.NoMoreReopensThanSolves(),
        ),
        not_halved("tickets", "core.tickets"),
        fresh("created_at", "tickets", days=7),
        not_after_as_of("created_at", "tickets"),
        Check(
            name="tickets_belong_to_customers",
            severity="warning",
            description="At least half of the tickets belong to a known customer; journeys show "
            "those only.",
            remedy="Map source_customer_id or email of the tickets in sources.yml.",
            expectation=lambda rules: rules.support.OfKnownRequester(),
            judged_from=20,
        ),
        Check(
            name="orders_of_tickets_are_known",
            severity="warning",
            description="At most one in twenty of the orders that tickets name is missing from "
            "core.orders.",
            remedy="Check that order_id of the tickets is the id that the orders' source uses for "
            "the same thing.",
            expectation=lambda rules: rules.values.ForeignOrphans(
                column="order_id",
                parent="core.orders",
                parent_key="order_id",
                tolerated=0.05,
                sample="ticket_id",
            ),
        ),
    ),
)
