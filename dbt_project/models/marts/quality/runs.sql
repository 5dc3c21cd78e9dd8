with

records as (
    select * from {{ source('records', 'runs') }}
),

-- The run in progress is the one that builds this: the release adds it, with how it ended.
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
    where status <> 'running'
)

select * from runs
