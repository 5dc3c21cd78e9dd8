with

metric_catalogue as (
    select * from {{ ref('metric_catalogue') }}
),

metric_definitions as (
    select
        name,
        title,
        unit,
        good_direction,
        statistic,
        formula,
        policies,
        definition_source,
        owner
    from metric_catalogue
)

select * from metric_definitions
