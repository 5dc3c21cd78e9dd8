"""What `sources.yml` may say: every key, its type and its default."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    field_validator,
    model_validator,
)

from orchestration.landing.contract import ENTITIES


class Strict(BaseModel):
    """Settings in which an unknown key is an error, not a silence."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _time_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError(f"{name!r} is not an IANA time zone such as Europe/Berlin")
    return name


TimeZone = Annotated[str, AfterValidator(_time_zone)]


class Table(Strict):
    """Files of one shape, under one name for the queries."""

    path: str
    delimiter: str = Field(default=",", min_length=1, max_length=1)
    null_values: list[str] = [""]


class Limits(Strict):
    """How far a batch may stray before it stops the run."""

    max_quarantined_rate: float = Field(default=0.05, ge=0, le=1)
    max_volume_factor: float = Field(default=10, gt=1)


class EntitySource(Strict):
    """How one source gives one entity: a table mapped column by column, or a query."""

    table: str | None = None
    columns: dict[str, str] = {}
    query: str | None = None
    timestamp_timezone: TimeZone | None = None
    timestamp_format: str | None = None
    limits: Limits = Limits()

    @model_validator(mode="after")
    def _one_way(self) -> EntitySource:
        if (self.table is None) == (self.query is None):
            raise ValueError("give either `table` with `columns`, or `query`")
        if self.table is not None and not self.columns:
            raise ValueError("`table` needs `columns`: the entity's columns as SQL expressions")
        if self.query is not None and self.columns:
            raise ValueError("`columns` belong to `table`; a query names its columns itself")
        return self


class FilesSource(Strict):
    """A folder of files: csv, csv.gz, jsonl and parquet."""

    kind: Literal["files"]
    directory: str
    tables: dict[str, Table]
    entities: dict[str, EntitySource]

    @model_validator(mode="after")
    def _names_fit(self) -> FilesSource:
        for name, entity in self.entities.items():
            _check_entity(name, entity, self.tables)
        return self


def _check_entity(name: str, entity: EntitySource, tables: dict[str, Table]) -> None:
    if name not in ENTITIES:
        raise ValueError(f"entity {name!r} is not known; allowed: {', '.join(ENTITIES)}")
    if entity.table is not None and entity.table not in tables:
        raise ValueError(f"{name}: table {entity.table!r} is not one of {', '.join(tables)}")
    contract = ENTITIES[name]
    unknown = [column for column in entity.columns if column not in contract.columns]
    if unknown:
        raise ValueError(
            f"{name}: {', '.join(unknown)} not known; allowed: {', '.join(contract.columns)}"
        )
    missing = [column for column in contract.required if column not in entity.columns]
    if entity.table is not None and missing:
        raise ValueError(f"{name}: columns lack {', '.join(missing)}, without which no row lands")


class Sources(Strict):
    """`sources.yml`: what the deployment reads, and the zone and money it thinks in."""

    timezone: TimeZone = "UTC"
    currency: str = Field(default="EUR", pattern=r"^[A-Z]{3}$")
    schedule: str = Field(default="0 5 * * *", pattern=r"^(\S+ ){4}\S+$")
    keep_releases: int = Field(default=14, ge=1)
    sources: dict[str, FilesSource] = {}

    @field_validator("sources")
    @classmethod
    def _plain_names(cls, sources: dict[str, FilesSource]) -> dict[str, FilesSource]:
        for name in sources:
            if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
                raise ValueError(f"source {name!r}: use lower-case letters, digits and _")
            if name == "email":
                raise ValueError("source 'email': the name stands for identities; take another")
        return sources

    @property
    def zone(self) -> ZoneInfo:
        """The business time zone."""
        return ZoneInfo(self.timezone)

    def readers(self, entity: str) -> Iterator[tuple[str, FilesSource, EntitySource]]:
        """The sources that give an entity, in the order of `sources.yml`."""
        for name, source in self.sources.items():
            if entity in source.entities:
                yield name, source, source.entities[entity]
