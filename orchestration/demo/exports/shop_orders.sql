select
    order_number(sold."order") as "Id",
    '#' || (1001 + sold."order") as "Name",
    case when not sold.is_guest then people.shop_id end as "Customer Id",
    spelled(people.email, sold.spelling) as "Email",
    local_with_offset(sold.ordered_at) as "Created at",
    local_with_offset(sold.paid_at) as "Paid at",
    local_with_offset(sold.shipped_at) as "Fulfilled at",
    local_with_offset(sold.promised_at) as "Promised at",
    local_with_offset(sold.delivered_at) as "Delivered at",
    local_with_offset(sold.cancelled_at) as "Cancelled at",
    local_with_offset(sold.refunded_at) as "Refunded at",
    local_with_offset(sold.updated_at) as "Updated at",
    case
        when sold.cancelled_at is not null then 'voided'
        when sold.paid_at is null then 'pending'
        when sold.refunded_at is null then 'paid'
        when sold.refund_share = 100 then 'refunded'
        else 'partially_refunded'
    end as "Financial Status",
    case when sold.shipped_at is null then 'unfulfilled' else 'fulfilled' end
        as "Fulfillment Status",
    'EUR' as "Currency",
    money(sold.gross_cents - sold.discount_cents) as "Subtotal",
    case when sold.discount_cents > 0 then 'TEN' end as "Discount Code",
    money(sold.discount_cents) as "Discount Amount",
    money(490) as "Shipping",
    money(sold.gross_cents - sold.discount_cents + 490) as "Total",
    money(sold.refund_cents) as "Refunded Amount",
    sold.channel as "Source",
    people.country as "Shipping Country"
from rows_to_write as sold
inner join people on sold.customer = people.customer
order by "Id"
