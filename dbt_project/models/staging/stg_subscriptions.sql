{{ config(unique_key='subscription_period_id') }}

with

landed as (
    select * from {{ raw('subscriptions') }}
    where
        started_at <= {{ as_of_cut() }}
        and {{ only_changed_keys('subscriptions', ['subscription_id', 'started_at']) }}
),

newest as (
    {{ newest_versions(['subscription_id', 'started_at'], version='updated_at') }}
),

staged as (
    select
        -- ids
        _source
        || ':' || subscription_id
        || ':' || cast(started_at as string) as subscription_period_id,
        _source || ':' || subscription_id as subscription_id,
        _source || ':' || source_customer_id as source_customer_id,

        -- text
        _source as source,
        plan,
        {{ until_cut('end_reason', 'ended_at') }} as end_reason,
        extra,

        -- numbers
        monthly_amount,
        _row_number,
        _first_row_number,

        -- timestamps
        started_at,
        {{ until_cut('ended_at', 'ended_at') }} as ended_at,
        {{ until_cut('updated_at', 'updated_at') }} as updated_at,

        -- ingestion
        _batch_id,
        _first_batch_id
    from newest
)

select * from staged
