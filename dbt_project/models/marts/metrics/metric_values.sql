with

estimates as (
    select * from {{ ref('int_metric_estimates') }}
),

dated as (
    select
        *,
        {{ period_end('grain', 'period_start') }} as period_end,
        {{ previous_period_start('grain', 'period_start') }} as previous_start,
        {{ period_end('grain', 'period_start') }} < {{ as_of_date() }} as is_complete
    from estimates
),

-- The period directly before, or none: a gap is not skipped.
compared as (
    select
        present.*,
        previous.value as previous_value,
        present.value - previous.value as change,
        previous.squared_error as previous_squared_error,
        previous.ci_low as previous_low,
        previous.ci_high as previous_high,
        previous.denominator as previous_denominator,
        (present.numerator + previous.numerator)
        / nullif(present.denominator + previous.denominator, 0) as pooled_rate
    from dated as present
    left join dated as previous
        on
            present.metric = previous.metric
            and present.policy = previous.policy
            and present.grain = previous.grain
            and present.previous_start = previous.period_start
            and present.dimension = previous.dimension
            and present.dimension_value = previous.dimension_value
),

-- The squared error of the change. Two proportions are pooled; NPS, means (Welch), totals and
-- counts have errors of their own, and for counts that makes z = (a − b)/√(a + b).
with_errors as (
    select
        *,
        case
            when statistic = 'proportion'
                then
                    pooled_rate * (1 - pooled_rate)
                    * (1 / nullif(denominator, 0) + 1 / nullif(previous_denominator, 0))
            else squared_error + previous_squared_error
        end as change_squared_error
    from compared
),

tested as (
    select
        *,
        change / nullif(sqrt(change_squared_error), 0) as z_score
    from with_errors
),

-- A count or total that is still growing is not compared with one that is done growing.
judged as (
    select
        *,
        case
            when is_overlapping then null
            when statistic in ('count', 'total') and not is_complete then null
            when statistic = 'median' then ci_low > previous_high or ci_high < previous_low
            else abs(z_score) > 1.96
        end as is_significant
    from tested
),

metric_values as (
    select
        concat_ws(
            '|', metric, policy, grain, cast(period_start as string), dimension, dimension_value
        ) as metric_value_id,
        metric,
        policy,
        grain,
        period_start,
        period_end,
        dimension,
        dimension_value,
        numerator,
        denominator,
        n,
        value,
        ci_low,
        ci_high,
        previous_value,
        change,
        is_significant,
        is_complete
    from judged
)

select * from metric_values
