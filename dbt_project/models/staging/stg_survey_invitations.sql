{{ config(unique_key='invitation_id') }}

with

landed as (
    select * from {{ raw('survey_invitations') }}
    where
        sent_at <= {{ as_of_cut() }}
        and {{ only_changed_keys('survey_invitations', ['invitation_id']) }}
),

newest as (
    {{ newest_versions(['invitation_id']) }}
),

staged as (
    select
        -- ids
        _source || ':' || invitation_id as invitation_id,
        _source || ':' || survey_id as survey_id,
        _source || ':' || source_customer_id as source_customer_id,
        _email_hash as email_hash,

        -- text
        _source as source,
        status,
        channel,
        extra,

        -- numbers
        _row_number,
        _first_row_number,

        -- timestamps
        sent_at,

        -- ingestion
        _batch_id,
        _first_batch_id
    from newest
)

select * from staged
