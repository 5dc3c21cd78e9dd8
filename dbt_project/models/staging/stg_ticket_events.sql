{{ config(unique_key='ticket_event_id') }}

with

landed as (
    select * from {{ raw('ticket_events') }}
    where
        occurred_at <= {{ as_of_cut() }}
        and {{ only_changed_keys('ticket_events', ['ticket_id', 'event_id']) }}
),

newest as (
    {{ newest_versions(['ticket_id', 'event_id']) }}
),

staged as (
    select
        -- ids
        _source || ':' || ticket_id || ':' || event_id as ticket_event_id,
        _source || ':' || ticket_id as ticket_id,
        _source || ':' || event_id as event_id,
        _source || ':' || actor_id as actor_id,

        -- text
        _source as source,
        actor_kind,
        kind,
        from_value,
        to_value,
        extra,

        -- numbers
        _row_number,
        _first_row_number,

        -- booleans
        is_public,

        -- timestamps
        occurred_at,

        -- ingestion
        _batch_id,
        _first_batch_id
    from newest
)

select * from staged
