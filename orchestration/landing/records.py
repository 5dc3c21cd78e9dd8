"""What the warehouse writes down about itself: runs, checks, refused rows, releases.

Records land beside the entities, as Parquet files under `landing/records/<record>/`, so that the
quality marts are built from landing like every other mart and outlive any candidate.
"""

from __future__ import annotations

from pathlib import Path

RECORDS: dict[str, dict[str, str]] = {
    "runs": {
        "run_id": "varchar",
        "started_at": "timestamptz",
        "ended_at": "timestamptz",
        "status": "varchar",
        "trigger": "varchar",
        "batch_count": "bigint",
        "release_id": "varchar",
        "message": "varchar",
        "code_version": "varchar",
    },
    "check_results": {
        "run_id": "varchar",
        "checked_at": "timestamptz",
        "asset": "varchar",
        "check_name": "varchar",
        "description": "varchar",
        "severity": "varchar",
        "passed": "boolean",
        "observed": "varchar",
        "expected": "varchar",
        "failing_sample": "varchar",
    },
    "quarantined_rows": {
        "quarantine_id": "varchar",
        "entity": "varchar",
        "source": "varchar",
        "batch_id": "varchar",
        "quarantined_at": "timestamptz",
        "origin": "varchar",
        "origin_row": "bigint",
        "row_as_it_came": "varchar",
        "row_without_personal_values": "varchar",
        "reasons": "varchar",
    },
    "quarantine_decisions": {
        "quarantine_id": "varchar",
        "status": "varchar",
        "decided_at": "timestamptz",
        "batch_id": "varchar",
    },
    "releases": {
        "release_id": "varchar",
        "released_at": "timestamptz",
        "run_id": "varchar",
        "as_of": "timestamptz",
        "row_counts": "varchar",
        "audited_sha256": "varchar",
        "code_version": "varchar",
    },
    "restatements": {
        "release_id": "varchar",
        "metric": "varchar",
        "policy": "varchar",
        "grain": "varchar",
        "period_start": "date",
        "dimension": "varchar",
        "dimension_value": "varchar",
        "value_before": "double",
        "value_after": "double",
    },
}


def folder(landing: Path, record: str) -> Path:
    """Where the files of one kind of record are."""
    return landing / "records" / record
