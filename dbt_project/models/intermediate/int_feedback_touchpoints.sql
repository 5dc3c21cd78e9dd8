{{ config(materialized='view') }}

with

survey_responses as (
    select * from {{ ref('survey_responses') }}
),

landed_answers as (
    select * from {{ ref('stg_survey_responses') }}
),

reviews as (
    select * from {{ ref('stg_reviews') }}
),

identities as (
    select * from {{ ref('int_identities') }}
),

-- Answers of the kind other have no good and no bad end.
answered as (
    select
        survey_responses.kind || ' answered' as activity,
        landed_answers.answer_id as record_id,
        survey_responses.customer_id,
        survey_responses.responded_at as occurred_at,
        survey_responses.channel,
        survey_responses.source,
        survey_responses.sentiment_score,
        case when survey_responses.kind = 'ces' then (1 - survey_responses.sentiment_score) / 2 end
            as effort_score,
        coalesce(
            case
                when survey_responses.kind = 'nps' then survey_responses.score <= 6
                when survey_responses.kind in ('csat', 'ces')
                    then survey_responses.sentiment_score < 0
            end,
            false
        ) as is_negative,
        landed_answers._first_batch_id,
        landed_answers._first_row_number
    from survey_responses
    inner join landed_answers
        on
            survey_responses.response_id = landed_answers.response_id
            and survey_responses.question_id = landed_answers.question_id
),

-- Stars start at one; a scale of one at the most starts at zero.
rated as (
    select
        *,
        case when rating_max > 1 then 1 else 0 end as rating_min
    from reviews
),

scored as (
    select
        rated.*,
        identities.customer_id,
        case
            when rated.rating < rated.rating_min then cast(-1 as double)
            else
                2 * cast(rated.rating - rated.rating_min as double)
                / nullif(cast(rated.rating_max - rated.rating_min as double), 0)
                - 1
        end as sentiment_score
    from rated
    left join identities
        on rated.source_customer_id = identities.identity_key
),

reviewed as (
    select
        'review written' as activity,
        review_id as record_id,
        customer_id,
        created_at as occurred_at,
        cast(null as string) as channel,
        source,
        sentiment_score,
        cast(null as double) as effort_score,
        coalesce(sentiment_score < 0, false) as is_negative,
        _first_batch_id,
        _first_row_number
    from scored
),

feedback_touchpoints as (
    select * from answered
    union all
    select * from reviewed
)

select * from feedback_touchpoints
