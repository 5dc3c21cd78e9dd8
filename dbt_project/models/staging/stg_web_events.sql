{{ config(unique_key='event_id') }}

with

landed as (
    select * from {{ raw('web_events') }}
    where
        occurred_at <= {{ as_of_cut() }}
        and {{ only_changed_keys('web_events', ['event_id']) }}
),

newest as (
    {{ newest_versions(['event_id']) }}
),

staged as (
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
    from newest
)

select * from staged
