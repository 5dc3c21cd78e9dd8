with

landed_orders as (
    select * from {{ ref('stg_orders') }}
),

identities as (
    select * from {{ ref('int_identities') }}
),

profiles as (
    select * from {{ ref('int_customer_profiles') }}
),

resolved as (
    select
        landed_orders.*,
        identities.customer_id,
        coalesce(landed_orders.status, '') <> 'cancelled' as is_valid
    from landed_orders
    left join identities
        on
            coalesce(landed_orders.source_customer_id, 'email:' || landed_orders.email_hash)
            = identities.identity_key
),

-- New or repeat is a matter of the customer, not of the id: a guest's second order is a repeat.
sequences as (
    select
        order_id,
        row_number() over (
            partition by customer_id
            order by ordered_at, _first_batch_id, _first_row_number, order_id
        ) as order_sequence
    from resolved
    where is_valid and customer_id is not null
),

orders as (
    select
        resolved.order_id,
        resolved.source,
        resolved.customer_id,
        resolved.source_customer_id,
        resolved.email_hash,
        resolved.ordered_at,
        {{ business_date('resolved.ordered_at') }} as ordered_date,
        resolved.status,
        resolved.channel,
        profiles.country,
        profiles.segment,
        resolved.currency,
        resolved.gross_amount,
        resolved.discount_amount,
        resolved.refund_amount,
        cast(
            resolved.gross_amount
            - coalesce(resolved.discount_amount, 0)
            - coalesce(resolved.refund_amount, 0) as decimal(18, 4)
        ) as net_amount,
        resolved.refunded_at,
        resolved.promised_at,
        resolved.delivered_at,
        resolved.updated_at,
        resolved.is_valid,
        sequences.order_sequence = 1 as is_first_order,
        resolved.delivered_at > resolved.promised_at as is_late,
        {{ seconds_between('resolved.ordered_at', 'resolved.delivered_at') }} / 86400
            as delivery_days,
        sequences.order_sequence,
        resolved.extra
    from resolved
    left join sequences
        on resolved.order_id = sequences.order_id
    left join profiles
        on resolved.customer_id = profiles.customer_id
)

select * from orders
