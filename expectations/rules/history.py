"""Rules that compare with what was there before: the last release, or earlier periods."""

from __future__ import annotations

from expectations.rules.base import Rows


class AtLeastHalfOfLastRelease(Rows):
    """A table has at least half as many rows as in the last release."""

    table: str

    sql = """
        with now as (select count(*) as row_count from {batch}),

        before as (select count(*) as row_count from previous.$table)

        select before.row_count as before, now.row_count as now
        from now
        cross join before
        where now.row_count < 0.5 * before.row_count
    """


class NoMetricDisappeared(Rows):
    """A metric of the last release is still defined."""

    sql = """
        select name
        from previous.metrics.metric_definitions
        where name not in (select name from {batch})
    """


class SameFormula(Rows):
    """A metric means what it meant in the last release."""

    sql = """
        with definitions as (select * from {batch})

        select definitions.name, before.formula as before, definitions.formula as now
        from definitions
        inner join previous.metrics.metric_definitions as before
            on definitions.name = before.name
        where definitions.formula is distinct from before.formula
    """


class NoSeriesDisappeared(Rows):
    """A metric and policy that the last release had values of still has some."""

    sql = """
        select metric, policy
        from previous.metrics.metric_values
        group by metric, policy
        except
        select metric, policy
        from {batch}
        group by metric, policy
    """


class NoJump(Rows):
    """The newest complete period is not far out of line with the ones before it.

    The score is the modified z of Iglewicz and Hoaglin (1993), 0.6745 · (x - median) / MAD, over
    the 24 periods before, without the tested one; where more than half of them are equal and the
    MAD is 0, over 1.2533 times the mean absolute deviation. A spread below 2 % of the median
    counts as 2 %: a series that never moved may move a little. Their limit of 3.5 is meant for a
    known spread; with as few as eight periods, 5 keeps chance out. Days are compared with the same
    day of the week, and only counts and totals: a day's ratio rests on too few.
    """

    sql = """
        with complete as (
            select
                metric_values.metric,
                metric_values.policy,
                metric_values.grain,
                metric_values.period_start,
                metric_values.value,
                case metric_values.grain when 'day' then dayofweek(metric_values.period_start) end
                    as weekday
            from {batch} as metric_values
            inner join metrics.metric_definitions as definitions
                on metric_values.metric = definitions.name
            where
                metric_values.dimension = 'all'
                and metric_values.is_complete
                and metric_values.value is not null
                and (
                    metric_values.grain = 'month'
                    or (
                        metric_values.grain = 'day'
                        and definitions.statistic in ('count', 'total')
                    )
                )
        ),

        newest as (
            select metric, policy, grain, max(period_start) as newest_start
            from complete
            group by metric, policy, grain
        ),

        tested as (
            select complete.*
            from complete
            inner join newest
                on complete.metric = newest.metric
                and complete.policy = newest.policy
                and complete.grain = newest.grain
                and complete.period_start = newest.newest_start
        ),

        earlier as (
            select
                complete.*,
                row_number() over (
                    partition by complete.metric, complete.policy, complete.grain
                    order by complete.period_start desc
                ) as periods_ago
            from complete
            inner join tested
                on complete.metric = tested.metric
                and complete.policy = tested.policy
                and complete.grain = tested.grain
                and complete.weekday is not distinct from tested.weekday
                and complete.period_start < tested.period_start
        ),

        usual as (
            select
                metric,
                policy,
                grain,
                median(value) as median_value,
                mad(value) as median_deviation
            from earlier
            where periods_ago <= 24
            group by metric, policy, grain
            having count(*) >= 8
        ),

        spreads as (
            select
                usual.metric,
                usual.policy,
                usual.grain,
                usual.median_value,
                coalesce(
                    nullif(usual.median_deviation, 0) / 0.6745,
                    1.2533 * avg(abs(earlier.value - usual.median_value))
                ) as spread
            from earlier
            inner join usual
                on earlier.metric = usual.metric
                and earlier.policy = usual.policy
                and earlier.grain = usual.grain
            where earlier.periods_ago <= 24
            group by
                usual.metric, usual.policy, usual.grain, usual.median_value, usual.median_deviation
        )

        select
            tested.metric,
            tested.policy,
            tested.grain,
            tested.period_start,
            tested.value,
            spreads.median_value as usual,
            round((tested.value - spreads.median_value) / nullif(spreads.spread, 0), 1) as score
        from tested
        inner join spreads
            on tested.metric = spreads.metric
            and tested.policy = spreads.policy
            and tested.grain = spreads.grain
        where
            abs(tested.value - spreads.median_value)
            > 5 * greatest(spreads.spread, 0.02 * abs(spreads.median_value)) + 1e-9
    """
