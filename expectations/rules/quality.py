"""Rules about what the warehouse says of itself."""

from __future__ import annotations

from expectations.rules.base import Rows
from expectations.rules.values import NotAbove


class EndedAfterStarted(NotAbove):
    """A run does not end before it starts."""

    column_A: str = "ended_at"
    column_B: str = "started_at"


class SomeRunWorks(Rows):
    """Of the last three runs that have ended, one at least made a release."""

    sql = """
        with ended as (
            select
                run_id,
                started_at,
                status,
                row_number() over (order by started_at desc) as runs_ago
            from {batch}
            where ended_at is not null
        )

        select run_id, started_at, status
        from ended
        where runs_ago <= 3 and (
            select count(*) = 3 and count_if(status = 'released') = 0 from ended
            where runs_ago <= 3
        )
    """


class NotReleasedDespiteFailure(Rows):
    """A run in which a critical check failed made no release."""

    sql = """
        with results as (select * from {batch})

        select results.run_id, results.asset, results.check_name
        from results
        inner join quality.runs as runs
            on results.run_id = runs.run_id
        where results.severity = 'critical' and not results.passed and runs.status = 'released'
    """


class OpenForLessThan30Days(Rows):
    """A refused row is corrected or discarded within 30 days."""

    sql = """
        select entity, source, min(quarantined_at) as oldest, count(*) as open_rows
        from {batch}
        where status = 'open' and quarantined_at < getvariable('as_of') - interval 30 day
        group by entity, source
    """


class SaysWhy(Rows):
    """A refused row states a reason."""

    sql = """
        select quarantine_id, entity, source
        from {batch}
        where reasons is null or trim(reasons) in ('', '[]')
    """


class ChecksumIsSha256(Rows):
    """A release names the file that was audited by its sha256."""

    sql = """
        select release_id
        from {batch}
        where audited_sha256 is null or not regexp_full_match(audited_sha256, '[0-9a-f]{{64}}')
    """


class OfReleasedRun(Rows):
    """A release comes from a run that is recorded as released."""

    sql = """
        with releases as (select * from {batch})

        select releases.release_id, releases.run_id, runs.status
        from releases
        left join quality.runs as runs
            on releases.run_id = runs.run_id
        where runs.status is distinct from 'released'
    """


class ValueChanged(Rows):
    """A restatement has another value after than before."""

    sql = """
        select release_id, metric, policy, grain, period_start, dimension, dimension_value
        from {batch}
        where value_before is not distinct from value_after
    """


class LittleWasRestated(Rows):
    """The last release changed at most one closed value in twenty."""

    sql = """
        with last_release as (
            select max_by(release_id, released_at) as release_id from quality.releases
        ),

        restated as (
            select release_id, count(*) as changed_values
            from {batch}
            where release_id = (select release_id from last_release)
            group by release_id
        ),

        closed as (
            select count(*) as closed_values from metrics.metric_values
            where is_complete
        )

        select restated.release_id, restated.changed_values, closed.closed_values
        from restated
        cross join closed
        where restated.changed_values > 0.05 * closed.closed_values
    """
