"""How each kind of system is read. A source gives an entity's rows as it has them; it judges none.

Every kind has a function `extract` of the same shape: it fills a table of the connection with the
rows that are new, and says what they were made from. The door of landing does the rest.
"""

from __future__ import annotations

from dataclasses import dataclass

from orchestration.landing.batches import Input


class SourceError(Exception):
    """A source cannot be read as it is; the message names it, what is wrong and what to do."""


@dataclass(frozen=True)
class Extraction:
    """What one reading of a source brought for one entity.

    `relation` is a table with the source's columns under the entity's names, `extra` (JSON text of
    what is beyond them), `_origin` (the file or query) and `_origin_row` (from 1). `rejects` is a
    table of lines that are no rows: `origin`, `origin_row`, `line`, `reason`. `definition` tells
    whether a later reading is made the same way.
    """

    relation: str
    rejects: str
    definition: str
    inputs: tuple[Input, ...]
