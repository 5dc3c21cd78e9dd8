"""From the text of `sources.yml` to its checked values; a mistake is named with its line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from orchestration.settings.schema import EntitySource, FilesSource, Limits, Sources, Strict, Table


class SettingsError(Exception):
    """The deployment's settings are wrong; the message says where and what is allowed."""


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
