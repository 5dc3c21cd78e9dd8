{#- A condition that holds for every row; a row for which it is NULL passes. -#}
{% test always_true(model, condition) %}

with

broken as (
    select * from {{ model }}
    where not ({{ condition }})
)

select * from broken

{% endtest %}
