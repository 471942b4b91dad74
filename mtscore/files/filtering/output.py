"""Where records go: what every output can do, and sinks of bytes that can be taken up again.

A file is written under its name with `.part` behind it until all is done. `checkpoint` brings everything so far
into the file, in whole lines (and whole gzip members or zstd frames), and returns a mark; `rewind` takes away
what came after a mark.
"""

from __future__ import annotations

import os
from contextlib import suppress
from itertools import count
from typing import IO, Protocol

from mtscore.errors import OutputError
from mtscore.files.compression import packed
from mtscore.files.filtering.checks import PART
from mtscore.files.formats.record import Record
from mtscore.files.paths import input_format
from mtscore.files.reasons import cannot_write
from mtscore.records import Verdict


class Output(Protocol):
    """Something that records are written to, in order."""

    def rewind(self, mark: int) -> None:
        """Take up an output where it was at a mark, 0 for the beginning. Comes first."""

    def begin(self, header: Record) -> None:
        """Take notice of the input's header; write it, if this is the beginning."""

    def write(self, record: Record, verdict: Verdict) -> None:
        """Write a record, whole."""

    def checkpoint(self) -> int:
        """Bring everything to the file; the mark to come back to."""

    def commit(self) -> None:
        """Called when the last mark is written down."""

    def finish(self) -> None:
        """Called when the last record was written, before the last checkpoint."""

    def close(self, *, is_complete: bool) -> None:
        """Close the output, which then takes its name if it is complete."""

    def settle(self, mark: int) -> None:
        """Give what a run has completed its name, if it was killed before it could."""


class Sink(Protocol):
    """Bytes that go out."""

    def write(self, data: bytes, /) -> object: ...

    def checkpoint(self) -> int: ...

    def rewind(self, mark: int) -> None: ...

    def close(self, *, is_complete: bool) -> None: ...

    def settle(self, mark: int) -> None: ...


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

    def settle(self, mark: int) -> None:
        """There is nothing to be named."""


class FileSink:
    """A file, compressed as its suffix says. One that `may_be_missing` is opened at the first use, so that it is not
    there if it never gets a byte."""

    def __init__(self, path: str, *, may_be_missing: bool = False) -> None:
        self.path = path
        self._is_plain = os.path.exists(path) and not os.path.isfile(path)  # a device or pipe
        self._may_be_missing = may_be_missing
        self._raw: IO[bytes] | None = None
        self._packed: IO[bytes] | None = None

    @property
    def _target(self) -> str:
        return self.path if self._is_plain else os.path.realpath(self.path)

    @property
    def _written(self) -> str:
        return self.path if self._is_plain else self._target + PART

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
            if not self._may_be_missing:
                self._open()
            return
        self._open("r+b")
        assert self._raw is not None
        if self._raw.seek(0, os.SEEK_END) < mark:
            raise OutputError(f"{self._written} is shorter than it was left; start again with --restart")
        self._raw.truncate(mark)
        self._raw.seek(mark)

    def close(self, *, is_complete: bool) -> None:
        self.checkpoint()
        if self._raw is None:
            return
        is_whole = self._is_plain or self._is_still_there(self._raw)
        is_empty = not self._is_plain and not self._raw.tell()
        self._raw.close()
        if is_empty and is_whole and not is_complete:
            os.unlink(self._written)
        if is_complete and not is_whole:
            raise OutputError(f"{self._written} was removed or replaced while it was written; run it again")
        if is_complete and not self._is_plain:
            os.replace(self._written, self._target)

    def settle(self, mark: int) -> None:
        if self._is_plain or (self._may_be_missing and not mark):
            return
        if os.path.isfile(self._written):
            os.replace(self._written, self._target)
        elif not (os.path.isfile(self._target) and os.path.getsize(self._target) == mark):
            raise OutputError(f"{self._written} has vanished; start again with --restart")

    def _is_still_there(self, raw: IO[bytes]) -> bool:
        with suppress(FileNotFoundError):
            return os.path.samestat(os.fstat(raw.fileno()), os.stat(self._written))
        return False

    def _stream(self) -> IO[bytes]:
        if self._packed is None:
            if self._raw is None:
                self._open()
            assert self._raw is not None
            self._packed = packed(self._raw, input_format(self.path)[1])
        return self._packed

    def _open(self, mode: str = "wb") -> None:
        try:
            self._raw = open(self._written, mode)  # noqa: SIM115
        except FileNotFoundError as error:
            if mode == "wb":
                raise cannot_write(self.path, error) from None
            raise OutputError(f"{self._written} has vanished; start again with --restart") from None
        except (OSError, ValueError) as error:
            raise cannot_write(self.path, error) from None


class NewFileSink(FileSink):
    """A file under a name that no other file has, which is chosen at the first use: "name.jsonl", "name-2.jsonl"."""

    def __init__(self, path: str) -> None:
        super().__init__(path, may_be_missing=True)
        self._stem, self._ending = os.path.splitext(path)

    def rewind(self, mark: int) -> None:
        """Nothing of this name is ours yet."""

    def _open(self, mode: str = "wb") -> None:
        for number in count(1):
            self.path = f"{self._stem}{'' if number == 1 else f'-{number}'}{self._ending}"
            if os.path.lexists(self.path):
                continue
            with suppress(OutputError):
                super()._open("xb")
                return
            if not os.path.lexists(self._written):  # not because another run has it
                super()._open("xb")
                return


class SinkOutput:
    """What is written to one sink, which keeps the place."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._is_continued = False

    def rewind(self, mark: int) -> None:
        self._is_continued = mark > 0
        self._sink.rewind(mark)

    def checkpoint(self) -> int:
        return self._sink.checkpoint()

    def commit(self) -> None:
        """The bytes are in the file already."""

    def finish(self) -> None:
        """Nothing stands behind the last record."""

    def close(self, *, is_complete: bool) -> None:
        self._sink.close(is_complete=is_complete)

    def settle(self, mark: int) -> None:
        self._sink.settle(mark)
