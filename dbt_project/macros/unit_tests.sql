{#-
    Unit tests give rows of sources, and dbt asks the database for the columns that those rows leave
    out. Landing is files, not tables: its columns are those of the file that carries no rows.
-#}
{% macro duckdb__get_columns_in_relation(relation) -%}
    {%- if relation.schema == 'landing' -%}
        {%- set folder = 'landing/' ~ relation.identifier -%}
    {%- elif relation.schema == 'records' -%}
        {%- set folder = 'landing/records/' ~ relation.identifier -%}
    {%- endif -%}
    {%- if folder is defined -%}
        {%- set described = "select * from read_parquet('" ~ env_var('CX_HOME') ~ '/' ~ folder
            ~ "/0-schema.parquet')" -%}
    {%- else -%}
        {%- set described = relation.render() -%}
    {%- endif -%}
    {%- call statement('get_columns_in_relation', fetch_result=True) -%}
        select
            column_name,
            column_type as data_type,
            cast(null as bigint) as character_maximum_length,
            cast(null as bigint) as numeric_precision,
            cast(null as bigint) as numeric_scale
        from (describe {{ described }})
    {%- endcall -%}
    {{ return(sql_convert_columns_in_relation(load_result('get_columns_in_relation').table)) }}
{%- endmacro %}
