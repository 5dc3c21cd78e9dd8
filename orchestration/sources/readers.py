"""Strict readers of csv, jsonl and parquet files: what is no row is kept aside, never dropped."""

from __future__ import annotations

import codecs
import csv
import gzip
import hashlib
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import IO

import duckdb

from orchestration.landing.batches import Input, identifier, literal
from orchestration.settings import Table
from orchestration.sources import SourceError

REJECTS = "rejects"
SUFFIXES = (".csv", ".csv.gz", ".jsonl", ".jsonl.gz", ".parquet")
CHUNK = 1 << 20
MAX_LINE_BYTES = 16 << 20


def suffix_of(path: Path) -> str:
    """The ending that tells how a file is read, without `.gz`.

    Raises:
        SourceError: the ending is none that is known.
    """
    for suffix in SUFFIXES:
        if path.name.endswith(suffix):
            return suffix.removesuffix(".gz")
    raise SourceError(f"{path}: only files that end in {', '.join(SUFFIXES)} are read")


def digest_of(path: Path) -> str:
    """The sha256 of a file's content, after a look for what no reader would notice.

    Raises:
        SourceError: the file is empty, cut short, UTF-16 or holds a NUL byte.
    """
    if path.stat().st_size == 0:
        raise SourceError(f"{path} is empty (0 bytes): was the export cut off? Export it again")
    digest, lines, is_text = hashlib.sha256(), 0, suffix_of(path) != ".parquet"
    try:
        with _opened(path) as stream:
            for chunk in iter(lambda: stream.read(CHUNK), b""):
                digest.update(chunk)
                if is_text and b"\0" in chunk:
                    _refuse_nul(path, lines + chunk[: chunk.index(b"\0")].count(b"\n") + 1)
                lines += chunk.count(b"\n")
    except (EOFError, gzip.BadGzipFile) as error:
        raise SourceError(f"{path} is cut short or no gzip file: {error}. Copy it again") from error
    return digest.hexdigest()


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    with gzip.open(path, "rb") if path.name.endswith(".gz") else path.open("rb") as stream:
        yield stream


def _refuse_nul(path: Path, line: int) -> None:
    with _opened(path) as stream:
        if stream.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            raise SourceError(f"{path} is UTF-16: save it as UTF-8")
    raise SourceError(
        f"{path}, line {line}: a NUL byte, which no text has: the file is damaged. Export it again"
    )


def load(
    con: duckdb.DuckDBPyConnection,
    directory: Path,
    table: Table,
    files: Sequence[Input],
    seen: Sequence[Input],
) -> list[Input]:
    """Make the table named in `files` from them, every row with its file and its number in it.

    Lines that are no rows go to the table `rejects`.

    Args:
        con: where the table is made.
        directory: what the files' paths are relative to.
        table: how the files are written.
        files: what to read, in order; all of one table.
        seen: the files of this table that have landed, oldest first.

    Returns:
        The files with the columns and the number of rows that they turned out to have.

    Raises:
        SourceError: a file has lost a column or its rows, or cannot be read at all.
    """
    suffixes = {suffix_of(directory / file.path) for file in files}
    if ".parquet" in suffixes:
        if len(suffixes) > 1:
            raise SourceError(f"{table.path}: Parquet and text files cannot be one table")
        read = _load_parquet(con, directory, files)
    else:
        read = _load_text(con, directory, table, files, seen)
    for file in read:
        _check_against_history(directory / file.path, file, seen)
    return read


def _check_against_history(path: Path, file: Input, seen: Sequence[Input]) -> None:
    """A file may bring new columns; one that earlier files had may not be gone."""
    rows_before = next((old.rows for old in reversed(seen) if old.path == file.path), 0)
    if rows_before and not file.rows:
        raise SourceError(
            f"{path} has a header and no rows, where there were {rows_before}: export it again"
        )
    if not seen or path.suffix == ".jsonl":
        return
    lost = [name for name in seen[-1].columns if name not in file.columns]
    new = [name for name in file.columns if name not in seen[-1].columns]
    if lost:
        instead = f" and has {', '.join(new)} instead" if new else ""
        raise SourceError(
            f"{path} lacks {', '.join(lost)}, which {seen[-1].path} has,{instead or ' too'}: was a "
            f"column renamed? Correct the file, or map the new name in sources.yml"
        )


def _load_parquet(
    con: duckdb.DuckDBPyConnection, directory: Path, files: Sequence[Input]
) -> list[Input]:
    paths = ", ".join(literal(directory / file.path) for file in files)
    prefix = len(str(directory)) + 2
    try:
        con.execute(
            f"create table {identifier(files[0].table)} as "
            f"select * exclude (filename, file_row_number), "
            f"filename[{prefix}:] as _origin, file_row_number + 1 as _origin_row "
            f"from read_parquet([{paths}], union_by_name = true, filename = true, "
            f"file_row_number = true)"
        )
        return [
            replace(file, columns=_parquet_columns(con, directory / file.path), rows=rows)
            for file in files
            for (rows,) in con.execute(
                f"select count(*) from {identifier(file.table)} where _origin = ?", [file.path]
            ).fetchall()
        ]
    except duckdb.Error as error:
        names = ", ".join(file.path for file in files)
        raise SourceError(f"{directory}: {names}: no readable Parquet: {error}") from error


def _parquet_columns(con: duckdb.DuckDBPyConnection, path: Path) -> tuple[str, ...]:
    rows = con.execute(f"describe select * from read_parquet({literal(path)})").fetchall()
    return tuple(name for name, *_ in rows)


def _load_text(
    con: duckdb.DuckDBPyConnection,
    directory: Path,
    table: Table,
    files: Sequence[Input],
    seen: Sequence[Input],
) -> list[Input]:
    name = identifier(files[0].table)
    columns = dict.fromkeys(column for old in seen for column in old.columns)
    read: list[Input] = []
    for number, file in enumerate(files):
        path, is_csv = directory / file.path, suffix_of(directory / file.path) == ".csv"
        own = _read_csv(con, path, table) if is_csv else _read_jsonl(con, path, file.path)
        if is_csv:
            _keep_rejects(con, file.path)
        columns |= dict.fromkeys(own)
        if number == 0:
            types = ", ".join(f"{identifier(column)} varchar" for column in columns)
            con.execute(f"create table {name} ({types}, _origin varchar, _origin_row bigint)")
        present = {column for column, *_ in con.execute(f"describe {name}").fetchall()}
        for column in own:
            if column not in present:
                con.execute(f"alter table {name} add column {identifier(column)} varchar")
        counted = con.execute(
            f"insert into {name} by name select *, {literal(file.path)} as _origin from part"
        ).fetchall()
        con.execute("drop table part")
        read.append(replace(file, columns=tuple(own), rows=counted[0][0]))
    return read


def _read_csv(con: duckdb.DuckDBPyConnection, path: Path, table: Table) -> list[str]:
    """Make the table `part` of a csv file's rows; return its columns."""
    columns = _header(path, table.delimiter)
    types = ", ".join(f"{literal(name)}: 'varchar'" for name in columns)
    nulls = ", ".join(literal(value) for value in table.null_values)
    con.execute(
        f"create temp table part as select *, row_number() over () as _origin_row from read_csv("
        f"{literal(path)}, columns = {{{types}}}, header = true, "
        f"delim = {literal(table.delimiter)}, quote = '\"', escape = '\"', nullstr = [{nulls}], "
        f"auto_detect = false, strict_mode = true, store_rejects = true, rejects_limit = 0, "
        f"rejects_table = 'csv_errors', rejects_scan = 'csv_scans')"
    )
    return columns


def _keep_rejects(con: duckdb.DuckDBPyConnection, origin: str) -> None:
    """Move a file's refused lines, one row each with all that is wrong with it, to `rejects`."""
    con.execute(
        f"""
        insert into {REJECTS}
        select
            ?, line - 1, trim(any_value(csv_line), chr(10) || chr(13)),
            string_agg(distinct lower(replace(error_type::varchar, '_', ' ')), ', ')
        from csv_errors group by line
        """,
        [origin],
    )
    con.execute("drop table csv_errors; drop table csv_scans")


def _header(path: Path, delimiter: str) -> list[str]:
    """The names in the first record, trimmed of blanks and a byte-order mark.

    Raises:
        SourceError: two names are alike, the file is not UTF-8, or another delimiter was used.
    """
    try:
        with _opened(path) as stream:
            text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")
            cells = next(csv.reader(text, delimiter=delimiter, strict=True), [])
    except UnicodeDecodeError as error:
        raise SourceError(f"{path} is not UTF-8 ({error.reason}): save it as UTF-8") from error
    except csv.Error as error:
        raise SourceError(f"{path}: the header cannot be read: {error}") from error
    names = [cell.strip() or f"column_{number}" for number, cell in enumerate(cells, 1)]
    folded = [name.lower() for name in names]
    twice = sorted({name for name in names if folded.count(name.lower()) > 1})
    if twice:
        raise SourceError(f"{path}: the header has {', '.join(twice)} twice: rename one of them")
    other = next((sign for sign in ";\t|," if len(names) == 1 and sign in names[0]), None)
    if other and other != delimiter:
        raise SourceError(
            f"{path} is read as one column, {names[0]!r}: its fields seem to be separated by "
            f"{other!r}. Set `delimiter: {other!r}` for this table in sources.yml"
        )
    return names


def _read_jsonl(con: duckdb.DuckDBPyConnection, path: Path, origin: str) -> list[str]:
    """Make the table `part` of a file of JSON objects, a key a column; return its columns.

    A line that is no JSON object goes to `rejects`.
    """
    con.execute(
        f"create temp table lines as select line, row_number() over () as number, "
        f"coalesce(json_type(try_cast(line as json)) = 'OBJECT', false) as is_object "
        f"from read_csv({literal(path)}, columns = {{'line': 'varchar'}}, header = false, "
        f"delim = '\x01', quote = '', escape = '', auto_detect = false, "
        f"max_line_size = {MAX_LINE_BYTES})"
    )
    con.execute(
        f"insert into {REJECTS} select ?, number, line, 'no JSON object' from lines "
        f"where not is_object",
        [origin],
    )
    keys = con.execute(
        "select distinct unnest(json_keys(line)) as key from lines where is_object order by key"
    ).fetchall()
    names = [name for (name,) in keys]
    paths = ", ".join(literal(_json_path(name)) for name in names)
    fields = "".join(f"found[{n}] as {identifier(name)}, " for n, name in enumerate(names, 1))
    con.execute(
        f"create temp table part as select {fields}_origin_row from (select "
        f"json_extract_string(line, [{paths}]) as found, number as _origin_row "
        f"from lines where is_object order by number)"
    )
    con.execute("drop table lines")
    return names


def _json_path(key: str) -> str:
    return '$."' + key.replace('"', '\\"') + '"'


def create_rejects(con: duckdb.DuckDBPyConnection) -> None:
    """Make the empty table of lines that are no rows."""
    con.execute(
        f"create table {REJECTS} (origin varchar, origin_row bigint, line varchar, reason varchar)"
    )
