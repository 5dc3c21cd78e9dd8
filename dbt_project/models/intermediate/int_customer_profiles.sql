with

customers as (
    select * from {{ ref('stg_customers') }}
),

identities as (
    select * from {{ ref('int_identities') }}
),

-- The newest known value of each property, whichever of the customer's identities says it.
ranked as (
    select
        identities.customer_id,
        customers.country,
        customers.segment,
        row_number() over (
            partition by identities.customer_id
            order by
                case when customers.country is null then 1 else 0 end,
                coalesce(customers.updated_at, customers.created_at) desc,
                customers._batch_id desc,
                customers._row_number desc
        ) as country_rank,
        row_number() over (
            partition by identities.customer_id
            order by
                case when customers.segment is null then 1 else 0 end,
                coalesce(customers.updated_at, customers.created_at) desc,
                customers._batch_id desc,
                customers._row_number desc
        ) as segment_rank
    from customers
    inner join identities
        on customers.source_customer_id = identities.identity_key
),

profiles as (
    select
        customer_id,
        max(case when country_rank = 1 then country end) as country,
        max(case when segment_rank = 1 then segment end) as segment
    from ranked
    group by customer_id
)

select * from profiles
