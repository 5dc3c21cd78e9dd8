"""A file as bytes: how it is opened, what it is, and what no reader of it would notice."""

from __future__ import annotations

import codecs
import gzip
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from orchestration.sources import SourceError

SUFFIXES = (".csv", ".csv.gz", ".jsonl", ".jsonl.gz", ".parquet")
CHUNK = 1 << 20


def suffix_of(path: Path) -> str:
    """The ending that tells how a file is read, without `.gz`.

    Raises:
        SourceError: the ending is none that is known.
    """
    for suffix in SUFFIXES:
        if path.name.endswith(suffix):
            return suffix.removesuffix(".gz")
    raise SourceError(f"{path}: only files that end in {', '.join(SUFFIXES)} are read")


def digest_of(path: Path) -> str:
    """The sha256 of a file's content, after a look for what no reader would notice.

    Raises:
        SourceError: the file is empty, cut short, UTF-16 or holds a NUL byte.
    """
    if path.stat().st_size == 0:
        raise SourceError(f"{path} is empty (0 bytes): was the export cut off? Export it again")
    digest, lines, is_text = hashlib.sha256(), 0, suffix_of(path) != ".parquet"
    try:
        with opened(path) as stream:
            for chunk in iter(lambda: stream.read(CHUNK), b""):
                digest.update(chunk)
                if is_text and b"\0" in chunk:
                    _refuse_nul(path, lines + chunk[: chunk.index(b"\0")].count(b"\n") + 1)
                lines += chunk.count(b"\n")
    except (EOFError, gzip.BadGzipFile) as error:
        raise SourceError(f"{path} is cut short or no gzip file: {error}. Copy it again") from error
    return digest.hexdigest()


@contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """A file's bytes, unpacked where it is gzipped."""
    with gzip.open(path, "rb") if path.name.endswith(".gz") else path.open("rb") as stream:
        yield stream


def _refuse_nul(path: Path, line: int) -> None:
    with opened(path) as stream:
        if stream.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            raise SourceError(f"{path} is UTF-16: save it as UTF-8")
    raise SourceError(
        f"{path}, line {line}: a NUL byte, which no text has: the file is damaged. Export it again"
    )
