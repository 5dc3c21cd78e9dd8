"""Stands in for dbt's adapter while sqlfluff reads the models: DuckDB's side of each macro."""

from collections.abc import Callable

TABLES = {"raw": "landing.{0}", "date_series": "(select {0} as date_day)"}


def dispatch(name: str, macro_namespace: str | None = None) -> Callable[..., str]:
    """Give SQL of the right kind for a macro that differs between engines."""
    text = TABLES.get(name, "coalesce({0})")
    return lambda *arguments: text.format(*arguments)
