{#- The places where DuckDB and Spark differ. Everything else is one SQL for both. -#}

{#- A landed entity: all row versions of all batches. -#}
{% macro raw(entity) %}{{ return(adapter.dispatch('raw')(entity)) }}{% endmacro %}
{% macro default__raw(entity) %}{{ return(source('landing', entity)) }}{% endmacro %}

{#- Seconds from one instant to another, with fractions. -#}
{% macro seconds_between(from_instant, to_instant) %}
    {{- adapter.dispatch('seconds_between')(from_instant, to_instant) -}}
{% endmacro %}
{% macro duckdb__seconds_between(from_instant, to_instant) -%}
    (epoch_us({{ to_instant }}) - epoch_us({{ from_instant }})) / 1e6
{%- endmacro %}
{% macro spark__seconds_between(from_instant, to_instant) -%}
    (unix_micros({{ to_instant }}) - unix_micros({{ from_instant }})) / 1e6
{%- endmacro %}

{#- The day in the business time zone on which an instant falls. -#}
{% macro business_date(instant) %}{{ adapter.dispatch('business_date')(instant) }}{% endmacro %}
{% macro duckdb__business_date(instant) -%}
    cast({{ instant }} at time zone '{{ env_var("CX_TIMEZONE", "UTC") }}' as date)
{%- endmacro %}
{% macro spark__business_date(instant) -%}
    to_date(from_utc_timestamp({{ instant }}, '{{ env_var("CX_TIMEZONE", "UTC") }}'))
{%- endmacro %}

{#- A value of a JSON text column, as text. -#}
{% macro json_str(column, key) %}{{ adapter.dispatch('json_str')(column, key) }}{% endmacro %}
{% macro duckdb__json_str(column, key) -%}
    json_extract_string({{ column }}, '$.{{ key }}')
{%- endmacro %}
{% macro spark__json_str(column, key) -%}
    get_json_object({{ column }}, '$.{{ key }}')
{%- endmacro %}

{#- One row per day from the first to the last, as `date_day`. -#}
{% macro date_series(first_date, last_date) %}
    {{- adapter.dispatch('date_series')(first_date, last_date) -}}
{% endmacro %}
{% macro duckdb__date_series(first_date, last_date) -%}
    (
        select cast(unnest(generate_series({{ first_date }}, {{ last_date }}, interval 1 day)) as date)
            as date_day
    )
{%- endmacro %}
{% macro spark__date_series(first_date, last_date) -%}
    (select explode(sequence({{ first_date }}, {{ last_date }}, interval 1 day)) as date_day)
{%- endmacro %}

{#- A comment without e-mail addresses and without numbers of seven or more digits. -#}
{% macro masked_text(column) %}{{ adapter.dispatch('masked_text')(column) }}{% endmacro %}
{% macro duckdb__masked_text(column) -%}
    regexp_replace(
        regexp_replace({{ column }}, '[^\s@,;:<>()]+@[^\s@,;:<>()]+', '***', 'g'),
        '[+(]*[0-9]([\s./()+-]{0,3}[0-9]){6,}',
        '***',
        'g'
    )
{%- endmacro %}
{% macro spark__masked_text(column) -%}
    regexp_replace(
        regexp_replace({{ column }}, '[^\\s@,;:<>()]+@[^\\s@,;:<>()]+', '***'),
        '[+(]*[0-9]([\\s./()+-]{0,3}[0-9]){6,}',
        '***'
    )
{%- endmacro %}
