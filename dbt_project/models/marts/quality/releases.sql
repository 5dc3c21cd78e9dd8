with

records as (
    select * from {{ source('records', 'releases') }}
),

releases as (
    select
        release_id,
        released_at,
        run_id,
        as_of,
        row_counts,
        audited_sha256,
        code_version
    from records
)

select * from releases
