with

tickets as (
    select * from {{ ref('tickets') }}
),

cases as (
    select
        resolved_date,
        solved_at,
        coalesce(channel, 'unknown') as channel,
        coalesce(segment, 'unknown') as segment,
        coalesce(country, 'unknown') as country,
        coalesce(group_name, 'unknown') as ticket_group,
        coalesce(priority, 'unknown') as priority,
        full_resolution_seconds
    from tickets
    where
        merged_into_ticket_id is null
        and full_resolution_seconds is not null
        and resolved_date <= {{ as_of_date() }}
),

-- Helpdesks close some tickets without ever solving them: both conventions are in use.
resolved as (
    select
        *,
        'closed_stands_in' as policy
    from cases
    union all
    select
        *,
        'solved_only' as policy
    from cases
    where solved_at is not null
),

periods as (
    select
        *,
        {{ period_start('week', 'resolved_date') }} as week_start,
        {{ period_start('month', 'resolved_date') }} as month_start
    from resolved
),

-- From the rows of each period: a median of medians is not a median.
grouped as (
    select
        policy,
        case
            when grouping(resolved_date) = 0 then 'day'
            when grouping(week_start) = 0 then 'week'
            else 'month'
        end as grain,
        coalesce(resolved_date, week_start, month_start) as period_start,
        case
            when grouping(channel) = 0 then 'channel'
            when grouping(segment) = 0 then 'segment'
            when grouping(country) = 0 then 'country'
            when grouping(ticket_group) = 0 then 'ticket_group'
            when grouping(priority) = 0 then 'priority'
            else 'all'
        end as dimension,
        coalesce(channel, segment, country, ticket_group, priority, 'all') as dimension_value,
        count(*) as n,
        {{ ordered_values('full_resolution_seconds') }} as ordered
    from periods
    group by
        policy,
        grouping sets ((resolved_date), (week_start), (month_start)),  -- noqa: PRS,LT02
        grouping sets ((), (channel), (segment), (country), (ticket_group), (priority))
),

-- The ranks between which the median lies with 95 % (Campbell and Gardner 1988):
-- n/2 − 0.98·√n and 1 + n/2 + 0.98·√n, rounded. Up to five rows do not reach that far.
places as (
    select
        *,
        cast(floor((n + 1) / 2.0) as bigint) as lower_middle,
        cast(floor((n + 2) / 2.0) as bigint) as upper_middle,
        cast(round(n / 2.0 - 0.98 * sqrt(n)) as bigint) as low_place,
        cast(round(1 + n / 2.0 + 0.98 * sqrt(n)) as bigint) as high_place
    from grouped
),

medians as (
    select
        'resolution_median' as metric,
        policy,
        grain,
        period_start,
        dimension,
        dimension_value,
        n,
        (
            {{ value_at('ordered', 'lower_middle') }} + {{ value_at('ordered', 'upper_middle') }}
        ) / 2 as median_value,
        case
            when low_place >= 1 then {{ value_at('ordered', 'low_place') }}
        end as median_low,
        case
            when high_place <= n then {{ value_at('ordered', 'high_place') }}
        end as median_high
    from places
)

select * from medians
