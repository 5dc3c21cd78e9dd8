with

orders as (
    select * from {{ ref('orders') }}
),

-- Cancelled orders are in no metric.
valid_orders as (
    select
        ordered_date,
        {{ business_date('delivered_at') }} as delivered_date,
        coalesce({{ business_date('refunded_at') }}, ordered_date) as refunded_date,
        coalesce(channel, 'unknown') as channel,
        coalesce(segment, 'unknown') as segment,
        coalesce(country, 'unknown') as country,
        net_amount,
        gross_amount - coalesce(discount_amount, 0) as sold_amount,
        case when gross_amount is not null then refund_amount end as refund_amount,
        case when is_late then 1 when not is_late then 0 end as late_point
    from orders
    where is_valid
),

sums_by_order_date as (
    select
        ordered_date,
        channel,
        segment,
        country,
        count(*) as order_count,
        count(net_amount) as known_count,
        sum(net_amount) as net_sum,
        sum({{ squared('net_amount') }}) as net_squares,
        sum(sold_amount) as sold_sum,
        sum({{ squared('sold_amount') }}) as sold_squares
    from valid_orders
    group by ordered_date, channel, segment, country
),

sums_by_refund_date as (
    select
        refunded_date,
        channel,
        segment,
        country,
        count(*) as refund_count,
        sum(refund_amount) as refund_sum,
        sum({{ squared('refund_amount') }}) as refund_squares
    from valid_orders
    where refund_amount <> 0
    group by refunded_date, channel, segment, country
),

order_counts as (
    select
        'orders' as metric,
        'order_date' as policy,
        ordered_date as part_date,
        channel,
        segment,
        country,
        order_count as n,
        order_count as numerator,
        cast(null as bigint) as denominator,
        order_count as sum_squares
    from sums_by_order_date
),

net_by_order_date as (
    select
        'net_revenue' as metric,
        'order_date' as policy,
        ordered_date as part_date,
        channel,
        segment,
        country,
        known_count as n,
        net_sum as numerator,
        cast(null as bigint) as denominator,
        net_squares as sum_squares
    from sums_by_order_date
    where known_count > 0
),

aov_by_order_date as (
    select
        'aov' as metric,
        'order_date' as policy,
        ordered_date as part_date,
        channel,
        segment,
        country,
        known_count as n,
        net_sum as numerator,
        known_count as denominator,
        net_squares as sum_squares
    from sums_by_order_date
    where known_count > 0
),

net_by_refund_date as (
    select
        'net_revenue' as metric,
        'refund_date' as policy,
        ordered_date as part_date,
        channel,
        segment,
        country,
        known_count as n,
        sold_sum as numerator,
        cast(null as bigint) as denominator,
        sold_squares as sum_squares
    from sums_by_order_date
    where known_count > 0
    union all
    select
        'net_revenue' as metric,
        'refund_date' as policy,
        refunded_date as part_date,
        channel,
        segment,
        country,
        refund_count as n,
        -refund_sum as numerator,
        cast(null as bigint) as denominator,
        refund_squares as sum_squares
    from sums_by_refund_date
),

-- The refunds of a period belong to orders of other periods: the numerator is no sum over the
-- orders that are counted, so there is no variance and no interval (sum_squares is NULL).
aov_by_refund_date as (
    select
        'aov' as metric,
        'refund_date' as policy,
        ordered_date as part_date,
        channel,
        segment,
        country,
        known_count as n,
        sold_sum as numerator,
        known_count as denominator,
        cast(null as decimal(38, 8)) as sum_squares
    from sums_by_order_date
    where known_count > 0
    union all
    select
        'aov' as metric,
        'refund_date' as policy,
        refunded_date as part_date,
        channel,
        segment,
        country,
        0 as n,
        -refund_sum as numerator,
        0 as denominator,
        cast(null as decimal(38, 8)) as sum_squares
    from sums_by_refund_date
),

-- Only what was promised and has arrived can be late.
late_deliveries as (
    select
        'late_delivery_rate' as metric,
        'delivered_date' as policy,
        delivered_date as part_date,
        channel,
        segment,
        country,
        count(*) as n,
        sum(late_point) as numerator,
        count(*) as denominator,
        sum(late_point) as sum_squares
    from valid_orders
    where late_point is not null
    group by delivered_date, channel, segment, country
),

all_parts as (
    select * from order_counts
    union all
    select * from net_by_order_date
    union all
    select * from net_by_refund_date
    union all
    select * from aov_by_order_date
    union all
    select * from aov_by_refund_date
    union all
    select * from late_deliveries
),

-- The refund convention books sales and refunds of one day as two parts: one row again here.
typed as (
    select
        metric,
        policy,
        part_date,
        channel,
        segment,
        country,
        cast(null as string) as survey,
        cast(null as string) as ticket_group,
        cast(null as string) as priority,
        cast(sum(n) as bigint) as n,
        cast(sum(numerator) as decimal(38, 4)) as numerator,
        cast(sum(denominator) as bigint) as denominator,
        cast(sum(sum_squares) as decimal(38, 8)) as sum_squares
    from all_parts
    group by metric, policy, part_date, channel, segment, country
)

select * from typed
