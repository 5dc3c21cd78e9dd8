with

refused as (
    select * from {{ source('records', 'quarantined_rows') }}
),

decisions as (
    select * from {{ source('records', 'quarantine_decisions') }}
),

ranked_decisions as (
    select
        *,
        row_number() over (
            partition by quarantine_id
            order by decided_at desc, batch_id desc nulls last, status desc
        ) as decision_rank
    from decisions
),

newest_decisions as (
    select * from ranked_decisions
    where decision_rank = 1
),

-- The row itself stays in landing; only its copy with masked personal values is published.
quarantined_rows as (
    select
        refused.quarantine_id,
        refused.entity,
        refused.source,
        refused.batch_id,
        refused.quarantined_at,
        refused.origin,
        refused.origin_row,
        refused.row_without_personal_values as row_as_it_came,
        refused.reasons,
        coalesce(newest_decisions.status, 'open') as status,
        newest_decisions.decided_at
    from refused
    left join newest_decisions on refused.quarantine_id = newest_decisions.quarantine_id
)

select * from quarantined_rows
