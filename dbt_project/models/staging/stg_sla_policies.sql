{{ config(unique_key='sla_target_id') }}

with

landed as (
    select * from {{ raw('sla_policies') }}
    where {{ only_changed_keys('sla_policies', ['policy_id', 'metric', 'priority', 'valid_from']) }}
),

ranked as (
    select
        *,
        row_number() over (
            partition by _source, policy_id, metric, priority, valid_from
            order by _batch_id desc, _row_number desc
        ) as version_rank
    from landed
),

newest as (
    select
        -- ids
        _source
        || ':' || policy_id
        || ':' || metric
        || ':' || priority
        || ':' || cast(valid_from as string) as sla_target_id,
        _source || ':' || policy_id as policy_id,

        -- text
        _source as source,
        metric,
        priority,
        extra,

        -- numbers
        target_seconds,
        _row_number,

        -- booleans
        is_business_time,

        -- dates
        valid_from,

        -- ingestion
        _batch_id
    from ranked
    where version_rank = 1
)

select * from newest
