with

bought as (
    select
        customer,
        count(*) as order_count,
        sum(gross_cents - discount_cents) as spent_cents,
        max(updated_at) as updated_at
    from orders
    where not is_guest
    group by customer
)

select
    people.shop_id as "Customer ID",
    people.first_name as "First Name",
    people.last_name as "Last Name",
    people.email as "Email",
    people.phone as "Phone",
    people.country as "Country Code",
    'segment:' || people.segment || case when people.phone is null then '' else ', newsletter' end
        as "Tags",
    local_with_offset(people.registered_at) as "Created at",
    local_with_offset(coalesce(bought.updated_at, people.registered_at)) as "Updated at",
    coalesce(bought.order_count, 0) as "Total Orders",
    money(coalesce(bought.spent_cents, 0)) as "Total Spent"
from people
left join bought on people.customer = bought.customer
where people.shop_id is not null
order by "Customer ID"
