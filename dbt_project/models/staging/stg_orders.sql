{{ config(unique_key='order_id') }}

with

landed as (
    select * from {{ raw('orders') }}
    where
        ordered_at <= {{ as_of_cut() }}
        and {{ only_changed_keys('orders', ['order_id']) }}
),

ranked as (
    select
        *,
        row_number() over (
            partition by _source, order_id
            order by coalesce(updated_at, _extracted_at) desc, _batch_id desc, _row_number desc
        ) as version_rank
    from landed
),

newest as (
    select
        -- ids
        _source || ':' || order_id as order_id,
        _source || ':' || source_customer_id as source_customer_id,
        _email_hash as email_hash,

        -- text
        _source as source,
        status,
        channel,
        currency,
        extra,

        -- numbers
        gross_amount,
        discount_amount,
        refund_amount,
        _row_number,

        -- timestamps
        ordered_at,
        refunded_at,
        promised_at,
        delivered_at,
        updated_at,

        -- ingestion
        _batch_id
    from ranked
    where version_rank = 1
)

select * from newest
