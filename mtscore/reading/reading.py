"""What the reader says of one article, in places of the article's text."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from mtscore.reading.passage import Passage, passage_of
from mtscore.records import Span
from mtscore.text.article import Article
from mtscore.text.hyphens import KnownWords

QUESTIONS = ("garbled", "machine", "non_native", "llm")
"""What the reader is asked of every window: is it a garbled translation; a machine's at all; by a non-native writer;
by a language model."""

MOST_WINDOWS = 48
"""So many windows are read of an article, from its beginning: about 8,500 words."""

_LOWER_WORD = re.compile(r"(?<![\w'-])[a-z]{3,}(?![\w'-])")

Floats = npt.NDArray[np.float64]


class _Token(Protocol):
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def wrong(self) -> float: ...


class _Sentence(Protocol):
    @property
    def quality(self) -> float | None: ...


class _Window(Protocol):
    @property
    def first(self) -> int: ...
    @property
    def last(self) -> int: ...
    @property
    def log_odds(self) -> Mapping[str, float]: ...


class RawReading(Protocol):
    """What `mtscore_reader.Reader.read` gives."""

    @property
    def tokens(self) -> Sequence[_Token]: ...
    @property
    def sentences(self) -> Sequence[_Sentence]: ...
    @property
    def windows(self) -> Sequence[_Window]: ...


@dataclass(frozen=True, slots=True)
class Reading:
    """Arrays over the tokens that were read: code points `starts` to `ends` of the article's text, how likely a reader
    would object to the token (`wrong`, 0 to 1), whether it is part of a known word in lower case (`known`), and which
    sentence of the article it is in. `windows` are runs of tokens that were read at once, `log_odds` (windows x
    `QUESTIONS`) what they were answered; `quality` (0 to 1, higher: better; NaN: not read) is that of each of the
    article's sentences."""

    starts: npt.NDArray[np.int64]
    ends: npt.NDArray[np.int64]
    wrong: Floats
    known: npt.NDArray[np.bool_]
    sentence: npt.NDArray[np.int64]
    windows: tuple[Span, ...]
    log_odds: Floats
    quality: Floats

    def __len__(self) -> int:
        return len(self.wrong)

    @property
    def sizes(self) -> Floats:
        """The tokens of every window."""
        return np.array([last - first for first, last in self.windows], np.float64)


def reading_of(article: Article, raw: RawReading, passage: Passage, words: KnownWords) -> Reading:
    """The reading of an article, given what the reader said of its passage. `words` are the known ones in lower
    case."""
    starts = [token.start for token in raw.tokens]
    ends = [token.end for token in raw.tokens]
    known = np.zeros(len(starts), np.bool_)
    for match in _LOWER_WORD.finditer(passage.text):
        if match.group() in words:
            known[bisect_right(ends, match.start()) : bisect_left(starts, match.end())] = True
    firsts = [span.start for span in passage.sentences]
    quality = [np.nan if s.quality is None else s.quality for s in raw.sentences]
    return Reading(
        starts=np.array([passage.in_article(place) for place in starts], np.int64),
        ends=np.array([passage.in_article(place - 1) + 1 if place else 0 for place in ends], np.int64),
        wrong=np.array([token.wrong for token in raw.tokens], np.float64),
        known=known,
        sentence=np.maximum(np.searchsorted(firsts, starts, side="right") - 1, 0).astype(np.int64),
        windows=tuple(Span(window.first, window.last) for window in raw.windows),
        log_odds=np.array(
            [[window.log_odds[name] for name in QUESTIONS] for window in raw.windows], np.float64
        ).reshape(-1, len(QUESTIONS)),
        quality=np.array(quality, np.float64),
    )


class Reads(Protocol):
    """The reader of `mtscore_reader`, or what stands in for it."""

    digest: str

    def read(
        self,
        text: str,
        sentences: Sequence[tuple[int, int]] | None = None,
        *,
        most_windows: int | None = None,
    ) -> RawReading: ...


def read_closely(article: Article, reader: Reads, words: KnownWords) -> Reading:
    """Have an article read, its first `MOST_WINDOWS` windows."""
    passage = passage_of(article)
    raw = reader.read(passage.text, passage.sentences, most_windows=MOST_WINDOWS)
    return reading_of(article, raw, passage, words)
