{{ config(materialized='view') }}

with

orders as (
    select * from {{ ref('orders') }}
),

landed_orders as (
    select * from {{ ref('stg_orders') }}
),

histories as (
    select
        orders.order_id,
        orders.customer_id,
        orders.channel,
        orders.source,
        orders.ordered_at,
        orders.updated_at,
        orders.delivered_at,
        orders.refunded_at,
        orders.refund_amount,
        orders.net_amount,
        orders.is_valid,
        orders.is_late,
        landed_orders._first_batch_id,
        landed_orders._first_row_number
    from orders
    inner join landed_orders
        on orders.order_id = landed_orders.order_id
),

placed as (
    select
        'order placed' as activity,
        order_id,
        customer_id,
        ordered_at as occurred_at,
        channel,
        source,
        case when is_valid then net_amount end as revenue_amount,
        false as is_negative,
        1 as step_rank,
        _first_batch_id,
        _first_row_number
    from histories
),

delivered as (
    select
        case when is_late then 'order delivered late' else 'order delivered' end as activity,
        order_id,
        customer_id,
        delivered_at as occurred_at,
        channel,
        source,
        cast(null as decimal(18, 4)) as revenue_amount,
        coalesce(is_late, false) as is_negative,
        2 as step_rank,
        _first_batch_id,
        _first_row_number
    from histories
    where delivered_at is not null
),

-- A refund of unknown time happened no later than the order's last known change.
refunded as (
    select
        'order refunded' as activity,
        order_id,
        customer_id,
        coalesce(refunded_at, updated_at, ordered_at) as occurred_at,
        channel,
        source,
        cast(null as decimal(18, 4)) as revenue_amount,
        true as is_negative,
        3 as step_rank,
        _first_batch_id,
        _first_row_number
    from histories
    where refunded_at is not null or refund_amount > 0
),

cancelled as (
    select
        'order cancelled' as activity,
        order_id,
        customer_id,
        coalesce(updated_at, ordered_at) as occurred_at,
        channel,
        source,
        cast(null as decimal(18, 4)) as revenue_amount,
        false as is_negative,
        4 as step_rank,
        _first_batch_id,
        _first_row_number
    from histories
    where not is_valid
),

order_touchpoints as (
    select * from placed
    union all
    select * from delivered
    union all
    select * from refunded
    union all
    select * from cancelled
)

select * from order_touchpoints
