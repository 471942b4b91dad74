"""Verdicts and the articles that they are about, in a temporary file until all articles of a batch are known."""

from __future__ import annotations

import json
import zlib
from array import array
from collections.abc import Mapping, Sequence
from threading import Lock
from typing import Any

from mtscore.files.scratch import binary_scratch
from mtscore.records import Evidence, ForeignSpan, Pivot, Sentence, SentenceSuspicion, Span, Verdict


class Spool:
    """Records in a scratch file, to be read again by their number, from any thread."""

    def __init__(self) -> None:
        self._file = binary_scratch()
        self._lock = Lock()
        self._starts = array("q", [0])

    def __enter__(self) -> Spool:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def __len__(self) -> int:
        return len(self._starts) - 1

    def add(self, record: object) -> None:
        """Keep one more record, of what JSON can hold."""
        packed = zlib.compress(json.dumps(record).encode("ascii"), 1)
        with self._lock:
            self._file.seek(self._starts[-1])
            self._starts.append(self._starts[-1] + self._file.write(packed))

    def __getitem__(self, number: int) -> Any:
        with self._lock:
            self._file.seek(self._starts[number])
            packed = self._file.read(self._starts[number + 1] - self._starts[number])
        return json.loads(zlib.decompress(packed))


def sentence_of(values: Sequence[Sequence[Any]]) -> Sentence:
    """A sentence that was kept as its words, starts and ends."""
    words, starts, ends = map(tuple, values)
    return Sentence(words, starts, ends)


def verdict_of(values: Mapping[str, Any]) -> Verdict:
    """A verdict that was kept as `asdict` gives it."""
    return Verdict(
        **{
            **values,
            "evidence": tuple(map(_evidence_of, values["evidence"])),
            "foreign": tuple(ForeignSpan(**each) for each in values["foreign"]),
            "body": tuple(Span(*each) for each in values["body"]),
            "sentences": tuple(SentenceSuspicion(**each) for each in values["sentences"]),
        }
    )


def _evidence_of(values: Mapping[str, Any]) -> Evidence:
    pivot = values["pivot"]
    return Evidence(
        **{
            **values,
            "sentence": Span(*values["sentence"]),
            "intended": tuple(values["intended"]),
            "pivot": None if pivot is None else Pivot(**pivot),
        }
    )
