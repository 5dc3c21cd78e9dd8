"""Tables of a query, made from files of one shape, every row with its file and its number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import duckdb

from orchestration.landing.batches import Input, identifier, literal
from orchestration.settings import Table
from orchestration.sources import SourceError
from orchestration.sources.files.bytes import suffix_of
from orchestration.sources.files.text import read_csv, read_json_lines


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
        path = directory / file.path
        own = (
            read_csv(con, path, file.path, table)
            if suffix_of(path) == ".csv"
            else read_json_lines(con, path, file.path)
        )
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
