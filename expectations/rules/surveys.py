"""Rules about surveys: questions, scales and scores."""

from __future__ import annotations

import great_expectations.expectations as gxe

from expectations.rules.base import Rows, Share


class OneScale(Rows):
    """A question has one scale."""

    sql = """
        select
            survey_id, question_id, min(scale_min) as lowest_min, max(scale_min) as highest_min,
            min(scale_max) as lowest_max, max(scale_max) as highest_max
        from {batch}
        where score is not null
        group by survey_id, question_id
        having min(scale_min) < max(scale_min) or min(scale_max) < max(scale_max)
    """


class OneKind(Rows):
    """A question is of one kind."""

    sql = """
        select survey_id, question_id, min(kind) as kind, max(kind) as other_kind
        from {batch}
        group by survey_id, question_id
        having min(kind) < max(kind)
    """


class AnswersDiffer(Rows):
    """Among 30 answers to a question not all are the same, unless it only asks yes or no."""

    sql = """
        select survey_id, question_id, min(score) as score, count(score) as answers
        from {batch}
        where kind = 'nps' or scale_max - scale_min > 1
        group by survey_id, question_id
        having count(score) >= 30 and min(score) = max(score)
    """


class NpsAboveFive(Rows):
    """Among 50 NPS scores of a survey at least one is above 5."""

    sql = """
        select survey_id, question_id, max(score) as highest_score, count(score) as answers
        from {batch}
        where kind = 'nps'
        group by survey_id, question_id
        having count(score) >= 50 and max(score) <= 5
    """


class Scored(Share):
    """At least half of the answers to rating questions carry a score."""

    condition: str = "kind <> 'other' and score is null"
    tolerated: float = 0.5
    sample: str = "response_id, question_id"


class Joinable(Share):
    """At least half of the answers name a customer, an invitation, an order or a ticket."""

    condition: str = (
        "coalesce(source_customer_id, _email_hash, invitation_id, order_id, ticket_id) is null"
    )
    tolerated: float = 0.5
    sample: str = "response_id, question_id"


class MailArrives(Share):
    """At most half of the invitations bounced."""

    condition: str = "status = 'bounced'"
    tolerated: float = 0.5
    sample: str = "invitation_id"


class SomeDoNotAnswer(Share):
    """At most 95 invitations in 100 led to an answer."""

    condition: str = "status = 'completed'"
    tolerated: float = 0.95
    sample: str = "invitation_id"


class Sentiment(gxe.ExpectColumnValuesToBeBetween):
    """A sentiment is from -1 to 1."""

    column: str = "sentiment_score"
    min_value: float = -1
    max_value: float = 1


class NpsGroupForEveryScore(Rows):
    """An NPS score, and nothing else, makes a promoter, a passive or a detractor."""

    sql = """
        select response_id, question_id, kind, score, nps_group
        from {batch}
        where
            nps_group is distinct from case
                when kind <> 'nps' or score is null then null
                when score >= 9 then 'promoter'
                when score >= 7 then 'passive'
                else 'detractor'
            end
    """


class OneLatestAnswer(Rows):
    """Of a customer's answers of one kind, one at most is the latest."""

    sql = """
        select customer_id, kind, count(*) as latest_answers
        from {batch}
        where is_latest_90d and customer_id is not null
        group by customer_id, kind
        having count(*) > 1
    """


class NoAddressInComment(Rows):
    """A comment shows no e-mail address."""

    sql = r"""
        select response_id, question_id
        from {batch}
        where regexp_matches(comment, '[^\s@]+@[^\s@]+\.[a-zA-Z][a-zA-Z]')
    """
