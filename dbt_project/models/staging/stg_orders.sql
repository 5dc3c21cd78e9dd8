{{ config(unique_key='order_id') }}

with

landed as (
    select * from {{ raw('orders') }}
    where
        ordered_at <= {{ as_of_cut() }}
        and {{ only_changed_keys('orders', ['order_id']) }}
),

newest as (
    {{ newest_versions(['order_id'], version='updated_at') }}
),

staged as (
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
        {{ until_cut('refund_amount', 'refunded_at') }} as refund_amount,
        _row_number,
        _first_row_number,

        -- timestamps
        ordered_at,
        {{ until_cut('refunded_at', 'refunded_at') }} as refunded_at,
        promised_at,
        {{ until_cut('delivered_at', 'delivered_at') }} as delivered_at,
        {{ until_cut('updated_at', 'updated_at') }} as updated_at,

        -- ingestion
        _batch_id,
        _first_batch_id
    from newest
)

select * from staged
