with

bought as (
    select
        customer,
        count(*) as order_count,
        max(ordered_at) as last_order_at
    from orders
    group by customer
),

suffered as (
    select
        customer,
        count(*) filter (where kind = 'late_delivery') as late_delivery_count,
        count(*) filter (where kind = 'slow_ticket') as slow_ticket_count,
        count(*) filter (where kind = 'reopened_ticket') as reopened_ticket_count
    from experiences
    where happened_at is not null
    group by customer
)

select
    people.customer as customer_number,
    cast(people.shop_id as varchar) as shop_customer_id,
    cast(people.requester_id as varchar) as helpdesk_requester_id,
    people.contact_id as voice_contact_id,
    people.email,
    people.country,
    people.segment,
    customers.first_at as first_order_at,
    bought.last_order_at,
    customers.churned_at,
    customers.churned_at is null as is_alive,
    customers.daily_rate,
    1 / (1 + exp(-customers.churn_logit)) as churn_probability_per_order,
    customers.contentment,
    customers.spend,
    bought.order_count,
    coalesce(suffered.late_delivery_count, 0) as late_delivery_count,
    coalesce(suffered.slow_ticket_count, 0) as slow_ticket_count,
    coalesce(suffered.reopened_ticket_count, 0) as reopened_ticket_count
from people
inner join customers on people.customer = customers.customer
inner join bought on people.customer = bought.customer
left join suffered on people.customer = suffered.customer
order by customer_number
