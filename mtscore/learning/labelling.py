"""What to label next, and a file of labels that survives being killed at any moment.

Most is learned from texts that the model is unsure of (uncertainty sampling: Lewis and Gale 1994, "A sequential
algorithm for training text classifiers") and that are unlike those labelled already: ten versions of one story
say little more than one.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
import numpy.typing as npt

from mtscore.errors import InputError, OutputError
from mtscore.files.atomic_folder import sync_folder
from mtscore.learning.label_features import TextFeatures
from mtscore.learning.near_duplicates import text_key

Floats = npt.NDArray[np.float64]

_CLIP = 4.0
"""Deviations at which a signal stops making texts more unlike: one wild number is no new kind of text."""


class Queue:
    """Texts to label, most informative first; the order changes with every text that is done.

    A text's worth is u * d / (d + m): `u` = 4 p (1 - p) for its score p (1 at the threshold, 0 when the model is
    sure), `d` its distance in standardised signals from the nearest text that is done (1 as long as there is
    none), `m` the distance of a typical text from their mean.
    """

    def __init__(
        self, texts: Sequence[TextFeatures], excess: Floats, labelled: Sequence[TextFeatures] = ()
    ) -> None:
        """`excess` is each text's log-odds above the model's threshold; `labelled` are texts labelled before,
        which are not in the queue."""
        rows = np.array([text.inputs for text in (*texts, *labelled)])
        if not len(rows):
            rows = np.zeros((0, 1))
        else:
            rows = np.clip((rows - rows.mean(axis=0)) / (rows.std(axis=0) + 1e-6), -_CLIP, _CLIP)
        self._rows: Floats = rows[: len(texts)]
        from scipy.special import expit

        probability: Floats = expit(excess)
        self._uncertainty = 4 * probability * (1 - probability)
        self._distance = np.full(len(texts), np.inf)
        self._typical = float(np.sqrt((rows**2).mean())) + 1e-6 if len(rows) else 1.0
        self._waiting = np.ones(len(texts), np.bool_)
        for row in rows[len(texts) :]:
            self._pass(row)

    def __len__(self) -> int:
        return int(self._waiting.sum())

    def next(self) -> int | None:
        """The most informative text, by index; None when all are done. It stays in the queue until `done`."""
        if not self._waiting.any():
            return None
        with np.errstate(invalid="ignore"):
            worth = self._uncertainty * self._distance / (self._distance + self._typical)
        worth = np.where(np.isfinite(self._distance), worth, self._uncertainty)
        return int(np.argmax(np.where(self._waiting, worth, -1.0)))

    def done(self, index: int) -> None:
        """Take a text out; what is like it becomes less worth labelling."""
        self._waiting[index] = False
        self._pass(self._rows[index])

    def put_back(self, index: int) -> None:
        """Let a text wait again."""
        self._waiting[index] = True

    def _pass(self, row: Floats) -> None:
        self._distance = np.minimum(self._distance, np.sqrt(((self._rows - row) ** 2).mean(axis=1)))


class LabelFile:
    """A JSON lines file that grows by one record for each answer, on disk before the next is asked for.

    Opened for one process at a time. What a killed process left of a record is removed when it is opened.
    """

    def __init__(self, path: Path) -> None:
        """Raises `InputError` for a file of something else, `OutputError` when it cannot be written."""
        self._path = path
        is_new = not path.exists()
        self._handle = _open(path)
        try:
            _lock(self._handle, path)
            self._starts, self.records = self._read()
        except BaseException:
            os.close(self._handle)
            raise
        if is_new:
            sync_folder(path.parent)

    def __enter__(self) -> LabelFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._handle)

    @property
    def keys(self) -> set[str]:
        """`text_key` of every text that was answered, also by skipping it."""
        return {text_key(str(record.get("text", ""))) for record in self.records}

    def append(self, record: Mapping[str, Any]) -> None:
        """Write one record and wait until it is on disk. Raises `OutputError`, and the file is as before, when it
        cannot be written."""
        start = os.lseek(self._handle, 0, os.SEEK_END)
        try:
            _write(self._handle, record)
            os.fsync(self._handle)
        except OSError as error:
            os.ftruncate(self._handle, start)
            raise OutputError(
                f"cannot write {str(self._path)!r}: {error.strerror}; the labels before are safe"
            ) from error
        self._starts.append(start)
        self.records.append(dict(record))

    def put(self, record: Mapping[str, Any]) -> None:
        """`append`, but instead of an earlier record of the same text, if there is one."""
        place = self._place(str(record["text"]))
        if place is None:
            self.append(record)
        elif self.records[place] != record:
            self._rewrite([*self.records[:place], dict(record), *self.records[place + 1 :]])

    def remove(self, text: str) -> None:
        """Take the record of a text out, if there is one."""
        place = self._place(text)
        if place is not None:
            self._rewrite([*self.records[:place], *self.records[place + 1 :]])

    def _place(self, text: str) -> int | None:
        key = text_key(text)
        known = (text_key(str(record.get("text", ""))) for record in self.records)
        return next((place for place, other in enumerate(known) if other == key), None)

    def _rewrite(self, records: list[dict[str, Any]]) -> None:
        """Replace the file by one with these records, all at once: it is never without those that stay."""
        part = self._path.with_name(f".{self._path.name}.part")
        handle = _open(part)
        try:
            os.ftruncate(handle, 0)
            _lock(handle, part)
            starts = []
            for record in records:
                starts.append(os.lseek(handle, 0, os.SEEK_CUR))
                _write(handle, record)
            os.fsync(handle)
            os.replace(part, self._path)
        except OSError as error:
            os.close(handle)
            raise OutputError(
                f"cannot write {str(self._path)!r}: {error.strerror}; the labels before are safe"
            ) from error
        os.close(self._handle)
        self._handle, self._starts, self.records = handle, starts, records
        sync_folder(self._path.parent)

    def undo(self) -> dict[str, Any] | None:
        """Remove the last record and return it; None when there is none."""
        if not self.records:
            return None
        os.ftruncate(self._handle, self._starts.pop())
        os.fsync(self._handle)
        return self.records.pop()

    def _read(self) -> tuple[list[int], list[dict[str, Any]]]:
        """Where the records start, and the records; the file ends behind a whole one afterwards."""
        with os.fdopen(os.dup(self._handle), "rb") as file:
            lines = file.read().splitlines(keepends=True)
        starts, records, place = [], [], 0
        for number, line in enumerate(lines, 1):
            record = _parse(line)
            if record is None and line.strip():
                if number < len(lines) or line.endswith(b"\n") or not line.startswith(b'{"id": '):
                    raise InputError(
                        f"line {number} of {self._path} is no label record; name a file that mtscore label wrote"
                    )
                os.ftruncate(self._handle, place)  # what was being written when the process was killed
                break
            if record is not None:
                starts.append(place)
                records.append(record)
            place += len(line)
            if not line.endswith(b"\n"):
                os.lseek(self._handle, 0, os.SEEK_END)
                os.write(self._handle, b"\n")
        return starts, records


def _open(path: Path) -> int:
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o644)
    except OSError as error:
        raise OutputError(f"cannot write {str(path)!r}: {error.strerror}; name another file") from error


def _write(handle: int, record: Mapping[str, Any]) -> None:
    line = (json.dumps(record, ensure_ascii=False) + "\n").encode("utf-8", "backslashreplace")
    while line:
        line = line[os.write(handle, line) :]


def _parse(line: bytes) -> dict[str, Any] | None:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return record if isinstance(record, dict) and "label" in record else None


def _lock(handle: int, path: Path) -> None:
    """Where the system has locks: two readers' answers in one file would undo each other's."""
    try:
        import fcntl
    except ImportError:
        return
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise OutputError(f"{path} is being labelled by another process; name another file") from error
