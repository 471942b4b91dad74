"""Reads a text: tokens with their wrongness, sentences with their quality, windows with their log-odds.

One window is one run of the graph, so that no result depends on what else is read.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from mtscore_reader.files import DATA, verified
from mtscore_reader.windows import Spans, cuts, sentences_of

QUESTIONS = ("garbled", "machine", "non_native", "llm")
"""What a window is asked: is it a garbled translation; a machine's at all; by a non-native writer; by a language
model."""
START = 0
"""The token that stands before every window."""


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a word: code points `start` to `end` of the text; `wrong` (0..1) is how likely a reader would object
    to it."""

    start: int
    end: int
    wrong: float


@dataclass(frozen=True, slots=True)
class Sentence:
    """Code points `start` to `end`; `quality` 0..1, 1 the best; None for a sentence without tokens."""

    start: int
    end: int
    quality: float | None


@dataclass(frozen=True, slots=True)
class Window:
    """A run of tokens that was read at once, `first` to `last` (exclusive), and its log-odds by question."""

    first: int
    last: int
    log_odds: dict[str, float]


@dataclass(frozen=True, slots=True)
class Reading:
    tokens: tuple[Token, ...]
    sentences: tuple[Sentence, ...]
    windows: tuple[Window, ...]

    def log_odds(self, question: str) -> float:
        """The mean of the windows, weighted by their tokens; NaN for a text without tokens."""
        sizes = [w.last - w.first for w in self.windows]
        if not sizes:
            return math.nan
        return sum(w.log_odds[question] * n for w, n in zip(self.windows, sizes, strict=True)) / sum(sizes)


class Reader:
    """The graph and the tokenizer. Safe to use from several threads; each run uses `threads` of its own."""

    def __init__(self, session: Any, tokenizer: Any, digest: str) -> None:
        self._session = session
        self._tokenizer = tokenizer
        self.digest = digest
        """Names the weights: readings are comparable only between readers of one digest."""

    @classmethod
    def load(cls, folder: Path = DATA, *, threads: int = 1) -> Reader:
        """The reader in `folder`, its files checked first. Raises `ReaderError`."""
        import onnxruntime
        from tokenizers import Tokenizer

        manifest = verified(folder)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        session = onnxruntime.InferenceSession(
            str(folder / "reader.onnx"), options, providers=["CPUExecutionProvider"]
        )
        return cls(session, Tokenizer.from_file(str(folder / "tokenizer.json")), str(manifest["digest"]))

    def read(self, text: str, sentences: Spans | None = None, *, most_windows: int | None = None) -> Reading:
        """Read a text; `sentences` are spans of code points, in order, that cover what is to be judged."""
        spans = sentences_of(text) if sentences is None else list(sentences)
        encoding = self._tokenizer.encode(
            text.encode("utf-8", "replace").decode("utf-8"), add_special_tokens=False
        )
        offsets = [_stripped(text, a, b) for a, b in encoding.offsets]
        ends = [b for _, b in offsets]
        firsts = [bisect_right(ends, a) for a, _ in spans]
        tokens: list[Token] = []
        windows: list[Window] = []
        quality: dict[int, list[tuple[float, int]]] = {}
        for cut in list(cuts(firsts, len(encoding.ids)))[:most_windows]:
            found = self.run(
                encoding.ids[cut.start : cut.end],
                [(a - cut.start, b - cut.start) for _, a, b in cut.sentences],
            )
            windows.append(Window(cut.start, cut.end, dict(zip(QUESTIONS, found[0].tolist(), strict=True))))
            wrong = (1.0 / (1.0 + np.exp(-found[1].astype(np.float64)))).tolist()
            tokens += [Token(*offsets[cut.start + n], w) for n, w in enumerate(wrong)]
            for (number, a, b), value in zip(cut.sentences, found[2].tolist(), strict=True):
                quality.setdefault(number, []).append((value, b - a))
        return Reading(tuple(tokens), tuple(_rated(spans, quality)), tuple(windows))

    def run(
        self, ids: Sequence[int], spans: Sequence[tuple[int, int]]
    ) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        """One window: log-odds of `QUESTIONS`, of every token, and the quality of every span of tokens."""
        member = np.zeros((len(spans), len(ids) + 1), np.float32)
        for row, (a, b) in enumerate(spans):
            member[row, a + 1 : b + 1] = 1.0 / (b - a)
        feed = {"ids": np.array([[START, *ids]], np.int64), "member": member}
        windows, words, quality = self._session.run(["windows", "words", "sentences"], feed)
        return windows, words[1:], quality


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without blanks at its ends."""
    piece = text[start:end]
    low = start + len(piece) - len(piece.lstrip())
    return low, max(low, start + len(piece.rstrip()))


def _rated(spans: Spans, quality: dict[int, list[tuple[float, int]]]) -> list[Sentence]:
    out = []
    for number, (start, end) in enumerate(spans):
        parts = quality.get(number, [])
        size = sum(n for _, n in parts)
        out.append(Sentence(start, end, sum(q * n for q, n in parts) / size if size else None))
    return out
