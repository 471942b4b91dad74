"""Where records go: what every output file can do, and sinks of bytes that can be taken up again.

A file is written under its name with `.part` behind it until all is done. `checkpoint` brings everything so far
into the file, in whole lines (and whole gzip members or zstd frames), and returns a mark; `rewind` takes away
what came after a mark.
"""

from __future__ import annotations

import os
from contextlib import suppress
from typing import IO, Protocol

from mtscore.errors import OutputError
from mtscore.files.compression import packed
from mtscore.files.formats.record import Record
from mtscore.files.paths import input_format
from mtscore.files.reasons import cannot_write
from mtscore.records import Verdict

PART = ".part"


class Output(Protocol):
    """Something that records are written to, in order."""

    def begin(self, header: Record) -> None:
        """Write what stands before the first record: a CSV file's header; for Parquet, the schema."""

    def write(self, record: Record, verdict: Verdict) -> None:
        """Write a record, whole."""

    def checkpoint(self) -> int:
        """Bring everything to the file; the mark to come back to."""

    def rewind(self, mark: int) -> None:
        """Take up a file where it was at a mark, 0 for the beginning. Comes first."""

    def close(self, *, is_complete: bool) -> None:
        """Close the file, which then takes its name if it is complete."""


class Sink(Protocol):
    """Bytes on their way out."""

    def write(self, data: bytes, /) -> object: ...

    def checkpoint(self) -> int: ...

    def rewind(self, mark: int) -> None: ...

    def close(self, *, is_complete: bool) -> None: ...


class StreamSink:
    """Standard output, which nothing can be taken back from."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    def write(self, data: bytes, /) -> object:
        return self._stream.write(data)

    def checkpoint(self) -> int:
        self._stream.flush()
        return 0

    def rewind(self, mark: int) -> None:
        """There is nothing to go back to."""

    def close(self, *, is_complete: bool) -> None:
        self._stream.flush()


class FileSink:
    """A file, compressed as its suffix says. It is opened at the first use, so that one that never gets a byte
    is not there unless `is_always_there`."""

    def __init__(self, path: str, *, is_always_there: bool = True) -> None:
        self._path = path
        self._is_plain = os.path.exists(path) and not os.path.isfile(path)  # a device or pipe
        self._written = path if self._is_plain else os.path.realpath(path) + PART
        self._is_always_there = is_always_there
        self._raw: IO[bytes] | None = None
        self._packed: IO[bytes] | None = None

    def write(self, data: bytes, /) -> object:
        return self._stream().write(data)

    def checkpoint(self) -> int:
        """The file's size, with all that was written in it."""
        if self._packed is not None and self._packed is not self._raw:
            self._packed.close()  # ends the member or frame
        self._packed = None
        if self._raw is None:
            return 0
        self._raw.flush()
        return 0 if self._is_plain else self._raw.tell()

    def rewind(self, mark: int) -> None:
        if self._is_plain:
            return
        if self._raw is not None:
            self._packed = None
            self._raw.close()
            self._raw = None
        if not mark:
            with suppress(FileNotFoundError):
                os.unlink(self._written)
            if self._is_always_there:
                self._open()
            return
        self._open("r+b")
        assert self._raw is not None
        if self._raw.seek(0, os.SEEK_END) < mark:
            raise OutputError(f"{self._written} is shorter than it was left; start again without --resume")
        self._raw.truncate(mark)
        self._raw.seek(mark)

    def close(self, *, is_complete: bool) -> None:
        self.checkpoint()
        if self._raw is not None:
            self._raw.close()
        if is_complete:
            finish_file(self._path)

    def _stream(self) -> IO[bytes]:
        if self._packed is None:
            if self._raw is None:
                self._open()
            assert self._raw is not None
            self._packed = packed(self._raw, input_format(self._path)[1])
        return self._packed

    def _open(self, mode: str = "wb") -> None:
        try:
            self._raw = open(self._written, mode)  # noqa: SIM115
        except (OSError, ValueError) as error:
            raise cannot_write(self._path, error) from None


def finish_file(path: str) -> None:
    """Give a file that is complete its name, unless it has it already."""
    target = os.path.realpath(path)
    if os.path.isfile(target + PART):
        os.replace(target + PART, target)


class SinkOutput:
    """What is written to one sink, which keeps the place."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink

    def checkpoint(self) -> int:
        return self._sink.checkpoint()

    def rewind(self, mark: int) -> None:
        self._sink.rewind(mark)

    def close(self, *, is_complete: bool) -> None:
        self._sink.close(is_complete=is_complete)
