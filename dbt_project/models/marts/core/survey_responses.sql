with

answers as (
    select * from {{ ref('stg_survey_responses') }}
),

invitations as (
    select * from {{ ref('stg_survey_invitations') }}
),

identities as (
    select * from {{ ref('int_identities') }}
),

profiles as (
    select * from {{ ref('int_customer_profiles') }}
),

order_references as (
    select * from {{ ref('int_references') }}
    where record_kind = 'order'
),

ticket_references as (
    select * from {{ ref('int_references') }}
    where record_kind = 'ticket'
),

resolved as (
    select
        answers.*,
        identities.customer_id,
        answers.responded_at > {{ as_of() }} - interval '90' day
        and answers.responded_at <= {{ as_of() }} as is_in_window
    from answers
    left join identities
        on
            coalesce(answers.source_customer_id, 'email:' || answers.email_hash)
            = identities.identity_key
),

-- Of two answers at the same instant the last ingested counts, never the better one.
latest as (
    select
        answer_id,
        row_number() over (
            partition by customer_id, kind
            order by responded_at desc, _batch_id desc, _row_number desc
        ) as recency_rank
    from resolved
    where is_in_window and score is not null and customer_id is not null
),

-- The older effort scale from 1 to 5 asks how hard it was: there, low is good.
placed as (
    select
        *,
        case
            when kind = 'nps' then cast(score as double) / 5 - 1
            when kind = 'ces' and scale_max = 5
                then
                    1
                    - 2 * cast(score - scale_min as double)
                    / nullif(cast(scale_max - scale_min as double), 0)
            else
                2 * cast(score - scale_min as double)
                / nullif(cast(scale_max - scale_min as double), 0)
                - 1
        end as sentiment_score
    from resolved
),

survey_responses as (
    select
        placed.response_id,
        placed.question_id,
        placed.source,
        placed.survey_id,
        placed.customer_id,
        placed.source_customer_id,
        placed.email_hash,
        placed.kind,
        cast(placed.score as double) as score,
        cast(placed.scale_min as double) as scale_min,
        cast(placed.scale_max as double) as scale_max,
        placed.comment,
        placed.responded_at,
        {{ business_date('placed.responded_at') }} as responded_date,
        placed.invitation_id,
        invitations.sent_at as invited_at,
        {{ business_date('invitations.sent_at') }} as invited_date,
        coalesce(order_references.record_id, placed.order_id) as order_id,
        coalesce(ticket_references.record_id, placed.ticket_id) as ticket_id,
        placed.channel,
        profiles.country,
        profiles.segment,
        case
            when placed.kind <> 'nps' or placed.score is null then null
            when placed.score >= 9 then 'promoter'
            when placed.score >= 7 then 'passive'
            else 'detractor'
        end as nps_group,
        case
            when placed.kind <> 'csat' then null
            when placed.scale_max = 5 then placed.score >= 4
            when placed.scale_max = 7 then placed.score >= 5
            when placed.scale_max = 10 then placed.score >= 9
            when placed.scale_max = 1 then placed.score >= 1
        end as is_top_box,
        placed.sentiment_score,
        cast(null as string) as theme,
        case
            when placed.score is null or not placed.is_in_window then false
            when placed.customer_id is null then true
            else latest.recency_rank = 1
        end as is_latest_90d,
        placed.extra
    from placed
    left join latest
        on placed.answer_id = latest.answer_id
    left join order_references
        on placed.order_id = order_references.reference
    left join ticket_references
        on placed.ticket_id = ticket_references.reference
    left join invitations
        on placed.invitation_id = invitations.invitation_id
    left join profiles
        on placed.customer_id = profiles.customer_id
)

select * from survey_responses
