"""Rules about cohorts of customers."""

from __future__ import annotations

from expectations.rules.base import Rows
from expectations.rules.values import NotAbove


class WholeCohortAtStart(Rows):
    """In its own month the whole cohort is there, by either policy."""

    sql = """
        select cohort_month, policy, cohort_size, retained
        from {batch}
        where period_number = 0 and is_complete and retained <> cohort_size
    """


class RetainedWithinCohort(NotAbove):
    """No more customers are retained than the cohort has."""

    column_A: str = "cohort_size"
    column_B: str = "retained"


class OnOrAfterNeverGrows(Rows):
    """Who came back in a month or later never becomes more from month to month."""

    sql = """
        with steps as (
            select
                cohort_month,
                period_number,
                retained,
                lag(retained) over (
                    partition by cohort_month
                    order by period_number
                ) as retained_before
            from {batch}
            where policy = 'on_or_after'
        )

        select * from steps
        where retained > retained_before
    """


class CohortsEqualCustomers(Rows):
    """The cohorts of either policy together are the customers with a valid order.

    The as-of day is a day of the business's own time zone: a day of tolerance on either side.
    """

    sql = """
        with policies as (select unnest(['on', 'on_or_after']) as policy),

        of_cohorts as (
            select policy, sum(cohort_size) as customers
            from {batch}
            where period_number = 0
            group by policy
        ),

        of_customers as (
            select
                count_if(first_order_at <= getvariable('as_of') - interval 1 day) as at_least,
                count_if(first_order_at <= getvariable('as_of') + interval 1 day) as at_most
            from core.customers
        )

        select
            policies.policy,
            coalesce(of_cohorts.customers, 0) as in_cohorts,
            of_customers.at_most as with_an_order
        from policies
        cross join of_customers
        left join of_cohorts
            on policies.policy = of_cohorts.policy
        where
            coalesce(of_cohorts.customers, 0) not between of_customers.at_least
            and of_customers.at_most
    """


class OpenCellsAreEmpty(Rows):
    """A month that is not over has no retention, and one that is over has one."""

    sql = """
        select cohort_month, period_number, policy, retention_rate
        from {batch}
        where is_complete = (retention_rate is null)
    """
