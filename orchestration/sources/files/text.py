"""Strict readers of csv and of JSON lines: what is no row is kept aside, never dropped."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import duckdb

from orchestration.landing.batches import identifier, literal
from orchestration.settings import Table
from orchestration.sources import SourceError
from orchestration.sources.files.bytes import opened

REJECTS = "rejects"
MAX_LINE_BYTES = 16 << 20


def create_rejects(con: duckdb.DuckDBPyConnection) -> None:
    """Make the empty table of lines that are no rows."""
    con.execute(
        f"create table {REJECTS} (origin varchar, origin_row bigint, line varchar, reason varchar)"
    )


def read_csv(con: duckdb.DuckDBPyConnection, path: Path, origin: str, table: Table) -> list[str]:
    """Make the table `part` of a csv file's rows; return its columns.

    A line that has not the columns of the header goes to `rejects`.
    """
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
    _keep_rejects(con, origin)
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
        with opened(path) as stream:
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


def read_json_lines(con: duckdb.DuckDBPyConnection, path: Path, origin: str) -> list[str]:
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
