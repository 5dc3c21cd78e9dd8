{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert' if target.type == 'duckdb' else 'merge',
    unique_key='ticket_id',
    on_schema_change='fail'
) }}

with

all_tickets as (
    select * from {{ ref('stg_tickets') }}
),

all_events as (
    select * from {{ ref('stg_ticket_events') }}
),

all_periods as (
    select * from {{ ref('int_ticket_status_periods') }}
),

landed as (
    select
        ticket_id,
        _batch_id
    from all_tickets
    where {{ is_newly_landed() }}
    union all
    select
        ticket_id,
        _batch_id
    from all_events
    where {{ is_newly_landed() }}
),

changed_tickets as (
    select
        ticket_id,
        max(_batch_id) as _batch_id
    from landed
    group by ticket_id
),

tickets as (
    select
        all_tickets.*,
        changed_tickets._batch_id as _changed_batch_id
    from all_tickets
    inner join changed_tickets
        on all_tickets.ticket_id = changed_tickets.ticket_id
),

events as (
    select all_events.*
    from all_events
    inner join changed_tickets
        on all_events.ticket_id = changed_tickets.ticket_id
),

periods as (
    select all_periods.*
    from all_periods
    inner join changed_tickets
        on all_periods.ticket_id = changed_tickets.ticket_id
),

milestones as (
    select
        ticket_id,
        min(case when is_solve then started_at end) as first_solved_at,
        max(case when is_solve then started_at end) as last_solved_at,
        min(case when status = 'closed' then started_at end) as first_closed_at,
        max(case when status = 'closed' then started_at end) as closed_at,
        max(case when ended_at is null then status end) as last_status,
        count(case when is_solve then 1 end) as solved_count,
        count(case when is_reopen then 1 end) as reopen_count
    from periods
    group by ticket_id
),

-- Closed stands in for solved only where a ticket was never solved; a ticket that is open again
-- has no resolution yet.
resolutions as (
    select
        *,
        coalesce(first_solved_at, first_closed_at) as first_resolved_at,
        case
            when last_status not in ('new', 'open', 'pending', 'hold')
                then coalesce(last_solved_at, closed_at)
        end as resolved_at
    from milestones
),

-- Decimals, because their sums do not depend on the order of the rows, as those of doubles do.
period_seconds as (
    select
        periods.ticket_id,
        periods.status,
        cast(
            {{ seconds_between('periods.started_at', 'periods.ended_at') }} as decimal(18, 6)
        ) as seconds
    from periods
    inner join resolutions
        on periods.ticket_id = resolutions.ticket_id
    where periods.ended_at <= resolutions.resolved_at
),

waits as (
    select
        ticket_id,
        sum(case when status in ('new', 'open', 'hold') then seconds else 0 end)
            as requester_wait_seconds,
        sum(case when status = 'pending' then seconds else 0 end) as agent_wait_seconds,
        sum(case when status = 'hold' then seconds else 0 end) as on_hold_seconds,
        sum(case when status in ('new', 'open') then seconds else 0 end) as agent_work_seconds,
        sum(case when status in ('solved', 'closed', 'deleted') then seconds else 0 end)
            as terminal_seconds
    from period_seconds
    group by ticket_id
),

-- A reply is what a human wrote for the customer to read: bots and internal notes are none.
replies as (
    select
        ticket_id,
        min(occurred_at) as first_reply_at,
        count(*) as public_reply_count
    from events
    where kind = 'comment' and actor_kind = 'agent' and is_public
    group by ticket_id
),

assignments as (
    select
        ticket_id,
        to_value as assignee,
        coalesce(
            lag(to_value) over (
                partition by ticket_id
                order by occurred_at, _first_batch_id, _first_row_number, ticket_event_id
            ),
            from_value
        ) as previous_assignee
    from events
    where kind = 'assignee' and to_value is not null
),

handoffs as (
    select
        ticket_id,
        count(*) as handoff_count
    from assignments
    where assignee <> previous_assignee
    group by ticket_id
),

ratings as (
    select
        *,
        case lower(trim(to_value))
            when 'good' then cast(1 as double)
            when 'bad' then cast(0 as double)
            else try_cast(to_value as double)
        end as score
    from events
    where kind = 'rating'
),

ranked_ratings as (
    select
        ticket_id,
        score,
        row_number() over (
            partition by ticket_id
            order by occurred_at, _first_batch_id, _first_row_number, ticket_event_id
        ) as rank_from_first,
        row_number() over (
            partition by ticket_id
            order by
                occurred_at desc,
                _first_batch_id desc,
                _first_row_number desc,
                ticket_event_id desc
        ) as rank_from_last
    from ratings
    where score is not null
),

scores as (
    select
        ticket_id,
        max(case when rank_from_first = 1 then score end) as csat_first_score,
        max(case when rank_from_last = 1 then score end) as csat_last_score
    from ranked_ratings
    group by ticket_id
),

status_events as (
    select
        ticket_id,
        count(*) as status_event_count
    from events
    where kind = 'status'
    group by ticket_id
),

measures as (
    select
        tickets.ticket_id,
        case when status_events.status_event_count > 0 then resolutions.last_status end
            as last_status,
        resolutions.first_solved_at,
        resolutions.last_solved_at as solved_at,
        resolutions.closed_at,
        resolutions.resolved_at,
        case
            when replies.first_reply_at < tickets.created_at then cast(0 as double)
            else {{ seconds_between('tickets.created_at', 'replies.first_reply_at') }}
        end as first_reply_seconds,
        {{ seconds_between('tickets.created_at', 'resolutions.first_resolved_at') }}
            as first_resolution_seconds,
        {{ seconds_between('tickets.created_at', 'resolutions.resolved_at') }}
            as full_resolution_seconds,
        -- the whole way to the last resolution, in parts: requester_wait + agent_wait + terminal =
        -- full_resolution, and requester_wait = agent_work + on_hold
        cast(waits.requester_wait_seconds as double) as requester_wait_seconds,
        cast(waits.agent_wait_seconds as double) as agent_wait_seconds,
        cast(waits.on_hold_seconds as double) as on_hold_seconds,
        cast(waits.agent_work_seconds as double) as agent_work_seconds,
        cast(waits.terminal_seconds as double) as terminal_seconds,
        coalesce(resolutions.solved_count, 0) as solved_count,
        coalesce(resolutions.reopen_count, 0) as reopen_count,
        coalesce(replies.public_reply_count, 0) as public_reply_count,
        coalesce(handoffs.handoff_count, 0) as handoff_count,
        scores.csat_first_score,
        scores.csat_last_score,
        tickets._changed_batch_id as _batch_id
    from tickets
    left join resolutions
        on tickets.ticket_id = resolutions.ticket_id
    left join waits
        on tickets.ticket_id = waits.ticket_id
    left join replies
        on tickets.ticket_id = replies.ticket_id
    left join handoffs
        on tickets.ticket_id = handoffs.ticket_id
    left join scores
        on tickets.ticket_id = scores.ticket_id
    left join status_events
        on tickets.ticket_id = status_events.ticket_id
)

select * from measures
