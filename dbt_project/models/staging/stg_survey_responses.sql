{{ config(unique_key='answer_id') }}

with

landed as (
    select * from {{ raw('survey_responses') }}
    where
        responded_at <= {{ as_of_cut() }}
        and {{ only_changed_keys('survey_responses', ['response_id', 'question_id']) }}
),

newest as (
    {{ newest_versions(['response_id', 'question_id']) }}
),

staged as (
    select
        -- ids
        _source || ':' || response_id || ':' || question_id as answer_id,
        _source || ':' || response_id as response_id,
        _source || ':' || question_id as question_id,
        _source || ':' || survey_id as survey_id,
        _source || ':' || invitation_id as invitation_id,
        _source || ':' || source_customer_id as source_customer_id,
        _email_hash as email_hash,
        _source || ':' || order_id as order_id,
        _source || ':' || ticket_id as ticket_id,

        -- text
        _source as source,
        coalesce(kind, 'other') as kind,
        {{ masked_text('comment') }} as comment,
        channel,
        extra,

        -- numbers
        score,
        scale_min,
        scale_max,
        _row_number,
        _first_row_number,

        -- timestamps
        responded_at,

        -- ingestion
        _batch_id,
        _first_batch_id
    from newest
)

select * from staged
