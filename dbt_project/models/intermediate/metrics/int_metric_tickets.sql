with

tickets as (
    select * from {{ ref('tickets') }}
),

-- A merged ticket is one case with the ticket that survives: it is counted there, once.
cases as (
    select
        created_date,
        resolved_date,
        coalesce(channel, 'unknown') as channel,
        coalesce(segment, 'unknown') as segment,
        coalesce(country, 'unknown') as country,
        coalesce(group_name, 'unknown') as ticket_group,
        coalesce(priority, 'unknown') as priority,
        solved_at is not null and resolved_at is not null as is_solved,
        case when reopen_count > 0 then 1 else 0 end as reopened_point
    from tickets
    where merged_into_ticket_id is null
),

ticket_volume as (
    select
        'ticket_volume' as metric,
        'created_date' as policy,
        created_date as part_date,
        channel,
        segment,
        country,
        ticket_group,
        priority,
        count(*) as n,
        count(*) as numerator,
        cast(null as bigint) as denominator,
        count(*) as sum_squares
    from cases
    group by created_date, channel, segment, country, ticket_group, priority
),

reopen_rate as (
    select
        'reopen_rate' as metric,
        'resolved_date' as policy,
        resolved_date as part_date,
        channel,
        segment,
        country,
        ticket_group,
        priority,
        count(*) as n,
        sum(reopened_point) as numerator,
        count(*) as denominator,
        sum(reopened_point) as sum_squares
    from cases
    where is_solved
    group by resolved_date, channel, segment, country, ticket_group, priority
),

all_parts as (
    select * from ticket_volume
    union all
    select * from reopen_rate
),

typed as (
    select
        metric,
        policy,
        part_date,
        channel,
        segment,
        country,
        cast(null as string) as survey,
        ticket_group,
        priority,
        cast(n as bigint) as n,
        cast(numerator as decimal(38, 4)) as numerator,
        cast(denominator as bigint) as denominator,
        cast(sum_squares as decimal(38, 8)) as sum_squares
    from all_parts
)

select * from typed
