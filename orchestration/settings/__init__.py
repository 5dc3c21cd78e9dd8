"""The one reader of the environment and of `sources.yml`.

`home.py` says where a deployment keeps things, `schema.py` what `sources.yml` may say, `reading.py`
how it is read.
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass

from dotenv import dotenv_values

from orchestration.landing.durable import write_text
from orchestration.settings.home import Home, find_home
from orchestration.settings.reading import SettingsError, read_sources
from orchestration.settings.schema import EntitySource, FilesSource, Limits, Sources, Table

__all__ = [
    "EntitySource",
    "FilesSource",
    "Home",
    "Limits",
    "Settings",
    "SettingsError",
    "Sources",
    "Table",
    "configuration",
    "environment",
    "find_home",
    "load",
    "read_sources",
    "salt_of",
]

SALT = "CX_PII_SALT"


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
