with

orders as (
    select * from {{ ref('orders') }}
),

periods as (
    select * from {{ ref('int_metric_periods') }}
),

-- Guests whom no identity resolves cannot come back; cancelled orders bring nobody back.
customer_months as (
    select
        customer_id,
        {{ period_start('month', 'ordered_date') }} as order_month,
        sum(net_amount) as net_amount
    from orders
    where is_valid and customer_id is not null and ordered_date <= {{ as_of_date() }}
    group by customer_id, {{ period_start('month', 'ordered_date') }}
),

spans as (
    select
        customer_id,
        min(order_month) as cohort_month,
        max(order_month) as last_month
    from customer_months
    group by customer_id
),

cohorts as (
    select
        cohort_month,
        count(*) as cohort_size
    from spans
    group by cohort_month
),

active as (
    select
        spans.cohort_month,
        customer_months.order_month,
        count(*) as customers,
        sum(customer_months.net_amount) as net_amount
    from customer_months
    inner join spans on customer_months.customer_id = spans.customer_id
    group by spans.cohort_month, customer_months.order_month
),

last_seen as (
    select
        cohort_month,
        last_month,
        count(*) as customers
    from spans
    group by cohort_month, last_month
),

last_order_month as (
    select max(last_month) as order_month from spans
),

-- Every month from the cohort's own to the last one that was heard of, also without an order.
cells as (
    select
        cohorts.cohort_month,
        cohorts.cohort_size,
        periods.period_start as order_month,
        periods.period_end < {{ as_of_date() }} as is_complete,
        cast(
            12 * (extract(year from periods.period_start) - extract(year from cohorts.cohort_month))
            + extract(month from periods.period_start) - extract(month from cohorts.cohort_month)
            as bigint
        ) as period_number
    from cohorts
    inner join periods on cohorts.cohort_month <= periods.period_start
    inner join last_order_month on periods.period_start <= last_order_month.order_month
    where periods.grain = 'month'
),

filled as (
    select
        cells.*,
        coalesce(active.customers, 0) as active_customers,
        coalesce(last_seen.customers, 0) as leaving_customers,
        coalesce(active.net_amount, 0) as net_amount
    from cells
    left join active
        on cells.cohort_month = active.cohort_month and cells.order_month = active.order_month
    left join last_seen
        on cells.cohort_month = last_seen.cohort_month and cells.order_month = last_seen.last_month
),

ordered_on as (
    select
        cohort_month,
        period_number,
        'on' as policy,
        cohort_size,
        active_customers as retained,
        net_amount,
        is_complete
    from filled
),

-- Who ordered last in this month or later ordered in it or later.
ordered_on_or_after as (
    select
        cohort_month,
        period_number,
        'on_or_after' as policy,
        cohort_size,
        sum(leaving_customers) over this_and_later as retained,
        sum(net_amount) over this_and_later as net_amount,
        is_complete
    from filled
    window this_and_later as (partition by cohort_month order by period_number desc)
),

both_policies as (
    select * from ordered_on
    union all
    select * from ordered_on_or_after
),

-- A month that is not over has no retention yet.
retention_cohorts as (
    select
        concat_ws(
            '|', cast(cohort_month as string), cast(period_number as string), policy
        ) as retention_cohort_id,
        cohort_month,
        period_number,
        policy,
        cast(cohort_size as bigint) as cohort_size,
        case when is_complete then cast(retained as bigint) end as retained,
        case
            when is_complete then cast(retained as double) / nullif(cohort_size, 0)
        end as retention_rate,
        case when is_complete then cast(net_amount as double) end as net_amount,
        is_complete
    from both_policies
)

select * from retention_cohorts
