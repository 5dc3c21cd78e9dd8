{{ config(unique_key='holiday_id') }}

with

landed as (
    select * from {{ raw('holidays') }}
    where {{ only_changed_keys('holidays', ['schedule_id', 'holiday_date']) }}
),

newest as (
    {{ newest_versions(['schedule_id', 'holiday_date']) }}
),

staged as (
    select
        -- ids
        _source || ':' || schedule_id || ':' || cast(holiday_date as string) as holiday_id,
        _source || ':' || schedule_id as schedule_id,

        -- text
        _source as source,
        name,
        extra,

        -- numbers
        _row_number,

        -- dates
        holiday_date,

        -- ingestion
        _batch_id
    from newest
)

select * from staged
