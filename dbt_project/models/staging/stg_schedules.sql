{{ config(unique_key='schedule_window_id') }}

with

landed as (
    select * from {{ raw('schedules') }}
    where
        {{
            only_changed_keys(
                'schedules', ['schedule_id', 'weekday', 'start_time', 'valid_from']
            )
        }}
),

newest as (
    {{ newest_versions(['schedule_id', 'weekday', 'start_time', 'valid_from']) }}
),

staged as (
    select
        -- ids
        _source
        || ':' || schedule_id
        || ':' || cast(weekday as string)
        || ':' || start_time
        || ':' || cast(valid_from as string) as schedule_window_id,
        _source || ':' || schedule_id as schedule_id,

        -- text
        _source as source,
        name,
        timezone,
        start_time,
        end_time,
        extra,

        -- numbers
        weekday,
        _row_number,

        -- dates
        valid_from,
        valid_to,

        -- ingestion
        _batch_id
    from newest
)

select * from staged
