{{ config(unique_key='order_line_id') }}

with

landed as (
    select * from {{ raw('order_lines') }}
    where {{ only_changed_keys('order_lines', ['order_id', 'line_number']) }}
),

newest as (
    {{ newest_versions(['order_id', 'line_number']) }}
),

staged as (
    select
        -- ids
        _source || ':' || order_id || ':' || cast(line_number as string) as order_line_id,
        _source || ':' || order_id as order_id,
        _source || ':' || product_id as product_id,

        -- text
        _source as source,
        category,
        extra,

        -- numbers
        line_number,
        quantity,
        unit_price_amount,
        discount_amount,
        _row_number,

        -- ingestion
        _batch_id
    from newest
)

select * from staged
