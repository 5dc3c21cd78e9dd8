with

identities as (
    select * from {{ ref('int_identities') }}
),

customer_identities as (
    select
        identity_key,
        source,
        source_customer_id,
        email_hash,
        phone_hash,
        customer_id,
        rule,
        joined_at
    from identities
)

select * from customer_identities
