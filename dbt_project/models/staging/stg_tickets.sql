{{ config(unique_key='ticket_id') }}

with

landed as (
    select * from {{ raw('tickets') }}
    where
        created_at <= {{ as_of_cut() }}
        and {{ only_changed_keys('tickets', ['ticket_id']) }}
),

newest as (
    {{ newest_versions(['ticket_id'], version='updated_at') }}
),

staged as (
    select
        -- ids
        _source || ':' || ticket_id as ticket_id,
        _source || ':' || source_customer_id as source_customer_id,
        _email_hash as email_hash,
        _source || ':' || assignee_id as assignee_id,
        _source || ':' || order_id as order_id,
        _source || ':' || merged_into_ticket_id as merged_into_ticket_id,
        _source || ':' || follow_up_of_ticket_id as follow_up_of_ticket_id,

        -- text
        _source as source,
        channel,
        reason,
        priority,
        status,
        group_name,
        extra,

        -- numbers
        _row_number,
        _first_row_number,

        -- timestamps
        created_at,
        {{ until_cut('updated_at', 'updated_at') }} as updated_at,

        -- ingestion
        _batch_id,
        _first_batch_id
    from newest
)

select * from staged
