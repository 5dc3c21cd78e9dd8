{#- Deleting and inserting whole tickets is what makes a vanished change of status vanish here too;
    where the engine cannot do that, the table is built anew. -#}
{{ config(
    materialized='incremental' if target.type == 'duckdb' else 'table',
    incremental_strategy='delete+insert',
    unique_key='ticket_id',
    on_schema_change='fail'
) }}

with

tickets as (
    select * from {{ ref('stg_tickets') }}
),

events as (
    select * from {{ ref('stg_ticket_events') }}
),

-- Any event counts: a corrected one may have been a change of status before.
landed as (
    select
        ticket_id,
        _batch_id
    from tickets
    where {{ is_newly_landed() }}
    union all
    select
        ticket_id,
        _batch_id
    from events
    where {{ is_newly_landed() }}
),

changed_tickets as (
    select
        ticket_id,
        max(_batch_id) as _batch_id
    from landed
    group by ticket_id
),

-- Every ticket is new at its creation, whether or not its source says so.
creations as (
    select
        tickets.ticket_id,
        cast(null as string) as ticket_event_id,
        'new' as status,
        tickets.created_at as started_at,
        0 as is_event,
        changed_tickets._batch_id,
        tickets._first_batch_id,
        tickets._first_row_number
    from tickets
    inner join changed_tickets
        on tickets.ticket_id = changed_tickets.ticket_id
),

-- An event that a skewed clock puts before the creation counts from the creation on.
status_events as (
    select
        events.ticket_id,
        events.ticket_event_id,
        events.to_value as status,
        case
            when events.occurred_at < creations.started_at then creations.started_at
            else events.occurred_at
        end as started_at,
        1 as is_event,
        creations._batch_id,
        events._first_batch_id,
        events._first_row_number
    from events
    inner join creations
        on events.ticket_id = creations.ticket_id
    where events.kind = 'status'
),

statuses as (
    select * from creations
    union all
    select * from status_events
),

with_previous as (
    select
        *,
        lag(status) over in_order as previous_status
    from statuses
    window
        in_order as (
            partition by ticket_id
            order by
                is_event, started_at, _first_batch_id, _first_row_number, ticket_event_id
        )
),

-- The same status twice in a row is no change.
changes as (
    select * from with_previous
    where previous_status is null or status <> previous_status
),

periods as (
    select
        ticket_id,
        row_number() over in_order as period_number,
        ticket_event_id,
        status,
        previous_status,
        started_at,
        lead(started_at) over in_order as ended_at,
        status = 'solved' as is_solve,
        coalesce(
            previous_status = 'solved' and status in ('new', 'open', 'pending', 'hold'), false
        ) as is_reopen,
        _first_batch_id,
        _first_row_number,
        _batch_id
    from changes
    window
        in_order as (
            partition by ticket_id
            order by
                is_event, started_at, _first_batch_id, _first_row_number, ticket_event_id
        )
)

select * from periods
