"""The one reader of the environment and of `sources.yml`."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, available_timezones

import yaml
from dotenv import dotenv_values
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from orchestration.landing.contract import ENTITIES
from orchestration.landing.durable import write_text

SALT = "CX_PII_SALT"


class SettingsError(Exception):
    """The deployment's settings are wrong; the message says where and what is allowed."""


@dataclass(frozen=True)
class Home:
    """The folder that holds everything a deployment owns; nothing is written outside it."""

    root: Path

    @property
    def sources_file(self) -> Path:
        """What the deployment reads."""
        return self.root / "sources.yml"

    @property
    def env_file(self) -> Path:
        """Secrets, for those who keep them in a file."""
        return self.root / ".env"

    @property
    def landing(self) -> Path:
        """The immutable batches."""
        return self.root / "landing"

    @property
    def candidate(self) -> Path:
        """What a run works on; nobody reads it."""
        return self.root / "candidate"

    @property
    def releases(self) -> Path:
        """One folder per release."""
        return self.root / "releases"

    @property
    def current(self) -> Path:
        """The link to the release that analysts see."""
        return self.root / "current"

    @property
    def dagster(self) -> Path:
        """Dagster's own files."""
        return self.root / "dagster"

    @property
    def dbt(self) -> Path:
        """The parsed dbt project, and dbt's logs."""
        return self.dagster / "dbt"

    @property
    def lock(self) -> Path:
        """Held by the run that works on this home."""
        return self.root / "run.lock"


def find_home() -> Home:
    """The home named by `CX_HOME`, else `.cx` in the working directory."""
    return Home(Path(os.environ.get("CX_HOME") or ".cx").absolute())


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


@dataclass(frozen=True)
class Settings:
    """A deployment: its home, its sources and the salt that hides its customers' identifiers."""

    home: Home
    config: Sources
    salt: str


def load(home: Home) -> Settings:
    """Read a deployment's settings.

    Raises:
        SettingsError: `sources.yml` is missing or wrong; the message names the line.
    """
    if not home.sources_file.exists():
        raise SettingsError(f"{home.sources_file} does not exist: write one with `cx init`")
    return Settings(home, read_sources(home.sources_file, environment(home)), salt_of(home))


def configuration(home: Home) -> Sources:
    """The sources of a deployment, or the defaults where there is no `sources.yml` yet."""
    if not home.sources_file.exists():
        return Sources()
    return read_sources(home.sources_file, environment(home))


def environment(home: Home) -> dict[str, str]:
    """The process's environment over the home's `.env`."""
    stored = {key: value for key, value in dotenv_values(home.env_file).items() if value}
    return {**stored, **os.environ}


def salt_of(home: Home) -> str:
    """The salt of the pseudonyms; made once, since another salt would make everybody a stranger."""
    salt = environment(home).get(SALT)
    if salt:
        return salt
    salt = secrets.token_hex(32)
    stored = home.env_file.read_text(encoding="utf-8") if home.env_file.exists() else ""
    write_text(home.env_file, f"{stored}{SALT}={salt}\n", mode=0o600)
    return salt


def read_sources(file: Path, environ: dict[str, str]) -> Sources:
    """Read and check a `sources.yml`.

    Raises:
        SettingsError: with the file, the line, what is wrong and what is allowed.
    """
    try:
        text = file.read_text(encoding="utf-8")
        tree = yaml.compose(text, Loader=yaml.SafeLoader)
        values = yaml.safe_load(text) or {}
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file}: not readable as YAML: {error}") from error
    try:
        return Sources.model_validate(_expand(values, environ))
    except KeyError as error:
        name = error.args[0]
        line = next((n for n, t in enumerate(text.splitlines(), 1) if f"${{{name}}}" in t), 1)
        raise SettingsError(
            f"{file}, line {line}: the environment has no {name}: set it there or in "
            f"{file.with_name('.env')}"
        ) from None
    except ValidationError as error:
        raise SettingsError("\n".join(_explain(file, tree, error))) from None


def _expand(value: Any, environ: dict[str, str]) -> Any:  # noqa: ANN401 - YAML is any shape
    """Put the environment's values where `${NAME}` stands."""
    if isinstance(value, dict):
        return {key: _expand(item, environ) for key, item in value.items()}
    if isinstance(value, list):
        return [_expand(item, environ) for item in value]
    if isinstance(value, str):
        return re.sub(r"\$\{(\w+)\}", lambda match: environ[match[1]], value)
    return value


def _explain(file: Path, tree: yaml.Node | None, error: ValidationError) -> Iterator[str]:
    """One line per mistake: file, line, key, what is wrong, what is allowed."""
    for mistake in error.errors(include_url=False, include_input=False):
        path = [str(part) for part in mistake["loc"]]
        message = mistake["msg"].removeprefix("Value error, ")
        if mistake["type"] == "extra_forbidden":
            message = f"this key is not known; allowed: {', '.join(_allowed_keys(path))}"
        yield f"{file}, line {_line(tree, path)}: {'.'.join(path) or 'file'}: {message}"


def _line(tree: yaml.Node | None, path: list[str]) -> int:
    """The line of the deepest key of `path` that the file has."""
    line, node = 1, tree
    for part in path:
        if not isinstance(node, yaml.MappingNode):
            break
        found = [(key, value) for key, value in node.value if key.value == part]
        if not found:
            break
        line, node = found[0][0].start_mark.line + 1, found[0][1]
    return line


def _allowed_keys(path: list[str]) -> list[str]:
    """The keys that are allowed beside the last one of `path`."""
    shapes: list[tuple[str, type[Strict]]] = [
        ("limits", Limits),
        ("entities", EntitySource),
        ("tables", Table),
        ("sources", FilesSource),
    ]
    for name, model in shapes:
        if name in path[:-1]:
            return list(model.model_fields)
    return list(Sources.model_fields)
