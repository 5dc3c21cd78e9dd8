{{ config(unique_key='ticket_id') }}

with

landed as (
    select * from {{ raw('tickets') }}
    where
        created_at <= {{ as_of_cut() }}
        and {{ only_changed_keys('tickets', ['ticket_id']) }}
),

ranked as (
    select
        *,
        row_number() over newest_first as version_rank,
        first_value(_batch_id) over in_order_of_landing as _first_batch_id,
        first_value(_row_number) over in_order_of_landing as _first_row_number
    from landed
    window
        newest_first as (
            partition by _source, ticket_id
            order by coalesce(updated_at, _extracted_at) desc, _batch_id desc, _row_number desc
        ),
        in_order_of_landing as (
            partition by _source, ticket_id
            order by _batch_id, _row_number
        )
),

newest as (
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
    from ranked
    where version_rank = 1
)

select * from newest
