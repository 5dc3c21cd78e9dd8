with

records as (
    select * from {{ source('records', 'restatements') }}
),

restatements as (
    select
        release_id,
        metric,
        policy,
        grain,
        period_start,
        dimension,
        dimension_value,
        value_before,
        value_after
    from records
)

select * from restatements
