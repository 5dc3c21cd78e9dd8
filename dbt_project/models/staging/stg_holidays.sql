{{ config(unique_key='holiday_id') }}

with

landed as (
    select * from {{ raw('holidays') }}
    where {{ only_changed_keys('holidays', ['schedule_id', 'holiday_date']) }}
),

ranked as (
    select
        *,
        row_number() over (
            partition by _source, schedule_id, holiday_date
            order by _batch_id desc, _row_number desc
        ) as version_rank
    from landed
),

newest as (
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
    from ranked
    where version_rank = 1
)

select * from newest
