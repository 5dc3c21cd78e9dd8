"""Dagster's event log with connections that stay open: a run writes it a thousand times.

The storage that Dagster uses by default makes a new engine and a new connection for every event,
which was 17 of the 43 seconds of a run with nothing new. This is the one place that leans on
Dagster's own insides; without the block `event_log_storage` in `dagster.yaml` all works the same,
only slower.
"""

import os
import sqlite3
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy

# The base class is public by Dagster's word (dagster.yaml names it), its module is not.
from dagster._core.storage.event_log import SqliteEventLogStorage
from sqlalchemy.pool import StaticPool

OPEN_FILES = 8
BUSY_SECONDS = 60


class OpenEventLogStorage(SqliteEventLogStorage):
    """The default storage, at the default place, with the last files it used kept open."""

    @classmethod
    def config_type(cls) -> dict[str, Any]:
        """Nothing to set."""
        return {}

    @classmethod
    def from_config_value(cls, inst_data: Any, config_value: Any) -> "OpenEventLogStorage":  # noqa: ANN401
        """Open the log of `DAGSTER_HOME`."""
        base = os.path.join(os.environ["DAGSTER_HOME"], "history", "runs")
        return cls(base_dir=base, inst_data=inst_data)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[sqlalchemy.Connection]:
        """A transaction on a file of the log, one at a time, as in the base class."""
        with self._db_lock:
            engine = self._engine(self.conn_string_for_shard(shard))
            if shard not in self._initialized_dbs:
                self._initdb(engine)
                self._initialized_dbs.add(shard)
            with engine.begin() as connection:
                yield connection

    def _engine(self, address: str) -> sqlalchemy.Engine:
        """The open file, or a newly opened one in the place of the one used longest ago."""
        engines = self.__dict__.setdefault("_engines", OrderedDict())
        if address not in engines:
            engines[address] = _open(address)
            if len(engines) > OPEN_FILES:
                engines.popitem(last=False)[1].dispose()
        engines.move_to_end(address)
        return engines[address]


def _open(address: str) -> sqlalchemy.Engine:
    """An engine with one connection for all threads, which take turns.

    A commit does not wait for the disk. The file stays whole whatever is killed; after a power cut
    the last events may be missing. What a run has landed, judged and released is flushed by our own
    hand and does not depend on them.
    """
    engine = sqlalchemy.create_engine(
        address,
        poolclass=StaticPool,
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
    )

    @sqlalchemy.event.listens_for(engine, "connect")
    def spare_the_disk(connection: sqlite3.Connection, _: object) -> None:
        connection.execute("pragma synchronous = normal")

    return engine
