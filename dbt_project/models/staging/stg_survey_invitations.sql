{{ config(unique_key='invitation_id') }}

with

landed as (
    select * from {{ raw('survey_invitations') }}
    where
        sent_at <= {{ as_of_cut() }}
        and {{ only_changed_keys('survey_invitations', ['invitation_id']) }}
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
            partition by _source, invitation_id
            order by _batch_id desc, _row_number desc
        ),
        in_order_of_landing as (
            partition by _source, invitation_id
            order by _batch_id, _row_number
        )
),

newest as (
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
    from ranked
    where version_rank = 1
)

select * from newest
