"""Writing files so that a killed process leaves the old file or the new one, never a part."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def fsync(path: Path) -> None:
    """Make a file's content, or a folder's list of names, survive a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def publish(temporary: Path, final: Path) -> None:
    """Turn a finished temporary file into the final one: fsync, rename, fsync of the folder."""
    fsync(temporary)
    temporary.replace(final)
    fsync(final.parent)


@contextmanager
def replacing(final: Path) -> Iterator[Path]:
    """Give a temporary path beside `final`; publish it if the block ends well, else remove it."""
    final.parent.mkdir(parents=True, exist_ok=True)
    temporary = final.with_name(f".{final.name}.{os.getpid()}.tmp")
    try:
        yield temporary
        publish(temporary, final)
    finally:
        temporary.unlink(missing_ok=True)


def write_text(final: Path, text: str, mode: int = 0o644) -> None:
    """Replace a small text file in one step."""
    with replacing(final) as temporary:
        temporary.touch(mode=mode)
        temporary.write_text(text, encoding="utf-8")
