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
        row_number() over newest_first as version_rank,
        first_value(_batch_id) over in_order_of_landing as _first_batch_id,
        first_value(_row_number) over in_order_of_landing as _first_row_number
    from landed
    window
        newest_first as (
            partition by _source, order_id
            order by coalesce(updated_at, _extracted_at) desc, _batch_id desc, _row_number desc
        ),
        in_order_of_landing as (
            partition by _source, order_id
            order by _batch_id, _row_number
        )
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
    from ranked
    where version_rank = 1
)

select * from newest
