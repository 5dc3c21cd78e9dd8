with

order_touchpoints as (
    select * from {{ ref('int_order_touchpoints') }}
),

ticket_touchpoints as (
    select * from {{ ref('int_ticket_touchpoints') }}
),

feedback_touchpoints as (
    select * from {{ ref('int_feedback_touchpoints') }}
),

web_events as (
    select * from {{ ref('stg_web_events') }}
),

identities as (
    select * from {{ ref('int_identities') }}
),

stages as (
    select * from {{ ref('journey_stages') }}
),

ordered as (
    select
        activity,
        order_id as record_id,
        customer_id,
        occurred_at,
        channel,
        source,
        order_id as source_id,
        cast(null as double) as sentiment_score,
        cast(null as double) as effort_score,
        revenue_amount,
        is_negative,
        step_rank,
        _first_batch_id,
        _first_row_number
    from order_touchpoints
),

supported as (
    select
        activity,
        record_id,
        customer_id,
        occurred_at,
        channel,
        source,
        ticket_id as source_id,
        cast(null as double) as sentiment_score,
        cast(null as double) as effort_score,
        cast(null as decimal(18, 4)) as revenue_amount,
        is_negative,
        step_rank,
        _first_batch_id,
        _first_row_number
    from ticket_touchpoints
),

told as (
    select
        activity,
        record_id,
        customer_id,
        occurred_at,
        channel,
        source,
        record_id as source_id,
        sentiment_score,
        effort_score,
        cast(null as decimal(18, 4)) as revenue_amount,
        is_negative,
        1 as step_rank,
        _first_batch_id,
        _first_row_number
    from feedback_touchpoints
),

visited as (
    select
        web_events.name as activity,
        web_events.event_id as record_id,
        identities.customer_id,
        web_events.occurred_at,
        web_events.channel,
        web_events.source,
        web_events.event_id as source_id,
        cast(null as double) as sentiment_score,
        cast(null as double) as effort_score,
        cast(null as decimal(18, 4)) as revenue_amount,
        coalesce(web_events.name = 'error', false) as is_negative,
        1 as step_rank,
        web_events._first_batch_id,
        web_events._first_row_number
    from web_events
    left join identities
        on web_events.source_customer_id = identities.identity_key
),

unioned as (
    select * from ordered
    union all
    select * from supported
    union all
    select * from told
    union all
    select * from visited
),

staged as (
    select
        md5(coalesce(unioned.activity, '') || '|' || unioned.record_id) as touchpoint_id,
        unioned.*,
        stages.stage
    from unioned
    left join stages
        on unioned.activity = stages.activity
),

-- Only what is known to be one person's is put in order; ties keep the order of ingestion.
sequenced as (
    select
        *,
        row_number() over in_order as customer_sequence,
        lag(occurred_at) over in_order as previous_at
    from staged
    where customer_id is not null
    window
        in_order as (
            partition by customer_id
            order by occurred_at, _first_batch_id, step_rank, _first_row_number, touchpoint_id
        )
),

spaced as (
    select
        *,
        {{ seconds_between('previous_at', 'occurred_at') }} as seconds_since_previous
    from sequenced
),

-- A journey opens with the first touch, and again after a gap.
numbered as (
    select
        *,
        sum(
            case
                when
                    seconds_since_previous is null
                    or seconds_since_previous >= 86400 * {{ var('journey_gap_days', 30) }}
                    then 1
                else 0
            end
        ) over (
            partition by customer_id
            order by customer_sequence
            rows between unbounded preceding and current row
        ) as journey_number
    from spaced
),

known as (
    select
        touchpoint_id,
        customer_id,
        occurred_at,
        activity,
        stage,
        channel,
        source,
        source_id,
        sentiment_score,
        effort_score,
        revenue_amount,
        is_negative,
        customer_sequence,
        customer_id || ':' || cast(cast(journey_number as bigint) as string) as journey_id,
        seconds_since_previous
    from numbered
),

unknown as (
    select
        touchpoint_id,
        customer_id,
        occurred_at,
        activity,
        stage,
        channel,
        source,
        source_id,
        sentiment_score,
        effort_score,
        revenue_amount,
        is_negative,
        cast(null as bigint) as customer_sequence,
        cast(null as string) as journey_id,
        cast(null as double) as seconds_since_previous
    from staged
    where customer_id is null
),

touchpoints as (
    select * from known
    union all
    select * from unknown
)

select * from touchpoints
