{#-
    The incremental filter of staging: rows of the keys that a batch has touched since this model
    was last built. All landed versions of such a key are read again, so that the result is a
    function of landing alone and equal to that of a full rebuild, whatever the order of arrival.
-#}
{% macro only_changed_keys(entity, key) -%}
    {%- if is_incremental() -%}
        ({{ key | join(', ') }}, _source) in (
            select {{ key | join(', ') }}, _source from {{ raw(entity) }}
            where _batch_id > (select coalesce(max(_batch_id), '') from {{ this }})
        )
    {%- else -%}
        true
    {%- endif -%}
{%- endmacro %}

{#- The instant up to which a run looks; later rows are left out (`cx run --as-of`). -#}
{% macro as_of_cut() -%}
    cast('{{ env_var("CX_AS_OF_CUT", "9999-12-31 00:00:00+00") }}' as timestamp with time zone)
{%- endmacro %}

{#- The instant at which ages, windows and completeness are judged. -#}
{% macro as_of() -%}
    cast('{{ env_var("CX_AS_OF", "9999-12-31 00:00:00+00") }}' as timestamp with time zone)
{%- endmacro %}

{#- A value that came to be at an instant; not known yet if that instant is after the cut. -#}
{% macro until_cut(value, instant) -%}
    case when {{ instant }} > {{ as_of_cut() }} then null else {{ value }} end
{%- endmacro %}

{#-
    The incremental filter of models built on staging: what landed after the newest batch this
    model was built from. Such a model keeps, for each of its keys, the newest batch it has read.
-#}
{% macro is_newly_landed() -%}
    {%- if is_incremental() -%}
        _batch_id > (select coalesce(max(_batch_id), '') from {{ this }})
    {%- else -%}
        true
    {%- endif -%}
{%- endmacro %}
