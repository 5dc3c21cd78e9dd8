"""The manifest: what a release was made from, what was checked, and what is in it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

import duckdb

from orchestration.audit import sha256_of
from orchestration.landing import batches
from orchestration.landing.batches import identifier
from orchestration.landing.contract import ENTITIES
from orchestration.landing.durable import write_text
from orchestration.release.shelf import DATABASE
from orchestration.settings import Home


def table_facts(con: duckdb.DuckDBPyConnection) -> dict[str, tuple[int, str]]:
    """Rows and checksum of every mart; the checksum does not depend on the order of rows."""
    tables = con.execute(
        "select table_schema, table_name from information_schema.tables "
        "where table_catalog = current_database() order by all"
    ).fetchall()
    facts: dict[str, tuple[int, str]] = {}
    for schema, table in tables:
        name = f"{identifier(schema)}.{identifier(table)}"
        count, checksum = con.execute(
            f"select count(*), coalesce(sum(hash(one)::hugeint), 0)::varchar from {name} as one"
        ).fetchall()[0]
        facts[f"{schema}.{table}"] = (count, checksum)
    return facts


def write_manifest(
    draft: Path,
    home: Home,
    row: Mapping[str, object],
    run: Mapping[str, object],
    checks: Sequence[Mapping[str, object]],
) -> None:
    """Write what the release was made from, what was checked, and what is in it."""
    with duckdb.connect(str(draft / DATABASE), read_only=True) as con:
        facts = table_facts(con)
        restated = con.execute(
            "select metric, count(*) from quality.restatements where release_id = ? "
            "group by metric order by metric",
            [row["release_id"]],
        ).fetchall()
    manifest = {
        **{key: _plain(value) for key, value in row.items() if key != "row_counts"},
        "started_at": _plain(run["started_at"]),
        "sha256": sha256_of(draft / DATABASE),
        "tables": {name: {"rows": n, "checksum": total} for name, (n, total) in facts.items()},
        "inputs": _inputs(home),
        "checks": {
            "passed": sum(bool(check["passed"]) for check in checks),
            "warned": [
                f"{check['asset']}: {check['check_name']}"
                for check in checks
                if not check["passed"]
            ],
        },
        "restatements": sum(count for _, count in restated),
        "restated_metrics": dict(restated),
    }
    write_text(draft / "manifest.json", json.dumps(manifest, indent=2) + "\n")
    (draft / "checks").mkdir()
    lines = [json.dumps({k: _plain(v) for k, v in check.items()}) + "\n" for check in checks]
    write_text(draft / "checks" / "results.jsonl", "".join(lines))


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value


def _inputs(home: Home) -> list[dict[str, object]]:
    """The batches that the release was built from, with their statements of rows."""
    return [
        {
            "batch_id": batch.batch_id,
            "rows_in": batch.rows_in,
            "landed": batch.landed,
            "quarantined": batch.quarantined,
            "duplicates": batch.duplicates,
        }
        for entity in ENTITIES
        for batch in batches.list_batches(home.landing, entity)
    ]
