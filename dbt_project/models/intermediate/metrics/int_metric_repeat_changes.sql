with

orders as (
    select * from {{ ref('orders') }}
),

-- Guests whom no identity resolves are in neither part of the rate: they are never 'repeat'.
known_orders as (
    select * from orders
    where is_valid and customer_id is not null
),

-- A customer belongs to the channel, segment and country of the first order, for good.
first_orders as (
    select
        customer_id,
        ordered_date as first_date,
        coalesce(channel, 'unknown') as channel,
        coalesce(segment, 'unknown') as segment,
        coalesce(country, 'unknown') as country
    from known_orders
    where is_first_order
),

-- Orders of one day are one occasion: only another day makes a customer a repeat customer.
second_days as (
    select
        known_orders.customer_id,
        min(known_orders.ordered_date) as second_date
    from known_orders
    inner join first_orders on known_orders.customer_id = first_orders.customer_id
    where known_orders.ordered_date > first_orders.first_date
    group by known_orders.customer_id
),

became as (
    select
        first_date as part_date,
        channel,
        segment,
        country,
        1 as customer_point,
        0 as repeat_point
    from first_orders
    union all
    select
        second_days.second_date as part_date,
        first_orders.channel,
        first_orders.segment,
        first_orders.country,
        0 as customer_point,
        1 as repeat_point
    from second_days
    inner join first_orders on second_days.customer_id = first_orders.customer_id
),

changes as (
    select
        'repeat_purchase_rate' as metric,
        'to_date' as policy,
        part_date,
        channel,
        segment,
        country,
        cast(null as string) as survey,
        cast(null as string) as ticket_group,
        cast(null as string) as priority,
        cast(sum(customer_point) as bigint) as n,
        cast(sum(repeat_point) as decimal(38, 4)) as numerator,
        cast(sum(customer_point) as bigint) as denominator,
        cast(sum(repeat_point) as decimal(38, 8)) as sum_squares
    from became
    group by part_date, channel, segment, country
)

select * from changes
