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

periods as (
    select * from {{ ref('int_metric_periods') }}
),

metric_definitions as (
    select * from {{ ref('metric_definitions') }}
),

all_parts as (
    select * from survey_parts
    union all
    select * from order_parts
    union all
    select * from ticket_parts
),

parts as (
    select
        *,
        {{ period_start('week', 'part_date') }} as week_start,
        {{ period_start('month', 'part_date') }} as month_start
    from all_parts
    where part_date <= {{ as_of_date() }}
),

-- Every grain by every dimension in one pass. (sqlfluff knows no product of grouping sets.)
grouped as (
    select
        metric,
        policy,
        case
            when grouping(part_date) = 0 then 'day'
            when grouping(week_start) = 0 then 'week'
            else 'month'
        end as grain,
        coalesce(part_date, week_start, month_start) as period_start,
        case
            when grouping(channel) = 0 then 'channel'
            when grouping(segment) = 0 then 'segment'
            when grouping(country) = 0 then 'country'
            when grouping(survey) = 0 then 'survey'
            when grouping(ticket_group) = 0 then 'ticket_group'
            when grouping(priority) = 0 then 'priority'
            else 'all'
        end as dimension,
        coalesce(channel, segment, country, survey, ticket_group, priority) as part_name,
        sum(n) as n,
        sum(numerator) as numerator,
        sum(denominator) as denominator,
        sum(sum_squares) as sum_squares
    from parts
    group by
        metric,
        policy,
        grouping sets ((part_date), (week_start), (month_start)),  -- noqa: PRS,LT02
        grouping sets ((), (channel), (segment), (country), (survey), (ticket_group), (priority))
),

-- A dimension that a metric does not have is NULL in all its parts.
rolled as (
    select
        metric,
        policy,
        grain,
        period_start,
        dimension,
        coalesce(part_name, 'all') as dimension_value,
        n,
        numerator,
        denominator,
        sum_squares
    from grouped
    where dimension = 'all' or part_name is not null
),

last_days as (
    select
        metric,
        policy,
        max(part_date) as last_date
    from parts
    group by metric, policy
),

series as (
    select
        metric,
        policy,
        grain,
        dimension,
        dimension_value,
        min(period_start) as first_start
    from rolled
    group by metric, policy, grain, dimension, dimension_value
),

-- A count or total is 0 in a period in which nothing happened, from the first time that it
-- happened to the last day that the metric was heard of. A ratio of nothing has no row.
quiet_periods as (
    select
        series.metric,
        series.policy,
        series.grain,
        periods.period_start,
        series.dimension,
        series.dimension_value
    from series
    inner join metric_definitions
        on
            series.metric = metric_definitions.name
            and metric_definitions.statistic in ('count', 'total')
    inner join last_days
        on series.metric = last_days.metric and series.policy = last_days.policy
    inner join periods
        on
            series.grain = periods.grain
            and series.first_start <= periods.period_start
            and last_days.last_date >= periods.period_start
    left join rolled
        on
            series.metric = rolled.metric
            and series.policy = rolled.policy
            and series.grain = rolled.grain
            and periods.period_start = rolled.period_start
            and series.dimension = rolled.dimension
            and series.dimension_value = rolled.dimension_value
    where rolled.metric is null
),

with_quiet_periods as (
    select * from rolled
    union all
    select
        metric,
        policy,
        grain,
        period_start,
        dimension,
        dimension_value,
        0 as n,
        0 as numerator,
        cast(null as bigint) as denominator,
        0 as sum_squares
    from quiet_periods
),

flows as (
    select
        metric,
        policy,
        grain,
        period_start,
        dimension,
        dimension_value,
        cast(n as bigint) as n,
        cast(numerator as double) as numerator,
        cast(denominator as double) as denominator,
        cast(sum_squares as double) as sum_squares
    from with_quiet_periods
)

select * from flows
