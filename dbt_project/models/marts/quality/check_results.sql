with

records as (
    select * from {{ source('records', 'check_results') }}
),

check_results as (
    select
        run_id,
        checked_at,
        asset,
        check_name,
        description,
        severity,
        passed,
        observed,
        expected,
        failing_sample
    from records
)

select * from check_results
