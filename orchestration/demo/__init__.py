"""The demo: a seeded simulator of a small company, whose exports are the warehouse's input.

`simulate.py` is the way in. `customers.py`, `orders.py`, `tickets.py`, `churn.py` and `history.py`
say what happens; `ticket_events.py`, `surveys.py` and `web.py` what the systems hear of it;
`exports.py` and `exports/*.sql` write it down in the systems' own shapes; `sources.yml` maps these
onto the entities; `faults.py` breaks them on purpose.
"""

from __future__ import annotations

from orchestration.demo.faults import FAULTS, Fault
from orchestration.demo.simulate import SimulationSummary, is_demo, simulate, world_of

__all__ = ["FAULTS", "Fault", "SimulationSummary", "is_demo", "simulate", "world_of"]
