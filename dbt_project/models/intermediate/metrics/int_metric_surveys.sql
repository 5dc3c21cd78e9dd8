with

survey_responses as (
    select * from {{ ref('survey_responses') }}
),

survey_invitations as (
    select * from {{ ref('stg_survey_invitations') }}
),

identities as (
    select * from {{ ref('int_identities') }}
),

profiles as (
    select * from {{ ref('int_customer_profiles') }}
),

-- A partial answer counts when the score was given; an anonymous one counts like any other.
scored as (
    select
        kind,
        {{ scale_policy('scale_min', 'scale_max') }} as scale,
        responded_date,
        invited_date,
        coalesce(channel, 'unknown') as channel,
        coalesce(segment, 'unknown') as segment,
        coalesce(country, 'unknown') as country,
        coalesce(survey_id, 'unknown') as survey,
        cast(score as decimal(18, 4)) as score,
        case nps_group when 'promoter' then 1 when 'detractor' then -1 else 0 end as nps_point,
        case when is_top_box then 1 when not is_top_box then 0 end as top_box_point
    from survey_responses
    where score is not null
),

nps_by_answer as (
    select
        'nps' as metric,
        'all' as policy,
        responded_date as part_date,
        channel,
        segment,
        country,
        survey,
        count(*) as n,
        sum(nps_point) as numerator,
        count(*) as denominator,
        sum(abs(nps_point)) as sum_squares
    from scored
    where kind = 'nps'
    group by responded_date, channel, segment, country, survey
),

-- Both conventions of date are in use: reports by the answer's day and by the invitation's day.
csat_by_convention as (
    select
        *,
        scale as policy,
        responded_date as part_date
    from scored
    where kind = 'csat'
    union all
    select
        *,
        scale || '_invited' as policy,
        invited_date as part_date
    from scored
    where kind = 'csat' and invited_date is not null
),

csat_sums as (
    select
        policy,
        part_date,
        channel,
        segment,
        country,
        survey,
        count(*) as n,
        sum(score) as score_sum,
        sum({{ squared('score') }}) as score_squares,
        count(top_box_point) as top_box_n,
        sum(top_box_point) as top_box_sum
    from csat_by_convention
    group by policy, part_date, channel, segment, country, survey
),

csat_mean as (
    select
        'csat_mean' as metric,
        policy,
        part_date,
        channel,
        segment,
        country,
        survey,
        n,
        score_sum as numerator,
        n as denominator,
        score_squares as sum_squares
    from csat_sums
),

csat_top_box as (
    select
        'csat_top_box' as metric,
        policy,
        part_date,
        channel,
        segment,
        country,
        survey,
        top_box_n as n,
        top_box_sum as numerator,
        top_box_n as denominator,
        top_box_sum as sum_squares
    from csat_sums
    where top_box_n > 0
),

ces_mean as (
    select
        'ces_mean' as metric,
        scale as policy,
        responded_date as part_date,
        channel,
        segment,
        country,
        survey,
        count(*) as n,
        sum(score) as numerator,
        count(*) as denominator,
        sum({{ squared('score') }}) as sum_squares
    from scored
    where kind = 'ces'
    group by scale, responded_date, channel, segment, country, survey
),

answered_invitations as (
    select invitation_id from survey_responses
    where invitation_id is not null
    group by invitation_id
),

-- Delivered = sent − bounced. Who never answered stays in the denominator.
delivered as (
    select
        {{ business_date('survey_invitations.sent_at') }} as sent_date,
        coalesce(survey_invitations.channel, 'unknown') as channel,
        coalesce(profiles.segment, 'unknown') as segment,
        coalesce(profiles.country, 'unknown') as country,
        coalesce(survey_invitations.survey_id, 'unknown') as survey,
        case
            when survey_invitations.status = 'completed' then 1
            when answered_invitations.invitation_id is not null then 1
            else 0
        end as completed_point
    from survey_invitations
    left join answered_invitations
        on survey_invitations.invitation_id = answered_invitations.invitation_id
    left join identities
        on
            coalesce(
                survey_invitations.source_customer_id,
                'email:' || survey_invitations.email_hash
            ) = identities.identity_key
    left join profiles on identities.customer_id = profiles.customer_id
    where survey_invitations.status is null or survey_invitations.status <> 'bounced'
),

response_rate as (
    select
        'response_rate' as metric,
        'invited' as policy,
        sent_date as part_date,
        channel,
        segment,
        country,
        survey,
        count(*) as n,
        sum(completed_point) as numerator,
        count(*) as denominator,
        sum(completed_point) as sum_squares
    from delivered
    group by sent_date, channel, segment, country, survey
),

all_parts as (
    select * from nps_by_answer
    union all
    select * from csat_mean
    union all
    select * from csat_top_box
    union all
    select * from ces_mean
    union all
    select * from response_rate
),

typed as (
    select
        metric,
        policy,
        part_date,
        channel,
        segment,
        country,
        survey,
        cast(null as string) as ticket_group,
        cast(null as string) as priority,
        cast(n as bigint) as n,
        cast(numerator as decimal(38, 4)) as numerator,
        cast(denominator as bigint) as denominator,
        cast(sum_squares as decimal(38, 8)) as sum_squares
    from all_parts
)

select * from typed
