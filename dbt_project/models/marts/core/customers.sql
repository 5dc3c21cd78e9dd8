with

identities as (
    select * from {{ ref('int_identities') }}
),

sightings as (
    select * from {{ ref('int_identity_sightings') }}
),

orders as (
    select * from {{ ref('orders') }}
),

tickets as (
    select * from {{ ref('tickets') }}
),

survey_responses as (
    select * from {{ ref('survey_responses') }}
),

profiles as (
    select * from {{ ref('int_customer_profiles') }}
),

people as (
    select
        identities.customer_id,
        min(sightings.first_seen_at) as first_seen_at,
        count(distinct sightings.source) as source_count
    from identities
    inner join sightings
        on identities.identity_key = sightings.identity_key
    group by identities.customer_id
),

order_totals as (
    select
        customer_id,
        min(ordered_at) as first_order_at,
        max(ordered_at) as last_order_at,
        count(*) as order_count,
        sum(net_amount) as net_amount
    from orders
    where is_valid and customer_id is not null
    group by customer_id
),

ticket_totals as (
    select
        customer_id,
        count(*) as ticket_count
    from tickets
    where customer_id is not null
    group by customer_id
),

response_totals as (
    select
        customer_id,
        count(*) as response_count
    from survey_responses
    where customer_id is not null
    group by customer_id
),

customers as (
    select
        people.customer_id,
        people.first_seen_at,
        order_totals.first_order_at,
        order_totals.last_order_at,
        coalesce(order_totals.order_count, 0) as order_count,
        cast(coalesce(order_totals.net_amount, 0) as decimal(38, 4)) as net_amount,
        coalesce(ticket_totals.ticket_count, 0) as ticket_count,
        coalesce(response_totals.response_count, 0) as response_count,
        profiles.segment,
        case
            when order_totals.order_count is null then 'prospect'
            when order_totals.last_order_at <= {{ as_of() }} - interval '365' day then 'lapsed'
            when order_totals.first_order_at > {{ as_of() }} - interval '90' day
                then 'new customer'
            when order_totals.order_count = 1 then 'one-time buyer'
            when order_totals.order_count <= 4 then 'regular'
            else 'loyal'
        end as persona,
        profiles.country,
        people.source_count
    from people
    left join order_totals
        on people.customer_id = order_totals.customer_id
    left join ticket_totals
        on people.customer_id = ticket_totals.customer_id
    left join response_totals
        on people.customer_id = response_totals.customer_id
    left join profiles
        on people.customer_id = profiles.customer_id
)

select * from customers
