{{ config(unique_key='event_id') }}

with

landed as (
    select * from {{ raw('web_events') }}
    where
        occurred_at <= {{ as_of_cut() }}
        and {{ only_changed_keys('web_events', ['event_id']) }}
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
            partition by _source, event_id
            order by _batch_id desc, _row_number desc
        ),
        in_order_of_landing as (
            partition by _source, event_id
            order by _batch_id, _row_number
        )
),

newest as (
    select
        -- ids
        _source || ':' || event_id as event_id,
        _source || ':' || visitor_id as visitor_id,
        _source || ':' || source_customer_id as source_customer_id,

        -- text
        _source as source,
        name,
        page,
        channel,
        device,
        experiment,
        variant,
        extra,

        -- numbers
        _row_number,
        _first_row_number,

        -- timestamps
        occurred_at,

        -- ingestion
        _batch_id,
        _first_batch_id
    from ranked
    where version_rank = 1
)

select * from newest
