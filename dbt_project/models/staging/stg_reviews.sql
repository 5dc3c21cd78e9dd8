{{ config(unique_key='review_id') }}

with

landed as (
    select * from {{ raw('reviews') }}
    where
        created_at <= {{ as_of_cut() }}
        and {{ only_changed_keys('reviews', ['review_id']) }}
),

newest as (
    {{ newest_versions(['review_id']) }}
),

staged as (
    select
        -- ids
        _source || ':' || review_id as review_id,
        _source || ':' || product_id as product_id,
        _source || ':' || source_customer_id as source_customer_id,
        _source || ':' || order_id as order_id,

        -- text
        _source as source,
        extra,

        -- numbers
        rating,
        rating_max,
        _row_number,
        _first_row_number,

        -- timestamps
        created_at,

        -- ingestion
        _batch_id,
        _first_batch_id
    from newest
)

select * from staged
