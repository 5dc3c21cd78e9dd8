"""Rules about orders and money."""

from __future__ import annotations

from expectations.rules.base import Rows, Share
from expectations.rules.values import NotAbove


class OneCurrency(Rows):
    """Every amount is in the currency of the deployment; one that names none is as well."""

    sql = """
        select currency, count(*) as orders, min(order_id) as one_of_them
        from {batch}
        where upper(currency) <> getvariable('currency')
        group by currency
    """


class NetNotNegative(Share):
    """Discount and refund together exceed the gross amount in at most one order in ten."""

    condition: str = "coalesce(discount_amount, 0) + coalesce(refund_amount, 0) > gross_amount"
    tolerated: float = 0.1
    sample: str = "order_id"


class HasBuyer(Share):
    """At least half of the orders carry a customer id or an e-mail address."""

    condition: str = "source_customer_id is null and _email_hash is null"
    tolerated: float = 0.5
    sample: str = "order_id"


class DeliveredAfterOrdered(NotAbove):
    """At most one delivery in a hundred is from before its order."""

    column_A: str = "delivered_at"
    column_B: str = "ordered_at"
    mostly: float = 0.99


class DiscountWithinPrice(Share):
    """The discount of a line exceeds its price in at most one line in a hundred."""

    condition: str = "discount_amount > quantity * unit_price_amount"
    tolerated: float = 0.01
    sample: str = "order_id, line_number"


class NetIsGrossMinusParts(Rows):
    """Net = gross - discount - refund; unknown where gross is."""

    sql = """
        select order_id, gross_amount, discount_amount, refund_amount, net_amount
        from {batch}
        where
            net_amount is distinct from
            gross_amount - coalesce(discount_amount, 0) - coalesce(refund_amount, 0)
    """


class SequenceWithoutGaps(Rows):
    """A customer's valid orders are numbered 1, 2, 3 …, and only the first is the first."""

    sql = """
        select customer_id, count(*) as orders, max(order_sequence) as last_number
        from {batch}
        where customer_id is not null and is_valid
        group by customer_id
        having
            count(distinct order_sequence) <> count(*)
            or max(order_sequence) <> count(*)
            or min(order_sequence) <> 1
            or count_if(is_first_order) <> 1
            or count_if(is_first_order and order_sequence = 1) <> 1
    """


class OnlyValidOrdersAreNumbered(Rows):
    """A cancelled order, or one of nobody known, has no place in a sequence."""

    sql = """
        select order_id
        from {batch}
        where
            (customer_id is null or not is_valid)
            and (order_sequence is not null or is_first_order is not null)
    """


class OfKnownCustomer(Share):
    """At least half of the orders belong to a known customer."""

    condition: str = "customer_id is null"
    tolerated: float = 0.5
    sample: str = "order_id"
