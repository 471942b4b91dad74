"""The verdicts of a watched folder, and beside them which files they are about, so that none is scored twice.

A file's verdicts are announced, appended and then signed for. After an interruption, what was announced and not signed
for is taken back. The output is opened anew for each file: it may be moved away at any time.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from types import TracebackType
from typing import Any, BinaryIO

from mtscore.adapters.watching.arrivals import Stamp
from mtscore.errors import UsageError
from mtscore.files.locks import try_lock
from mtscore.files.reasons import cannot_write
from mtscore.records import Verdict
from mtscore.render.jsonl import to_json, verdict_of

SUFFIX = ".watch"


@dataclass(frozen=True, slots=True)
class Done:
    """A file whose verdicts stand in the output from byte `start` to `end`."""

    path: str
    stamp: Stamp
    start: int
    end: int


class Journal:
    """The output and its journal, locked while they are open."""

    def __init__(self, output: str) -> None:
        """Raises `UsageError` if another process has them, `OutputError` where they cannot be written."""
        self.output = output
        self.path = output + SUFFIX
        self.done: dict[str, Done] = {}
        self._known: set[Stamp] = set()
        try:
            self._file: BinaryIO = open(self.path, "a+b")  # noqa: SIM115  # closed by close
        except OSError as error:
            raise cannot_write(self.path, error) from None
        if not try_lock(self._file.fileno()):
            self._file.close()
            raise UsageError(f"another process writes to {output}; give this one an --output of its own")
        self._recover()

    def __enter__(self) -> Journal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def is_done(self, path: str, stamp: Stamp) -> bool:
        """Whether the file was scored as it is now, or under another name."""
        done = self.done.get(path)
        return stamp in self._known or (done is not None and done.stamp[:2] == stamp[:2])

    @contextmanager
    def entry(self, path: str) -> Iterator[Entry]:
        """Where the verdicts on a file go. They are taken back unless the entry is signed."""
        try:
            stream = open(self.output, "ab")  # noqa: SIM115
        except OSError as error:
            raise cannot_write(self.output, error) from None
        with stream:
            start = stream.seek(0, os.SEEK_END)
            self._note({"begin": path, "start": start})
            entry = Entry(stream)
            try:
                yield entry
            finally:
                if entry.stamp is None:
                    stream.truncate(start)
                else:
                    stream.flush()
                    os.fsync(stream.fileno())
                    self._sign(Done(path, entry.stamp, start, stream.tell()))

    def latest(self) -> Iterator[tuple[Done, list[Verdict]]]:
        """The files that are done with their verdicts, the latest first; without those whose verdicts are not in the
        output any more."""
        with suppress(OSError), open(self.output, "rb") as stream:
            for done in reversed(self.done.values()):
                stream.seek(done.start)
                try:
                    lines = stream.read(done.end - done.start).decode("utf-8").splitlines()
                    yield done, [verdict_of(json.loads(line)) for line in lines]
                except (ValueError, LookupError, TypeError):
                    continue

    def _sign(self, done: Done) -> None:
        self._note(asdict(done))
        self._take(done)

    def _take(self, done: Done) -> None:
        self.done.pop(done.path, None)  # the latest is the last
        self.done[done.path] = done
        self._known.add(done.stamp)

    def _note(self, record: dict[str, Any]) -> None:
        self._file.write(json.dumps(record).encode() + b"\n")
        self._file.flush()
        os.fsync(self._file.fileno())

    def _recover(self) -> None:
        """Read what was done, and take back what was only begun."""
        self._file.seek(0)
        begun, whole = None, 0
        for line in self._file:
            try:
                record = json.loads(line)
                begun = record["start"] if "begin" in record else None
                if begun is None:
                    self._take(Done(record["path"], Stamp(*record["stamp"]), record["start"], record["end"]))
            except (ValueError, LookupError, TypeError):
                break  # a line that was cut short
            whole += len(line)
        self._file.truncate(whole)
        if begun is not None:
            with suppress(OSError), open(self.output, "r+b") as stream:
                if stream.seek(0, os.SEEK_END) > begun:
                    stream.truncate(begun)


class Entry:
    """The verdicts on one file. `stamp` is what was read: without one, all are taken back."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.stamp: Stamp | None = None

    def add(self, verdict: Verdict) -> None:
        self._stream.write(to_json(verdict).encode("utf-8") + b"\n")

    def sign(self, stamp: Stamp) -> None:
        """All verdicts on the file are there."""
        self.stamp = stamp
