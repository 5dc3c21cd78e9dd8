"""Tables of the simulated world: one numpy array a column, so that no rule loops over rows."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any, ClassVar, Self, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

NEVER = 2**62
"""The instant of what does not happen: later than every end, like what has not happened yet."""

NOTHING = -1
"""The number of a row that there is not, such as the order of a ticket about none."""


@dataclass
class Columns:
    """Rows of one kind.

    Instants are columns named `<past tense>_at`, in seconds since 1970 (UTC). A column with
    `labels` holds positions in them. Every other column holds plain numbers or flags.
    """

    labels: ClassVar[dict[str, tuple[str, ...]]] = {}

    def __len__(self) -> int:
        """How many rows there are."""
        return len(getattr(self, fields(self)[0].name))

    def keep(self, rows: Flags | Ints) -> Self:
        """The rows at some positions, or those for which a flag is set, in that order."""
        kept: dict[str, Any] = {f.name: getattr(self, f.name)[rows] for f in fields(self)}
        return replace(self, **kept)

    def to_arrow(self, end: int) -> pa.Table:
        """The rows as they are known at the instant `end`: what comes later is NULL."""
        columns = {f.name: getattr(self, f.name) for f in fields(self)}
        return pa.table({name: self._to_arrow(name, v, end) for name, v in columns.items()})

    def _to_arrow(self, name: str, values: npt.NDArray[Any], end: int) -> pa.Array:
        if name.endswith("_at"):
            return pa.array(values, pa.timestamp("s", tz="UTC"), mask=values > end)
        if name in self.labels:
            mask = values < 0
            positions = pa.array(values.astype(np.int16), mask=mask)
            return pa.DictionaryArray.from_arrays(positions, pa.array(self.labels[name]))
        if values.dtype == np.int64:
            return pa.array(values, mask=values == NOTHING)
        return pa.array(values)


Rows = TypeVar("Rows", bound=Columns)


def stacked(parts: list[Rows]) -> Rows:
    """The rows of several tables of one kind, one after the other."""
    first = parts[0]
    joined = {
        f.name: np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(first)
    }
    return replace(first, **joined)
