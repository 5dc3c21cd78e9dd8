with

flows as (
    select * from {{ ref('int_metric_flows') }}
),

standings as (
    select * from {{ ref('int_metric_standings') }}
),

medians as (
    select * from {{ ref('int_metric_medians') }}
),

metric_definitions as (
    select * from {{ ref('metric_definitions') }}
),

-- A standing at a period's end looks at rows that its neighbours look at as well: there is no test
-- between overlapping windows.
sums as (
    select
        *,
        false as is_overlapping
    from flows
    union all
    select
        *,
        true as is_overlapping
    from standings
),

-- Nothing to measure is NULL, not 0; a count or a total of nothing is 0.
measured as (
    select
        sums.*,
        metric_definitions.statistic,
        case
            when metric_definitions.statistic in ('count', 'total') then sums.numerator
            when metric_definitions.statistic = 'nps'
                then 100 * sums.numerator / nullif(sums.denominator, 0)
            else sums.numerator / nullif(sums.denominator, 0)
        end as value
    from sums
    inner join metric_definitions on sums.metric = metric_definitions.name
),

-- The squared standard error of the value. NPS: (p + d − (p − d)²)/N, in points. Mean: the sample
-- variance over n. Count: Poisson. Total of a Poisson number of amounts: Σx².
with_raw_errors as (
    select
        *,
        case statistic
            when 'nps'
                then
                    (10000 * sum_squares / nullif(denominator, 0) - value * value)
                    / nullif(denominator, 0)
            when 'mean'
                then (sum_squares - numerator * value) / nullif(n - 1, 0) / nullif(n, 0)
            when 'count' then numerator
            when 'total' then case when n > 0 then sum_squares end
        end as raw_squared_error
    from measured
),

-- Rounding may leave the variance of equal values a trifle below zero.
with_errors as (
    select
        *,
        case when raw_squared_error < 0 then 0 else raw_squared_error end as squared_error
    from with_raw_errors
),

with_intervals as (
    select
        *,
        case statistic
            when 'nps' then {{ nps_bound('numerator', 'sum_squares', 'denominator', '-') }}
            when 'proportion' then {{ wilson_bound('numerator', 'denominator', '-') }}
            when 'count' then {{ count_bound('numerator', '-') }}
            else {{ normal_bound('value', 'squared_error', '-') }}
        end as ci_low,
        case statistic
            when 'nps' then {{ nps_bound('numerator', 'sum_squares', 'denominator', '+') }}
            when 'proportion' then {{ wilson_bound('numerator', 'denominator', '+') }}
            when 'count' then {{ count_bound('numerator', '+') }}
            else {{ normal_bound('value', 'squared_error', '+') }}
        end as ci_high
    from with_errors
),

estimates as (
    select
        metric,
        policy,
        grain,
        period_start,
        dimension,
        dimension_value,
        statistic,
        is_overlapping,
        n,
        numerator,
        denominator,
        value,
        squared_error,
        case when value is not null then ci_low end as ci_low,
        case when value is not null then ci_high end as ci_high
    from with_intervals
    union all
    select
        metric,
        policy,
        grain,
        period_start,
        dimension,
        dimension_value,
        'median' as statistic,
        false as is_overlapping,
        n,
        cast(null as double) as numerator,
        cast(null as double) as denominator,
        median_value as value,
        cast(null as double) as squared_error,
        median_low as ci_low,
        median_high as ci_high
    from medians
)

select * from estimates
