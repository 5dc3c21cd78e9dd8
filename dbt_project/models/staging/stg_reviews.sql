{{ config(unique_key='review_id') }}

with

landed as (
    select * from {{ raw('reviews') }}
    where
        created_at <= {{ as_of_cut() }}
        and {{ only_changed_keys('reviews', ['review_id']) }}
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
            partition by _source, review_id
            order by _batch_id desc, _row_number desc
        ),
        in_order_of_landing as (
            partition by _source, review_id
            order by _batch_id, _row_number
        )
),

newest as (
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
    from ranked
    where version_rank = 1
)

select * from newest
