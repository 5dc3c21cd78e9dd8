"""The whole simulated world: what happened, and what the systems heard of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from orchestration.demo.clock import Clock
from orchestration.demo.history import History, draw_history
from orchestration.demo.surveys import Invitations, Responses, draw_invitations, draw_responses
from orchestration.demo.ticket_events import Events, draw_events
from orchestration.demo.web import WebEvents, draw_web_events


@dataclass(frozen=True)
class World:
    """What happened between the company and its customers, and its traces in the systems."""

    history: History
    events: Events
    invitations: Invitations
    responses: Responses
    web: WebEvents


def draw_world(customers: int, days: int, seed: int, end: date) -> World:
    """Draw a world; every part has a stream of chance of its own, so that none disturbs another."""
    clock = Clock(end, days)
    streams = [np.random.default_rng(part) for part in np.random.SeedSequence(seed).spawn(5)]
    history = draw_history(streams[0], customers, clock)
    contentment = history.customers.contentment[history.tickets.customer]
    events = draw_events(streams[1], history.tickets, contentment, history.effects, clock.end)
    invitations = draw_invitations(streams[2], history)
    responses = draw_responses(streams[3], invitations, clock.end)
    return World(history, events, invitations, responses, draw_web_events(streams[4], history))
