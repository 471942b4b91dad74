"""One file, opened for reading: unpacked, and counted for progress."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from mtscore.files.compression import OPENERS
from mtscore.files.formats.record import Stream
from mtscore.files.paths import STDIN

_CHUNK = 1 << 20

OnRead = Callable[[int], object]
"""Called with the number of bytes (as stored, so compressed ones count as such) each time some are read."""


@contextmanager
def open_input(path: str, compression: str, on_read: OnRead | None) -> Iterator[Stream]:
    """The file at `path`, or standard input, unpacked as `compression` (a suffix, or "") says."""
    if path == STDIN:
        if sys.stdin is None:
            raise OSError("standard input is closed")
        yield sys.stdin.buffer
        return
    if "\0" in path:
        raise FileNotFoundError
    with (
        open(path, "rb", buffering=0) as raw,
        io.BufferedReader(_Counted(raw, on_read) if on_read else raw, _CHUNK) as stream,
    ):
        if compression:
            with OPENERS[compression](stream) as unpacked:
                yield unpacked
        else:
            yield stream


class _Counted(io.RawIOBase):
    """A raw stream that reports how much was read, for progress bars."""

    def __init__(self, raw: io.FileIO, on_read: OnRead) -> None:
        self._raw = raw
        self._on_read = on_read

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return self._raw.seekable()

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._raw.seek(offset, whence)

    def readinto(self, buffer: Any) -> int | None:
        size = self._raw.readinto(buffer)
        self._on_read(size or 0)
        return size

    def close(self) -> None:
        self._raw.close()
        super().close()
