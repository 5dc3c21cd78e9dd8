with

customers as (
    select * from {{ ref('stg_customers') }}
),

orders as (
    select * from {{ ref('stg_orders') }}
),

tickets as (
    select * from {{ ref('stg_tickets') }}
),

survey_invitations as (
    select * from {{ ref('stg_survey_invitations') }}
),

survey_responses as (
    select * from {{ ref('stg_survey_responses') }}
),

web_events as (
    select * from {{ ref('stg_web_events') }}
),

subscriptions as (
    select * from {{ ref('stg_subscriptions') }}
),

reviews as (
    select * from {{ ref('stg_reviews') }}
),

-- One pass per entity, each reduced at once: what follows sees identities, not records.
in_customers as (
    select
        source,
        source_customer_id,
        email_hash,
        1 as is_customer_record,
        max(phone_hash) as phone_hash,
        min(created_at) as first_seen_at,
        max(coalesce(updated_at, created_at)) as last_seen_at,
        min(_first_batch_id) as first_batch_id,
        max(_batch_id) as last_batch_id
    from customers
    group by source, source_customer_id, email_hash
),

in_orders as (
    select
        source,
        source_customer_id,
        email_hash,
        0 as is_customer_record,
        cast(null as string) as phone_hash,
        min(ordered_at) as first_seen_at,
        max(ordered_at) as last_seen_at,
        min(_first_batch_id) as first_batch_id,
        max(_batch_id) as last_batch_id
    from orders
    group by source, source_customer_id, email_hash
),

in_tickets as (
    select
        source,
        source_customer_id,
        email_hash,
        0 as is_customer_record,
        cast(null as string) as phone_hash,
        min(created_at) as first_seen_at,
        max(created_at) as last_seen_at,
        min(_first_batch_id) as first_batch_id,
        max(_batch_id) as last_batch_id
    from tickets
    group by source, source_customer_id, email_hash
),

in_survey_invitations as (
    select
        source,
        source_customer_id,
        email_hash,
        0 as is_customer_record,
        cast(null as string) as phone_hash,
        min(sent_at) as first_seen_at,
        max(sent_at) as last_seen_at,
        min(_first_batch_id) as first_batch_id,
        max(_batch_id) as last_batch_id
    from survey_invitations
    group by source, source_customer_id, email_hash
),

in_survey_responses as (
    select
        source,
        source_customer_id,
        email_hash,
        0 as is_customer_record,
        cast(null as string) as phone_hash,
        min(responded_at) as first_seen_at,
        max(responded_at) as last_seen_at,
        min(_first_batch_id) as first_batch_id,
        max(_batch_id) as last_batch_id
    from survey_responses
    group by source, source_customer_id, email_hash
),

in_web_events as (
    select
        source,
        source_customer_id,
        cast(null as string) as email_hash,
        0 as is_customer_record,
        cast(null as string) as phone_hash,
        min(occurred_at) as first_seen_at,
        max(occurred_at) as last_seen_at,
        min(_first_batch_id) as first_batch_id,
        max(_batch_id) as last_batch_id
    from web_events
    group by source, source_customer_id
),

in_subscriptions as (
    select
        source,
        source_customer_id,
        cast(null as string) as email_hash,
        0 as is_customer_record,
        cast(null as string) as phone_hash,
        min(started_at) as first_seen_at,
        max(started_at) as last_seen_at,
        min(_first_batch_id) as first_batch_id,
        max(_batch_id) as last_batch_id
    from subscriptions
    group by source, source_customer_id
),

in_reviews as (
    select
        source,
        source_customer_id,
        cast(null as string) as email_hash,
        0 as is_customer_record,
        cast(null as string) as phone_hash,
        min(created_at) as first_seen_at,
        max(created_at) as last_seen_at,
        min(_first_batch_id) as first_batch_id,
        max(_batch_id) as last_batch_id
    from reviews
    group by source, source_customer_id
),

seen as (
    select * from in_customers
    union all
    select * from in_orders
    union all
    select * from in_tickets
    union all
    select * from in_survey_invitations
    union all
    select * from in_survey_responses
    union all
    select * from in_web_events
    union all
    select * from in_subscriptions
    union all
    select * from in_reviews
),

-- A record without an id of its source is known by its e-mail; without either, by nothing.
keyed as (
    select
        coalesce(source_customer_id, 'email:' || email_hash) as identity_key,
        source,
        source_customer_id,
        email_hash,
        max(is_customer_record) as is_customer_record,
        max(phone_hash) as phone_hash,
        min(first_seen_at) as first_seen_at,
        max(last_seen_at) as last_seen_at,
        min(first_batch_id) as first_batch_id,
        max(last_batch_id) as last_batch_id
    from seen
    where source_customer_id is not null or email_hash is not null
    group by source, source_customer_id, email_hash
)

select * from keyed
