select
    order_number(bought."order") as "Order Id",
    '#' || (1001 + bought."order") as "Order Name",
    bought.line as "Line",
    'SKU-' || (100 + bought.product) as "Lineitem sku",
    products.name as "Lineitem name",
    products.category as "Product type",
    bought.quantity as "Lineitem quantity",
    money(bought.price_cents) as "Lineitem price",
    money(bought.discount_cents) as "Lineitem discount"
from rows_to_write as bought
inner join products on bought.product = products.product
order by "Order Id", "Line"
