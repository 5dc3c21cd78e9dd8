"""Rules about who a customer is."""

from __future__ import annotations

from expectations.rules.base import Rows


class EmailOfFewCustomers(Rows):
    """An e-mail address belongs to at most 20 customers of a batch."""

    sql = """
        select
            min(source_customer_id) as one_of_them,
            count(distinct source_customer_id) as customers
        from {batch}
        where _email_hash is not null
        group by _email_hash
        having count(distinct source_customer_id) > 20
    """


class PeriodsApart(Rows):
    """Two periods of a subscription, in their newest state, do not overlap."""

    sql = """
        with versions as (
            select
                *,
                row_number() over (
                    partition by subscription_id, started_at
                    order by updated_at desc nulls last, _row_number desc
                ) as version_rank
            from {batch}
        ),

        periods as (
            select
                subscription_id,
                started_at,
                ended_at,
                lead(started_at) over (
                    partition by subscription_id
                    order by started_at
                ) as next_started_at
            from versions
            where version_rank = 1
        )

        select subscription_id, started_at, next_started_at
        from periods
        where coalesce(ended_at, timestamptz '9999-12-31 00:00:00+00') > next_started_at
    """


class TotalsEqualRecords(Rows):
    """Orders, money, tickets and answers of all customers add up to those of the records."""

    sql = """
        with of_customers as (
            select
                coalesce(sum(order_count), 0) as orders,
                coalesce(sum(net_amount), 0) as net_amount,
                coalesce(sum(ticket_count), 0) as tickets,
                coalesce(sum(response_count), 0) as answers
            from {batch}
        ),

        of_orders as (
            select count(*) as orders, coalesce(sum(net_amount), 0) as net_amount
            from core.orders
            where is_valid and customer_id is not null
        ),

        of_tickets as (select count(customer_id) as tickets from core.tickets),

        of_answers as (select count(customer_id) as answers from core.survey_responses),

        compared as (
            select 'orders' as what, of_customers.orders as customers, of_orders.orders as records
            from of_customers
            cross join of_orders
            union all
            select 'net_amount', of_customers.net_amount, of_orders.net_amount
            from of_customers
            cross join of_orders
            union all
            select 'tickets', of_customers.tickets, of_tickets.tickets
            from of_customers
            cross join of_tickets
            union all
            select 'answers', of_customers.answers, of_answers.answers
            from of_customers
            cross join of_answers
        )

        select * from compared
        where customers <> records
    """


class SameAsIdentities(Rows):
    """A customer has an identity, and an identity has its customer."""

    sql = """
        with identities as (
            select customer_id from {batch}
            group by customer_id
        ),

        customers as (select customer_id from core.customers)

        select
            coalesce(customers.customer_id, identities.customer_id) as customer_id,
            case when customers.customer_id is null then 'customers' else 'customer_identities' end
                as missing_in
        from customers
        full join identities
            on customers.customer_id = identities.customer_id
        where customers.customer_id is null or identities.customer_id is null
    """


class NoGiant(Rows):
    """Of 1,000 orders and more, no customer has one in twenty."""

    sql = """
        select customer_id, order_count
        from {batch}
        where
            order_count > 0.05 * (select sum(order_count) from {batch})
            and (select sum(order_count) from {batch}) >= 1000
    """


class FewIdentities(Rows):
    """A customer has at most 50 identities."""

    sql = """
        select customer_id, count(*) as identities
        from {batch}
        group by customer_id
        having count(*) > 50
    """
