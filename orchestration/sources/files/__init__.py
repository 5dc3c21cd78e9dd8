"""The kind `files`: folders of csv, csv.gz, jsonl and parquet, read strictly.

Where an entity is mapped from one table, only new or changed files are read. A query over several
tables is run again when any of their files changed. Unchanged files cost a `stat`.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from pathlib import Path

import duckdb

from orchestration.landing.batches import Batch, Input, identifier, literal
from orchestration.landing.contract import ENTITIES
from orchestration.settings import EntitySource, FilesSource
from orchestration.sources import Extraction, SourceError
from orchestration.sources.files.bytes import digest_of
from orchestration.sources.files.tables import load
from orchestration.sources.files.text import REJECTS, create_rejects

RELATION = "extracted"


def extract(
    con: duckdb.DuckDBPyConnection,
    folder: Path,
    source: FilesSource,
    entity: str,
    reading: EntitySource,
    earlier: Sequence[Batch],
) -> Extraction | None:
    """Read what is new of an entity into tables of `con`.

    Args:
        con: where the tables are made.
        folder: what the source's directory is relative to.
        source: the source as it stands in `sources.yml`.
        entity: name of the entity.
        reading: how this source gives the entity.
        earlier: the batches of this source and entity that have landed.

    Returns:
        What was read, or None if no file is new or changed.

    Raises:
        SourceError: a file is missing, empty, unreadable or has lost a column.
    """
    definition = _fingerprint(source, reading)
    known = {(i.table, i.path): i for batch in earlier for i in batch.inputs}
    read_the_same_way = any(batch.definition == definition for batch in earlier)
    found = _find_inputs(folder / source.directory, source, reading, known)
    changed = [new for new, old in found if old is None or old.sha256 != new.sha256]
    if not read_the_same_way or (reading.query is not None and changed):
        changed = [new for new, _ in found]
    if not changed:
        return None
    create_rejects(con)
    read: list[Input] = []
    for table in dict.fromkeys(new.table for new in changed):
        files = [new for new in changed if new.table == table]
        seen = [old for (name, _), old in known.items() if name == table]
        read += load(con, folder / source.directory, source.tables[table], files, seen)
    _map(con, source, entity, reading, read)
    return Extraction(RELATION, REJECTS, definition, tuple(read))


def _fingerprint(source: FilesSource, reading: EntitySource) -> str:
    """Changes when the same files would be read into other rows."""
    parts = reading.model_dump(exclude={"limits"})
    parts["tables"] = {name: source.tables[name].model_dump() for name in _used(source, reading)}
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]


def _used(source: FilesSource, reading: EntitySource) -> list[str]:
    """The tables that a mapping or a query reads."""
    if reading.table is not None:
        return [reading.table]
    query = reading.query or ""
    return [name for name in source.tables if re.search(rf"\b{re.escape(name)}\b", query)]


def _find_inputs(
    directory: Path,
    source: FilesSource,
    reading: EntitySource,
    known: dict[tuple[str, str], Input],
) -> list[tuple[Input, Input | None]]:
    """The files of the tables in order of their names, each with what it was when it last landed.

    Raises:
        SourceError: a table has no file and never had one.
    """
    found: list[tuple[Input, Input | None]] = []
    for table in _used(source, reading):
        pattern = source.tables[table].path
        paths = sorted(path for path in directory.glob(pattern) if path.is_file())
        if not paths and (reading.query is not None or not any(name == table for name, _ in known)):
            raise SourceError(
                f"no file matches {directory / pattern} (table {table!r}): put it there, or "
                f"correct `directory` or `path` in sources.yml"
            )
        for path in paths:
            old = known.get((table, str(path.relative_to(directory))))
            found.append((_describe(table, directory, path, old), old))
    return found


def _describe(table: str, directory: Path, path: Path, old: Input | None) -> Input:
    """A file's identity; its content is read only if its size or time has changed."""
    stat = path.stat()
    if old is not None and (old.size, old.modified_ns) == (stat.st_size, stat.st_mtime_ns):
        return old
    name = str(path.relative_to(directory))
    return Input(table, name, stat.st_size, stat.st_mtime_ns, digest_of(path))


def _map(
    con: duckdb.DuckDBPyConnection,
    source: FilesSource,
    entity: str,
    reading: EntitySource,
    files: Sequence[Input],
) -> None:
    """Fill the table `extracted` with the entity's columns, `extra` and where a row came from."""
    names = ", ".join(file.path for file in files[:3]) + (" …" if len(files) > 3 else "")
    try:
        if reading.table is not None:
            _map_table(con, reading)
        else:
            _map_query(con, entity, reading)
    except (duckdb.BinderException, duckdb.CatalogException) as error:
        tables = "; ".join(
            f"{table}: {', '.join(_columns(con, table))}" for table in _used(source, reading)
        )
        raise SourceError(
            f"{entity} cannot be read from {names}: {_first_line(error)} The files have: {tables}. "
            f"Was a column renamed, or is the delimiter wrong? Correct the file or sources.yml"
        ) from error
    except duckdb.Error as error:
        raise SourceError(
            f"{entity}: the SQL in sources.yml failed on {names}: {_first_line(error)} "
            f"Use try_cast and try_strptime where a value may be wrong"
        ) from error


def _first_line(error: Exception) -> str:
    return str(error).split("\n", 1)[0].rstrip(". ") + "."


def _columns(con: duckdb.DuckDBPyConnection, relation: str) -> list[str]:
    rows = con.execute(f"describe {identifier(relation)}").fetchall()
    return [name for name, *_ in rows if not name.startswith("_origin")]


def _map_table(con: duckdb.DuckDBPyConnection, reading: EntitySource) -> None:
    """One expression per column; the columns that no expression mentions go to `extra`."""
    table = reading.table or ""
    code = " ".join(re.sub(r"'(?:[^']|'')*'", "", text) for text in reading.columns.values())
    beyond = [
        name
        for name in _columns(con, table)
        if not re.search(rf"(?<!\w){re.escape(name)}(?!\w)", code, re.IGNORECASE)
    ]
    own = set(_columns(con, table))
    columns = ", ".join(
        f"({identifier(text) if text in own else text}) as {identifier(name)}"
        for name, text in reading.columns.items()
    )
    con.execute(
        f"create table {RELATION} as select {columns}, {_json_of(beyond)} as extra, "
        f"_origin, _origin_row from {identifier(table)}"
    )


def _map_query(con: duckdb.DuckDBPyConnection, entity: str, reading: EntitySource) -> None:
    """The query's columns by their names; those that the entity does not know go to `extra`.

    A query that passes `_origin` and `_origin_row` of a table on lets its rows keep the file that
    they came from: then a later file may correct an earlier one, and a refused row can be found.
    Otherwise all rows come from the query, and two that contradict each other are refused.

    Raises:
        SourceError: the query lacks a column without which no row can land.
    """
    contract = ENTITIES[entity]
    con.execute(f"create table queried as select * from ({reading.query}\n)")
    given = _columns(con, "queried")
    described = con.execute("describe queried").fetchall()
    origin, row = (
        name if any(column == name for column, *_ in described) else instead
        for name, instead in (("_origin", "'query'"), ("_origin_row", "rowid + 1"))
    )
    missing = [name for name in contract.required if name not in given]
    if missing:
        raise SourceError(
            f"{entity}: the query in sources.yml gives no {', '.join(missing)}, without which no "
            f"row lands; it gives {', '.join(given)}"
        )
    mapped = [identifier(name) for name in given if name in contract.columns]
    beyond = [name for name in given if name not in contract.columns and name != "extra"]
    extra = "extra" if "extra" in given else f"{_json_of(beyond)} as extra"
    con.execute(
        f"create table {RELATION} as select {', '.join(mapped)}, {extra}, "
        f"{origin} as _origin, {row} as _origin_row from queried order by rowid"
    )
    con.execute("drop table queried")


def _json_of(names: Sequence[str]) -> str:
    """An expression for the JSON text of some columns, NULL where there are none."""
    if not names:
        return "cast(null as varchar)"
    pairs = ", ".join(f"{literal(name)}, {identifier(name)}" for name in names)
    return f"cast(json_object({pairs}) as varchar)"
