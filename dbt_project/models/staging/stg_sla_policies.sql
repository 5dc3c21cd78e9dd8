{{ config(unique_key='sla_target_id') }}

with

landed as (
    select * from {{ raw('sla_policies') }}
    where {{ only_changed_keys('sla_policies', ['policy_id', 'metric', 'priority', 'valid_from']) }}
),

newest as (
    {{ newest_versions(['policy_id', 'metric', 'priority', 'valid_from']) }}
),

staged as (
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
    from newest
)

select * from staged
