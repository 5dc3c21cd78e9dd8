with

records as (
    select * from {{ source('records', 'runs') }}
),

runs as (
    select
        run_id,
        started_at,
        ended_at,
        status,
        trigger,
        batch_count,
        release_id,
        message,
        code_version
    from records
)

select * from runs
