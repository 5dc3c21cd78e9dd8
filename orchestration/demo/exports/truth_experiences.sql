select
    customer as customer_number,
    kind,
    cast(order_number("order") as varchar) as order_id,
    cast(ticket_number(ticket) as varchar) as ticket_id,
    happened_at
from experiences
where happened_at is not null
order by customer_number, happened_at, kind, order_id, ticket_id
