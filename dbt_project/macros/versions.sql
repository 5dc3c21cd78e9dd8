{#-
    The newest version of each key among the rows of the CTE `landed`: the one changed last in its
    source, where the source says when (`version`), else the one that landed last. Beside it stands
    where the key landed first, which no later version changes: the order of ingestion.

    Keys that landed once, nearly all of them, are their own newest version and are not sorted.
-#}
{% macro newest_versions(key, version=none) -%}
    {%- set key = ['_source'] + key -%}
    with

    repeated as (
        select {{ key | join(', ') }}
        from landed
        group by {{ key | join(', ') }}
        having count(*) > 1
    ),

    landed_once as (
        select
            landed.*,
            1 as version_rank,
            landed._batch_id as _first_batch_id,
            landed._row_number as _first_row_number
        from landed
        left join repeated
            on {{ equal_columns('landed', 'repeated', key) }}
        where repeated._source is null
    ),

    landed_again as (
        select
            landed.*,
            row_number() over newest_first as version_rank,
            first_value(landed._batch_id) over in_order_of_landing as _first_batch_id,
            first_value(landed._row_number) over in_order_of_landing as _first_row_number
        from landed
        inner join repeated
            on {{ equal_columns('landed', 'repeated', key) }}
        window
            newest_first as (
                partition by landed.{{ key | join(', landed.') }}
                order by
                    {% if version -%}
                        coalesce(landed.{{ version }}, landed._extracted_at) desc,
                    {% endif -%}
                    landed._batch_id desc,
                    landed._row_number desc
            ),
            in_order_of_landing as (
                partition by landed.{{ key | join(', landed.') }}
                order by landed._batch_id, landed._row_number
            )
    )

    select * from landed_once
    union all
    select * from landed_again
    where version_rank = 1
{%- endmacro %}

{% macro equal_columns(left_table, right_table, columns) -%}
    {%- for column in columns -%}
        {{ left_table }}.{{ column }} = {{ right_table }}.{{ column }}
        {%- if not loop.last %} and {% endif -%}
    {%- endfor -%}
{%- endmacro %}
