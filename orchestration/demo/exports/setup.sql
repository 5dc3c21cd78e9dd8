-- How the source systems spell things. The session's time zone is the company's.
create macro local_with_offset(instant) as strftime(instant, '%Y-%m-%dT%H:%M:%S%z') || ':00';
create macro local_without_offset(instant) as strftime(instant, '%Y-%m-%d %H:%M:%S');
create macro utc(instant) as strftime(instant at time zone 'UTC', '%Y-%m-%dT%H:%M:%SZ');
create macro money(cents) as cast(cents / 100.0 as decimal(18, 2));
create macro spelled(email, spelling) as case spelling
    when 1 then upper(email)
    when 2 then upper(email[1]) || email[2:]
    else email
end;
create macro shop_number(customer) as 7100000000 + customer;
create macro order_number(number) as 5600000000 + number;
create macro ticket_number(number) as 10001 + number;
create macro hashed(prefix, number) as prefix || upper(substr(md5(prefix || number), 1, 15));
create macro survey_code(survey) as 'SV_' || upper(survey);

-- The same person is another number in every system; only the e-mail goes through all of them.
create table people as
select
    customer,
    first_name,
    last_name,
    country,
    segment,
    lower(first_name || '.' || last_name) || '.' || customer || '@example.com' as email,
    case when not is_guest_only then shop_number(customer) end as shop_id,
    380000000 + customer as requester_id,
    hashed('CID_', customer) as contact_id,
    case when has_phone then '+999 1 ' || lpad(cast(customer as varchar), 7, '0') end as phone,
    registered_at
from customers;
