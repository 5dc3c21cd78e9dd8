"""What a check is: the words that people read, and how to build the rule that decides.

Listing the checks must stay cheap, because the orchestration does it at every start and Great
Expectations takes five seconds to import. A check therefore builds its rule from the package
`expectations.rules`, which is handed in when a table is judged and imported no earlier.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from great_expectations.expectations.expectation import Expectation

Severity = Literal["critical", "warning"]
Build = Callable[[ModuleType], "Expectation"]


@dataclass(frozen=True)
class Check:
    """One thing that a table at a boundary promises.

    `critical` means: do not build on this; `warning` means: look at it. A statement about shares
    or variety says nothing about a handful of rows: it is judged from `judged_from` rows on.
    """

    name: str
    severity: Severity
    description: str
    remedy: str
    expectation: Build
    judged_from: int = 0
    against_last_release: bool = False


@dataclass(frozen=True)
class Suite:
    """The checks of one table, most important first; `key` names a failing row to a reader."""

    table: str
    key: tuple[str, ...]
    checks: tuple[Check, ...]

    @property
    def schema(self) -> str:
        """The schema, or `landing`."""
        return self.table.split(".")[0]

    @property
    def name(self) -> str:
        """The table's name within its schema."""
        return self.table.split(".")[1]
