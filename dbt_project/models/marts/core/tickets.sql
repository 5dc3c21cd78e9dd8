with

landed_tickets as (
    select * from {{ ref('stg_tickets') }}
),

measures as (
    select * from {{ ref('int_ticket_measures') }}
),

cases as (
    select * from {{ ref('int_ticket_cases') }}
),

identities as (
    select * from {{ ref('int_identities') }}
),

profiles as (
    select * from {{ ref('int_customer_profiles') }}
),

order_references as (
    select * from {{ ref('int_references') }}
    where record_kind = 'order'
),

resolved as (
    select
        landed_tickets.*,
        identities.customer_id
    from landed_tickets
    left join identities
        on
            coalesce(landed_tickets.source_customer_id, 'email:' || landed_tickets.email_hash)
            = identities.identity_key
),

tickets as (
    select
        resolved.ticket_id,
        resolved.source,
        coalesce(cases.case_id, resolved.ticket_id) as case_id,
        resolved.customer_id,
        resolved.source_customer_id,
        resolved.email_hash,
        resolved.created_at,
        {{ business_date('resolved.created_at') }} as created_date,
        resolved.updated_at,
        resolved.channel,
        resolved.reason,
        resolved.priority,
        coalesce(measures.last_status, resolved.status) as status,
        resolved.assignee_id,
        resolved.group_name,
        profiles.country,
        profiles.segment,
        coalesce(order_references.record_id, resolved.order_id) as order_id,
        resolved.merged_into_ticket_id,
        resolved.follow_up_of_ticket_id,
        measures.first_solved_at,
        measures.solved_at,
        measures.closed_at,
        measures.resolved_at,
        {{ business_date('measures.resolved_at') }} as resolved_date,
        measures.first_reply_seconds,
        measures.first_resolution_seconds,
        measures.full_resolution_seconds,
        measures.requester_wait_seconds,
        measures.agent_wait_seconds,
        measures.on_hold_seconds,
        measures.agent_work_seconds,
        measures.solved_count,
        measures.reopen_count,
        measures.public_reply_count,
        measures.handoff_count,
        case
            when coalesce(measures.last_status, resolved.status, '') not in ('solved', 'closed')
                then null
            when measures.public_reply_count = 0 then 'zero'
            when measures.public_reply_count = 1 then 'one'
            when measures.public_reply_count = 2 then 'two'
            else 'multi'
        end as touch_class,
        measures.csat_first_score,
        measures.csat_last_score,
        resolved.extra
    from resolved
    inner join measures
        on resolved.ticket_id = measures.ticket_id
    left join order_references
        on resolved.order_id = order_references.reference
    left join cases
        on resolved.ticket_id = cases.ticket_id
    left join profiles
        on resolved.customer_id = profiles.customer_id
)

select * from tickets
