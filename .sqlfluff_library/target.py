"""Stands in for dbt's target while sqlfluff reads the models."""

type = "duckdb"
