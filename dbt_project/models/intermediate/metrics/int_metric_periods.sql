with

survey_parts as (
    select * from {{ ref('int_metric_surveys') }}
),

order_parts as (
    select * from {{ ref('int_metric_orders') }}
),

ticket_parts as (
    select * from {{ ref('int_metric_tickets') }}
),

days_heard_of as (
    select part_date from survey_parts
    union all
    select part_date from order_parts
    union all
    select part_date from ticket_parts
),

span as (
    select
        min(part_date) as first_date,
        max(part_date) as last_date
    from days_heard_of
    where part_date <= {{ as_of_date() }}
),

days as (
    select date_day
    from
        {{ date_series('(select first_date from span)', '(select last_date from span)') }}
            as series
),

starts as (
    select
        'day' as grain,
        date_day as period_start
    from days
    union all
    select
        'week' as grain,
        {{ period_start('week', 'date_day') }} as period_start
    from days
    union all
    select
        'month' as grain,
        {{ period_start('month', 'date_day') }} as period_start
    from days
),

periods as (
    select
        grain,
        period_start,
        {{ period_end('grain', 'period_start') }} as period_end
    from starts
    group by grain, period_start
)

select * from periods
