{#- What the metrics share: how periods are cut, how squares stay exact, how a policy is named. -#}

{#- The as-of instant's day in the business time zone: the last day that a metric looks at. -#}
{% macro as_of_date() %}{{ business_date(as_of()) }}{% endmacro %}

{#- The first day of the week (Monday) or month in which a day falls. -#}
{% macro period_start(grain, day) -%}
    cast(date_trunc('{{ grain }}', {{ day }}) as date)
{%- endmacro %}

{#- The last day of a period. -#}
{% macro period_end(grain, first_day) -%}
    case {{ grain }}
        when 'day' then {{ first_day }}
        when 'week' then date_add({{ first_day }}, 6)
        when 'month' then last_day({{ first_day }})
    end
{%- endmacro %}

{#- The first day of the period directly before, which need not be one with rows. -#}
{% macro previous_period_start(grain, first_day) -%}
    case {{ grain }}
        when 'day' then date_add({{ first_day }}, -1)
        when 'week' then date_add({{ first_day }}, -7)
        when 'month' then {{ period_start('month', 'date_add(' ~ first_day ~ ', -1)') }}
    end
{%- endmacro %}

{#-
    The square of an amount or a score, exact. Sums of decimals do not depend on the order of the
    rows, so that the same rows give the same interval bit by bit; doubles would not. DuckDB keeps
    the product of two decimals of 18 digits in 18 digits, hence 19.
-#}
{% macro squared(number) -%}
    cast({{ number }} as decimal(18, 4)) * cast({{ number }} as decimal(19, 4))
{%- endmacro %}

{#- A survey scale as a policy's name, such as scale_1_5; scales are never pooled. -#}
{% macro scale_policy(lowest, highest) -%}
    'scale_' || {{ _scale_end(lowest) }} || '_' || {{ _scale_end(highest) }}
{%- endmacro %}
{% macro _scale_end(number) -%}
    case
        when {{ number }} is null then 'unknown'
        when {{ number }} = floor({{ number }}) then cast(cast({{ number }} as bigint) as string)
        else cast({{ number }} as string)
    end
{%- endmacro %}

{#- All values of a group in ascending order, and the one at a place counted from 1. -#}
{% macro ordered_values(number) %}{{ adapter.dispatch('ordered_values')(number) }}{% endmacro %}
{% macro duckdb__ordered_values(number) -%}
    list_sort(list({{ number }}))
{%- endmacro %}
{% macro spark__ordered_values(number) -%}
    sort_array(collect_list({{ number }}))
{%- endmacro %}

{% macro value_at(ordered, place) %}{{ adapter.dispatch('value_at')(ordered, place) }}{% endmacro %}
{% macro duckdb__value_at(ordered, place) -%}
    list_extract({{ ordered }}, {{ place }})
{%- endmacro %}
{% macro spark__value_at(ordered, place) -%}
    element_at({{ ordered }}, cast({{ place }} as int))
{%- endmacro %}

{#-
    Bounds of 95 % intervals; `sign` is '-' for the lower and '+' for the upper one. Arithmetic on
    doubles may leave a variance of zero a trifle below it, hence the greatest( , 0) under a root.
-#}

{#- A share: Wilson (1927). 3.8416 = 1.96², 1.9208 its half and 3.68947264 the square of that. -#}
{% macro wilson_bound(hits, total, sign) -%}
    {{ 'greatest' if sign == '-' else 'least' }}(
        (
            {{ hits }} + 1.9208 {{ sign }} sqrt(
                3.8416 * greatest({{ hits }} * (1 - {{ hits }} / nullif({{ total }}, 0)), 0)
                + 3.68947264
            )
        ) / ({{ total }} + 3.8416),
        {{ 0 if sign == '-' else 1 }}
    )
{%- endmacro %}

{#-
    NPS, from −100 to 100: adjusted Wald (Rocks 2016). 3 answers more, ¾ of them promoters and ¾
    detractors; `net` is P − D and `extremes` P + D, so the first stays and the second grows by 1.5.
    Of one answer alone the interval stops at 98.5, short of the answer itself: it reaches as far.
-#}
{% macro nps_bound(net, extremes, total, sign) -%}
    {{ 'least' if sign == '-' else 'greatest' }}(
        100 * {{ net }} / nullif({{ total }}, 0),
        {{ 'greatest' if sign == '-' else 'least' }}(
            100 * (
                {{ net }} / ({{ total }} + 3) {{ sign }} 1.96 * sqrt(
                    greatest(
                        ({{ extremes }} + 1.5) / ({{ total }} + 3)
                        - pow({{ net }} / ({{ total }} + 3), 2),
                        0
                    ) / ({{ total }} + 3)
                )
            ),
            {{ sign }}100
        )
    )
{%- endmacro %}

{#- A count: Byar's approximation of the exact Poisson interval (Rothman and Boice 1979). -#}
{% macro count_bound(events, sign) -%}
    {%- set count = events if sign == '-' else '(' ~ events ~ ' + 1)' -%}
    coalesce(
        {{ count }} * pow(
            1 - 1 / (9 * nullif({{ count }}, 0))
            {{ sign }} 1.96 / (3 * sqrt(nullif({{ count }}, 0))),
            3
        ),
        0
    )
{%- endmacro %}

{#- A mean or a total: the normal interval; NULL where the error is not known. -#}
{% macro normal_bound(value, squared_error, sign) -%}
    {{ value }} {{ sign }} 1.96 * sqrt({{ squared_error }})
{%- endmacro %}
