"""What is planted: the effects that a good warehouse should find, and their true sizes."""

from __future__ import annotations

from dataclasses import dataclass

from orchestration.demo.clock import DAY, Clock


@dataclass(frozen=True)
class Effects:
    """The planted effects. Log odds are added to those of leaving after the thing happened."""

    late_share: float = 0.08
    strike_late_share: float = 0.30
    strike_from: int = 0
    strike_until: int = 0
    late_log_odds: float = 1.3
    slow_ticket_churn_share: float = 0.12
    reopened_ticket_churn_share: float = 0.15
    late_on_score: float = -1.5
    slow_ticket_on_score: float = -1.2
    reopened_ticket_on_score: float = -1.4
    recent_negative_on_nps: float = -0.9
    reopened_share: float = 0.08
    careless_agent: int = 9007
    careless_reopened_share: float = 0.30
    checkout_error_share: float = 0.02
    mobile_checkout_error_share: float = 0.12
    abandoned_after_error_share: float = 0.70
    experiment: str = "checkout_one_page"
    experiment_from: int = 0
    abandoned_checkouts_kept_by_variant_b: float = 0.70


SLOW_TICKET_SECONDS = 3 * DAY


def planted(clock: Clock) -> Effects:
    """The effects on a span: a carriers' strike after its middle, an experiment at its end."""
    strike = clock.start + int(clock.days * 0.62) * DAY
    return Effects(
        strike_from=strike,
        strike_until=strike + max(clock.days // 15, 7) * DAY,
        experiment_from=clock.start + (clock.days - max(clock.days // 6, 14)) * DAY,
    )
