"""Rules about tickets, working windows and targets of service."""

from __future__ import annotations

import great_expectations.expectations as gxe

from expectations.rules.base import Rows, Share
from expectations.rules.values import NotAbove


class HasRequester(Share):
    """At least half of the tickets carry a customer id or an e-mail address."""

    condition: str = "source_customer_id is null and _email_hash is null"
    tolerated: float = 0.5
    sample: str = "ticket_id"


class NotMergedIntoItself(Rows):
    """A ticket is not merged into itself."""

    sql = "select ticket_id from {batch} where merged_into_ticket_id = ticket_id"


class UpdatedAfterCreated(NotAbove):
    """At most one ticket in a hundred was updated before it was created."""

    column_A: str = "updated_at"
    column_B: str = "created_at"
    mostly: float = 0.99


class AgentsReplyInPublic(Rows):
    """Among 20 comments of agents at least one is public."""

    sql = """
        select count(*) as agent_comments, count_if(is_public) as public
        from {batch}
        where kind = 'comment' and actor_kind = 'agent'
        having count(*) >= 20 and count_if(is_public) = 0
    """


class StatusEventsChangeStatus(Share):
    """At most one event in ten is a change of status from a state to the same state."""

    condition: str = "kind = 'status' and from_value = to_value"
    tolerated: float = 0.1
    sample: str = "ticket_id, event_id"


class KnownTimeZone(Rows):
    """A schedule's time zone is a name of the IANA list."""

    sql = """
        select schedule_id, timezone
        from {batch}
        where timezone is null or timezone not in (select name from pg_timezone_names())
        group by schedule_id, timezone
    """


class WindowsApart(Rows):
    """Two working windows of a schedule do not overlap."""

    sql = """
        with windows as (select * from {batch})

        select one.schedule_id, one.weekday, one.start_time, other.start_time as overlaps
        from windows as one
        inner join windows as other
            on one.schedule_id = other.schedule_id
            and one.weekday = other.weekday
            and one.start_time < other.end_time
            and other.start_time < one.end_time
            and one.valid_from < coalesce(other.valid_to, date '9999-12-31')
            and other.valid_from < coalesce(one.valid_to, date '9999-12-31')
            and (one.start_time, one.valid_from) < (other.start_time, other.valid_from)
    """


class FewHolidays(Rows):
    """A schedule has at most 100 days off in a year."""

    sql = """
        select schedule_id, year(holiday_date) as year, count(*) as days
        from {batch}
        group by schedule_id, year(holiday_date)
        having count(*) > 100
    """


class TargetInSeconds(gxe.ExpectColumnValuesToBeBetween):
    """A target of service is from one minute to one year."""

    column: str = "target_seconds"
    min_value: float = 60
    max_value: float = 366 * 86400


class ReplyBeforeResolution(Rows):
    """The target for the first reply is not longer than that for the resolution."""

    sql = """
        select policy_id, priority, valid_from
        from {batch}
        group by policy_id, priority, valid_from, is_business_time
        having
            max(target_seconds) filter (where metric = 'first_reply')
            > min(target_seconds) filter (where metric = 'resolution')
    """


class WaitsAddUp(Rows):
    """Requester wait = agent work + on hold, and no part is longer than the whole resolution."""

    sql = """
        select
            ticket_id, requester_wait_seconds, agent_work_seconds, on_hold_seconds,
            agent_wait_seconds, full_resolution_seconds
        from {batch}
        where
            abs(requester_wait_seconds - agent_work_seconds - on_hold_seconds) > 1
            or requester_wait_seconds + agent_wait_seconds > full_resolution_seconds + 1
    """


class ResolvedInOrder(NotAbove):
    """The first resolution is not later than the last one."""

    column_A: str = "full_resolution_seconds"
    column_B: str = "first_resolution_seconds"


class NoMoreReopensThanSolves(NotAbove):
    """A ticket is not reopened more often than it was solved."""

    column_A: str = "solved_count"
    column_B: str = "reopen_count"


class DurationsNotNegative(Rows):
    """No duration of a ticket is below zero."""

    sql = """
        select ticket_id
        from {batch}
        where
            least(
                first_reply_seconds, first_resolution_seconds, full_resolution_seconds,
                requester_wait_seconds, agent_wait_seconds, on_hold_seconds, agent_work_seconds
            ) < 0
    """


class OfKnownRequester(Share):
    """At least half of the tickets belong to a known customer."""

    condition: str = "customer_id is null"
    tolerated: float = 0.5
    sample: str = "ticket_id"
