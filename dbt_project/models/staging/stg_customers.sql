{{ config(unique_key='source_customer_id') }}

with

landed as (
    select * from {{ raw('customers') }}
    where
        created_at <= {{ as_of_cut() }}
        and {{ only_changed_keys('customers', ['source_customer_id']) }}
),

newest as (
    {{ newest_versions(['source_customer_id'], version='updated_at') }}
),

staged as (
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
    from newest
)

select * from staged
