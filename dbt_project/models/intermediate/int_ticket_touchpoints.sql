{{ config(materialized='view') }}

with

tickets as (
    select * from {{ ref('tickets') }}
),

landed_tickets as (
    select * from {{ ref('stg_tickets') }}
),

events as (
    select * from {{ ref('stg_ticket_events') }}
),

periods as (
    select * from {{ ref('int_ticket_status_periods') }}
),

histories as (
    select
        tickets.ticket_id,
        tickets.customer_id,
        tickets.created_at,
        tickets.channel,
        tickets.source,
        landed_tickets._first_batch_id,
        landed_tickets._first_row_number
    from tickets
    inner join landed_tickets
        on tickets.ticket_id = landed_tickets.ticket_id
),

opened as (
    select
        'ticket opened' as activity,
        ticket_id as record_id,
        ticket_id,
        created_at as occurred_at,
        false as is_negative,
        1 as step_rank,
        _first_batch_id,
        _first_row_number
    from histories
),

solved as (
    select
        'ticket solved' as activity,
        ticket_event_id as record_id,
        ticket_id,
        started_at as occurred_at,
        false as is_negative,
        2 as step_rank,
        _first_batch_id,
        _first_row_number
    from periods
    where is_solve
),

reopened as (
    select
        'ticket reopened' as activity,
        ticket_event_id as record_id,
        ticket_id,
        started_at as occurred_at,
        true as is_negative,
        2 as step_rank,
        _first_batch_id,
        _first_row_number
    from periods
    where is_reopen
),

replied as (
    select
        'agent replied' as activity,
        ticket_event_id as record_id,
        ticket_id,
        occurred_at,
        false as is_negative,
        2 as step_rank,
        _first_batch_id,
        _first_row_number
    from events
    where kind = 'comment' and actor_kind = 'agent' and is_public
),

steps as (
    select * from opened
    union all
    select * from solved
    union all
    select * from reopened
    union all
    select * from replied
),

-- An event counts as ingested no earlier than its ticket, so that a ticket opens before anything
-- else happens to it at the same instant.
ticket_touchpoints as (
    select
        steps.activity,
        steps.record_id,
        steps.ticket_id,
        histories.customer_id,
        steps.occurred_at,
        histories.channel,
        histories.source,
        steps.is_negative,
        steps.step_rank,
        greatest(steps._first_batch_id, histories._first_batch_id) as _first_batch_id,
        steps._first_row_number
    from steps
    inner join histories
        on steps.ticket_id = histories.ticket_id
)

select * from ticket_touchpoints
