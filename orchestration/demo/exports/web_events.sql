select
    'ev-' || seen.event as event_id,
    'GA1.' || seen.visitor as cookie_id,
    shop_number(seen.customer) as user_id,
    seen.occurred_at as ts,
    seen.name as event,
    seen.page as page_path,
    seen.channel as utm_channel,
    seen.device as device_type,
    case when seen.variant is not null then getvariable('experiment') end as ab_test,
    seen.variant as ab_variant
from rows_to_write as seen
