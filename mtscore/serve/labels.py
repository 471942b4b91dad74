"""What readers say of verdicts, kept in a file that `mtscore train` and `mtscore evaluate` read.

A label is on disk before it is acknowledged. A text has one label: a reader who has changed their mind replaces it.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from mtscore.learning.labelling import LabelFile

LABELS = ("garbled", "clean")


class Labels:
    """The file, opened when it is first needed: who saves nothing finds no file."""

    def __init__(self, path: str) -> None:
        self.path = Path(path)
        self._lock = threading.Lock()
        self._stack = ExitStack()
        self._file: LabelFile | None = None

    def __enter__(self) -> Labels:
        return self

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._stack.close()
            self._file = None

    def save(self, record: Mapping[str, Any]) -> dict[str, int]:
        """Keep a label, instead of an earlier one of the same text; it is on disk when this returns. Returns how many
        there are of each."""
        with self._lock:
            file = self._opened()
            file.put(record)
            return _counts(file)

    def take_back(self, text: str) -> dict[str, int]:
        """Remove the label of a text, if it has one."""
        with self._lock:
            if self._file is None and not self.path.exists():
                return dict.fromkeys(LABELS, 0)
            file = self._opened()
            file.remove(text)
            return _counts(file)

    def counts(self) -> dict[str, int]:
        """How many labels of each kind there are."""
        with self._lock:
            if self._file is None and not self.path.exists():
                return dict.fromkeys(LABELS, 0)
            return _counts(self._opened())

    def _opened(self) -> LabelFile:
        if self._file is None:
            self._file = self._stack.enter_context(LabelFile(self.path))
        return self._file


def _counts(file: LabelFile) -> dict[str, int]:
    counts = Counter(record.get("label") for record in file.records)
    return {label: counts[label] for label in LABELS}
