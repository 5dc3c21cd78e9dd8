with

orders as (
    select * from {{ ref('stg_orders') }}
),

tickets as (
    select * from {{ ref('stg_tickets') }}
),

answers as (
    select * from {{ ref('stg_survey_responses') }}
),

mentions as (
    select
        source,
        'order' as record_kind,
        order_id as reference
    from tickets
    union
    select
        source,
        'order' as record_kind,
        order_id as reference
    from answers
    union
    select
        source,
        'ticket' as record_kind,
        ticket_id as reference
    from answers
),

records as (
    select
        'order' as record_kind,
        order_id as record_id,
        source
    from orders
    union all
    select
        'ticket' as record_kind,
        ticket_id as record_id,
        source
    from tickets
),

-- A helpdesk speaks of the shop's orders by the shop's ids. An id that two systems use stays with
-- the system that spoke of it.
found as (
    select
        mentions.record_kind,
        mentions.reference,
        min(records.record_id) as record_id
    from mentions
    inner join records
        on
            mentions.record_kind = records.record_kind
            and substring(mentions.reference, length(mentions.source) + 2)
            = substring(records.record_id, length(records.source) + 2)
    group by mentions.record_kind, mentions.reference
    having count(*) = 1
)

select * from found
