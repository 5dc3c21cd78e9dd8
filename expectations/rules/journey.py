"""Rules about touchpoints."""

from __future__ import annotations

from expectations.rules.base import Rows, Share


class TouchpointsEqualSources(Rows):
    """Touchpoints are as many as what happened to orders and tickets and was answered."""

    sql = """
        with in_sources as (
            select 'order placed' as activity, count(*) as records from core.orders
            union all
            select
                case when is_late then 'order delivered late' else 'order delivered' end,
                count(*)
            from core.orders
            where delivered_at is not null
            group by all
            union all
            select 'order refunded', count(*) from core.orders
            where refunded_at is not null or refund_amount > 0
            union all
            select 'order cancelled', count(*) from core.orders
            where not is_valid
            union all
            select 'ticket opened', count(*) from core.tickets
            union all
            select 'ticket solved', coalesce(sum(solved_count), 0) from core.tickets
            union all
            select 'ticket reopened', coalesce(sum(reopen_count), 0) from core.tickets
            union all
            select 'agent replied', coalesce(sum(public_reply_count), 0) from core.tickets
            union all
            select kind || ' answered', count(*) from core.survey_responses
            group by kind
        ),

        in_journey as (
            select activity, count(*) as touchpoints
            from {batch}
            where
                activity like 'order %' or activity like 'ticket %' or activity like '% answered'
                or activity = 'agent replied'
            group by activity
        )

        select
            coalesce(in_sources.activity, in_journey.activity) as activity,
            coalesce(in_sources.records, 0) as records,
            coalesce(in_journey.touchpoints, 0) as touchpoints
        from in_sources
        full join in_journey
            on in_sources.activity = in_journey.activity
        where coalesce(in_sources.records, 0) <> coalesce(in_journey.touchpoints, 0)
    """


class RevenueEqualsOrders(Rows):
    """The revenue of all touchpoints is the net amount of all valid orders."""

    sql = """
        with in_journey as (
            select coalesce(sum(revenue_amount), 0) as revenue_amount from {batch}
        ),

        in_orders as (
            select coalesce(sum(net_amount), 0) as net_amount from core.orders
            where is_valid
        )

        select in_journey.revenue_amount, in_orders.net_amount
        from in_journey
        cross join in_orders
        where in_journey.revenue_amount <> in_orders.net_amount
    """


class StepsWithoutGaps(Rows):
    """A customer's touchpoints are numbered 1, 2, 3 … in the order of time."""

    sql = """
        select customer_id, count(*) as touchpoints, max(customer_sequence) as last_number
        from {batch}
        where customer_id is not null
        group by customer_id
        having
            count(distinct customer_sequence) <> count(*)
            or min(customer_sequence) <> 1
            or max(customer_sequence) <> count(*)
            or min(seconds_since_previous) < 0
    """


class HasStage(Share):
    """At most one touchpoint in a hundred has no stage."""

    condition: str = "stage is null"
    tolerated: float = 0.01
    sample: str = "touchpoint_id, activity"


class OfKnownTraveller(Share):
    """At least one touchpoint in ten belongs to a known customer."""

    condition: str = "customer_id is null"
    tolerated: float = 0.9
    sample: str = "touchpoint_id"
