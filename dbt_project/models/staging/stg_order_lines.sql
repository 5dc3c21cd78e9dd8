{{ config(unique_key='order_line_id') }}

with

landed as (
    select * from {{ raw('order_lines') }}
    where {{ only_changed_keys('order_lines', ['order_id', 'line_number']) }}
),

ranked as (
    select
        *,
        row_number() over (
            partition by _source, order_id, line_number
            order by _batch_id desc, _row_number desc
        ) as version_rank
    from landed
),

newest as (
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
    from ranked
    where version_rank = 1
)

select * from newest
