{#- A compound key: no part of it is NULL, and no two rows share it. -#}
{% test one_row_per(model, columns) %}

with

key_counts as (
    select
        {{ columns | join(', ') }},
        count(*) as row_count
    from {{ model }}
    group by {{ columns | join(', ') }}
),

broken as (
    select * from key_counts
    where
        row_count > 1
        {% for column in columns %}
            or {{ column }} is null
        {% endfor %}
)

select * from broken

{% endtest %}
