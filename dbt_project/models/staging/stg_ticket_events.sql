{{ config(unique_key='ticket_event_id') }}

with

landed as (
    select * from {{ raw('ticket_events') }}
    where
        occurred_at <= {{ as_of_cut() }}
        and {{ only_changed_keys('ticket_events', ['ticket_id', 'event_id']) }}
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
            partition by _source, ticket_id, event_id
            order by _batch_id desc, _row_number desc
        ),
        in_order_of_landing as (
            partition by _source, ticket_id, event_id
            order by _batch_id, _row_number
        )
),

newest as (
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
    from ranked
    where version_rank = 1
)

select * from newest
