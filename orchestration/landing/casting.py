"""From what a source sends to the contract's types: the casts, and what is said when one fails."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from orchestration.landing.batches import identifier, literal
from orchestration.landing.contract import SQL_TYPES, Column, Entity

OFFSET = r"[0-9]{1,2}:[0-9]{2}.*(Z|z|UTC|GMT|[+-][0-9]{2}(:?[0-9]{2})?)$"
CLOCK_TOLERANCE = timedelta(days=1)
KINDS = {
    "decimal": "a number",
    "integer": "a whole number",
    "instant": "a time",
    "date": "a date",
    "boolean": "true or false",
}


@dataclass(frozen=True)
class Reading:
    """How text becomes instants: the zone of times without an offset, and their format if any."""

    timezone: str
    timestamp_format: str | None = None


def raw_text(name: str, given: str | None) -> str:
    """The value as it came, as text; a blank is no value."""
    if given is None:
        return "cast(null as varchar)"
    return f"nullif(trim(cast({identifier(name)} as varchar)), '')"


def cast_of(name: str, column: Column, given: str | None, reading: Reading) -> str:
    """An expression for a column in its contract's type, NULL where the value does not fit.

    Args:
        name: the column.
        column: what the contract says of it.
        given: the SQL type that the source gives, or None if it gives no such column.
        reading: how text becomes instants.
    """
    text = raw_text(name, given)
    if column.type == "instant":
        return _instant(name, given, reading)
    if column.type == "integer":
        number = f"try_cast({text} as decimal(38, 6))"
        return f"case when {number} % 1 = 0 then try_cast({number} as bigint) end"
    if column.type == "boolean":
        return (
            f"case when lower({text}) in ('true', 't', 'yes', 'y', '1') then true "
            f"when lower({text}) in ('false', 'f', 'no', 'n', '0') then false end"
        )
    if column.type == "text":
        return f"lower({text})" if column.allowed else text
    return f"try_cast({text} as {SQL_TYPES[column.type]})"


def _instant(name: str, given: str | None, reading: Reading) -> str:
    """An instant: with its own offset, or as local time of the reading's zone.

    In the hour that happens twice, when clocks go back, local time is read as standard time.
    """
    if given is None:
        return "cast(null as timestamptz)"
    if given == "TIMESTAMP WITH TIME ZONE":
        return identifier(name)
    local = f"({_local(name, given, reading)} at time zone {literal(reading.timezone)})"
    if given != "VARCHAR":
        return local
    text = raw_text(name, given)
    tidy = rf"regexp_replace({text}, '\s*([+-]\d{{2}}):?(\d{{2}})$', '\1:\2')"
    return (
        f"case when regexp_matches({text}, {literal(OFFSET)}) then try_cast({tidy} as timestamptz) "
        f"else {local} end"
    )


def _local(name: str, given: str, reading: Reading) -> str:
    """The wall-clock time of a value without an offset."""
    text = raw_text(name, given)
    if given == "VARCHAR" and reading.timestamp_format:
        return f"try_strptime({text}, {literal(reading.timestamp_format)})"
    return f"try_cast({identifier(name) if given != 'VARCHAR' else text} as timestamp)"


def reasons_of(
    contract: Entity, given: dict[str, str], reading: Reading, instant: datetime
) -> Iterator[str]:
    """One SQL expression per way in which a row can break its contract: a reason, or NULL.

    The expressions read the typed columns under their names and the values as they came under
    `raw_<name>`. A reason names the column and never quotes the value, which may be personal.
    """
    for name, column in contract.columns.items():
        typed, raw = identifier(name), identifier(f"raw_{name}")
        if name in contract.required:
            yield _when(f"{raw} is null", f"{name} is missing")
        if column.type == "instant":
            yield from _instant_reasons(name, given, reading)
        elif column.type != "text":
            unread = f"{raw} is not null and {typed} is null"
            yield _when(unread, f"{name} cannot be read as {KINDS[column.type]}")
        elif column.allowed:
            wrong = f"{typed} not in ({', '.join(map(literal, column.allowed))})"
            yield _when(wrong, f"{name} is not one of {', '.join(column.allowed)}")
    if contract.time:
        latest = literal((instant + CLOCK_TOLERANCE).isoformat())
        time = identifier(contract.time)
        yield _when(f"{time} > timestamptz {latest}", f"{contract.time} lies in the future")
        yield _when(f"{time} < timestamptz '1970-01-01'", f"{contract.time} lies before 1970")
    for rule in contract.rules:
        yield _when(f"not ({rule.condition})", rule.reason)


def _instant_reasons(name: str, given: dict[str, str], reading: Reading) -> Iterator[str]:
    typed, raw = identifier(name), identifier(f"raw_{name}")
    kind = given.get(name)
    if kind is None:
        return
    hint = f" in the format {reading.timestamp_format}" if reading.timestamp_format else ""
    yield _when(f"{raw} is not null and {typed} is null", f"{name} cannot be read as a time{hint}")
    if kind == "TIMESTAMP WITH TIME ZONE":
        return
    local = _local(f"raw_{name}", "VARCHAR", reading if kind == "VARCHAR" else Reading("UTC"))
    without_offset = f"not regexp_matches({raw}, {literal(OFFSET)})"
    yield _when(
        f"{without_offset} and ({typed} at time zone {literal(reading.timezone)}) <> {local}",
        f"{name} does not exist in {reading.timezone}, where clocks go forward over it: "
        f"send it with its offset",
    )


def _when(condition: str, reason: str) -> str:
    return f"case when {condition} then {literal(reason)} end"
