with

sightings as (
    select * from {{ ref('int_identity_sightings') }}
),

-- The e-mail of an id is the newest one known; what the source's customer record says comes first.
ranked_emails as (
    select
        identity_key,
        email_hash,
        row_number() over (
            partition by identity_key
            order by
                is_customer_record desc,
                last_seen_at desc,
                last_batch_id desc,
                email_hash asc
        ) as email_rank
    from sightings
    where email_hash is not null
),

emails as (
    select * from ranked_emails
    where email_rank = 1
),

ranked_sightings as (
    select
        identity_key,
        source,
        row_number() over (
            partition by identity_key
            order by first_batch_id asc, source asc
        ) as sighting_rank
    from sightings
),

first_sources as (
    select * from ranked_sightings
    where sighting_rank = 1
),

seen as (
    select
        identity_key,
        max(source_customer_id) as source_customer_id,
        max(phone_hash) as phone_hash,
        min(first_seen_at) as first_seen_at,
        min(first_batch_id) as first_batch_id
    from sightings
    group by identity_key
),

identities as (
    select
        seen.identity_key,
        first_sources.source,
        seen.source_customer_id,
        emails.email_hash,
        seen.phone_hash,
        seen.first_seen_at,
        seen.first_batch_id
    from seen
    inner join first_sources
        on seen.identity_key = first_sources.identity_key
    left join emails
        on seen.identity_key = emails.identity_key
),

ids_per_email as (
    select
        email_hash,
        source,
        count(source_customer_id) as id_count
    from identities
    where email_hash is not null
    group by email_hash, source
),

-- An address such as noreply@ stands on many ids and says nothing about who they are.
placeholders as (
    select email_hash
    from ids_per_email
    where id_count > {{ var('max_ids_per_email', 10) }}
    group by email_hash
),

-- A person without an id and with a placeholder for an e-mail is nobody: left out here, so that
-- the records stay without a customer instead of becoming one very busy customer.
resolvable as (
    select
        identities.*,
        case
            when identities.email_hash is not null and placeholders.email_hash is null
                then 'email:' || identities.email_hash
            else identities.identity_key
        end as customer_key
    from identities
    left join placeholders
        on identities.email_hash = placeholders.email_hash
    where identities.source_customer_id is not null or placeholders.email_hash is null
),

-- The customer is named after the identity that landed first, so the name stays when more land.
founded as (
    select
        *,
        first_value(identity_key) over (
            partition by customer_key
            order by first_batch_id asc, identity_key asc
        ) as founding_identity_key
    from resolvable
),

resolved as (
    select
        identity_key,
        source,
        source_customer_id,
        email_hash,
        phone_hash,
        founding_identity_key,
        'c_' || left(md5(founding_identity_key), 20) as customer_id,
        case
            when source_customer_id is not null and identity_key = founding_identity_key
                then 'source_id'
            else 'email'
        end as rule,
        first_seen_at as joined_at
    from founded
)

select * from resolved
