"""One run at a time on one home."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from orchestration.settings import Home


class AlreadyRunning(Exception):
    """Another run works on this home."""


@contextmanager
def locked(home: Home) -> Iterator[None]:
    """Keep other runs out; the lock dies with the process that holds it.

    Raises:
        AlreadyRunning: another process works on this home.
    """
    home.root.mkdir(parents=True, exist_ok=True)
    with home.lock.open("a+") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            handle.seek(0)
            raise AlreadyRunning(
                f"another run (process {handle.read().strip() or 'unknown'}) works on {home.root}: "
                f"wait for it"
            ) from None
        handle.truncate(0)
        handle.write(str(os.getpid()))
        handle.flush()
        yield
