with

survey_responses as (
    select * from {{ ref('survey_responses') }}
),

landed_responses as (
    select * from {{ ref('stg_survey_responses') }}
),

-- An anonymous answer is its own respondent: nobody's later answer can take its place.
nps_answers as (
    select
        coalesce(
            survey_responses.customer_id,
            'answer:' || survey_responses.response_id || ':' || survey_responses.question_id
        ) as respondent,
        survey_responses.responded_at,
        survey_responses.responded_date,
        coalesce(survey_responses.channel, 'unknown') as channel,
        coalesce(survey_responses.segment, 'unknown') as segment,
        coalesce(survey_responses.country, 'unknown') as country,
        coalesce(survey_responses.survey_id, 'unknown') as survey,
        case survey_responses.nps_group
            when 'promoter' then 1
            when 'detractor' then -1
            else 0
        end as nps_point,
        landed_responses._batch_id,
        landed_responses._row_number
    from survey_responses
    inner join landed_responses
        on
            survey_responses.response_id = landed_responses.response_id
            and survey_responses.question_id = landed_responses.question_id
    where survey_responses.kind = 'nps' and survey_responses.score is not null
),

-- A tie in time goes to the answer that was ingested last, never to the higher score.
followed as (
    select
        *,
        lead(responded_date) over (
            partition by respondent
            order by responded_at, _batch_id, _row_number
        ) as next_responded_date
    from nps_answers
),

-- An answer stands from its day until the same customer answers again, for 90 days at most.
standing as (
    select
        channel,
        segment,
        country,
        survey,
        nps_point,
        responded_date as valid_from,
        case
            when next_responded_date < date_add(responded_date, 90) then next_responded_date
            else date_add(responded_date, 90)
        end as valid_to
    from followed
),

came_and_went as (
    select
        *,
        valid_from as part_date,
        1 as direction
    from standing
    where valid_to > valid_from
    union all
    select
        *,
        valid_to as part_date,
        -1 as direction
    from standing
    where valid_to > valid_from
),

changes as (
    select
        'nps' as metric,
        'latest_90d' as policy,
        part_date,
        channel,
        segment,
        country,
        survey,
        cast(null as string) as ticket_group,
        cast(null as string) as priority,
        cast(sum(direction) as bigint) as n,
        cast(sum(direction * nps_point) as decimal(38, 4)) as numerator,
        cast(sum(direction) as bigint) as denominator,
        cast(sum(direction * abs(nps_point)) as decimal(38, 8)) as sum_squares
    from came_and_went
    group by part_date, channel, segment, country, survey
)

select * from changes
