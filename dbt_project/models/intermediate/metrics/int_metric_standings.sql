with

nps_changes as (
    select * from {{ ref('int_metric_nps_changes') }}
),

repeat_changes as (
    select * from {{ ref('int_metric_repeat_changes') }}
),

periods as (
    select * from {{ ref('int_metric_periods') }}
),

all_changes as (
    select * from nps_changes
    union all
    select * from repeat_changes
),

grouped as (
    select
        metric,
        policy,
        part_date,
        case
            when grouping(channel) = 0 then 'channel'
            when grouping(segment) = 0 then 'segment'
            when grouping(country) = 0 then 'country'
            when grouping(survey) = 0 then 'survey'
            else 'all'
        end as dimension,
        coalesce(channel, segment, country, survey) as part_name,
        sum(n) as n,
        sum(numerator) as numerator,
        sum(denominator) as denominator,
        sum(sum_squares) as sum_squares
    from all_changes
    group by
        metric,
        policy,
        part_date,
        grouping sets ((), (channel), (segment), (country), (survey))  -- noqa: PRS,LT02
),

changes as (
    select
        metric,
        policy,
        cast(null as string) as grain,
        cast(null as date) as period_start,
        part_date,
        dimension,
        coalesce(part_name, 'all') as dimension_value,
        n,
        numerator,
        denominator,
        sum_squares
    from grouped
    where dimension = 'all' or part_name is not null
),

series as (
    select
        metric,
        policy,
        dimension,
        dimension_value,
        min(part_date) as first_date
    from changes
    group by metric, policy, dimension, dimension_value
),

-- Each period is measured on its last day; the one that has not ended, on the as-of day.
measurements as (
    select
        series.metric,
        series.policy,
        periods.grain,
        periods.period_start,
        case
            when periods.period_end < {{ as_of_date() }} then periods.period_end
            else {{ as_of_date() }}
        end as part_date,
        series.dimension,
        series.dimension_value,
        0 as n,
        0 as numerator,
        0 as denominator,
        0 as sum_squares
    from series
    inner join periods on series.first_date <= periods.period_end
),

changes_and_measurements as (
    select * from changes
    union all
    select * from measurements
),

-- The default frame takes in all rows of the same day, before or after in the file.
running as (
    select
        metric,
        policy,
        grain,
        period_start,
        dimension,
        dimension_value,
        sum(n) over series_to_date as n,
        sum(numerator) over series_to_date as numerator,
        sum(denominator) over series_to_date as denominator,
        sum(sum_squares) over series_to_date as sum_squares
    from changes_and_measurements
    window series_to_date as (
        partition by metric, policy, dimension, dimension_value
        order by part_date
    )
),

standings as (
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
    from running
    where grain is not null and n > 0
)

select * from standings
