{{ config(unique_key='source_customer_id') }}

with

landed as (
    select * from {{ raw('customers') }}
    where
        created_at <= {{ as_of_cut() }}
        and {{ only_changed_keys('customers', ['source_customer_id']) }}
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
            partition by _source, source_customer_id
            order by coalesce(updated_at, _extracted_at) desc, _batch_id desc, _row_number desc
        ),
        in_order_of_landing as (
            partition by _source, source_customer_id
            order by _batch_id, _row_number
        )
),

newest as (
    select
        -- ids
        _source || ':' || source_customer_id as source_customer_id,
        _email_hash as email_hash,
        _phone_hash as phone_hash,

        -- text
        _source as source,
        country,
        segment,
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
