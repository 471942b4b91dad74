"""A reader that objects to words of a list, a stand-in for the neural one, and a close classifier that believes it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from conftest import silent, stump

from mtscore.model.classifier import Classifier
from mtscore.model.close import COLUMNS, CloseModel
from mtscore.reading.quality import CloseQuality
from mtscore.reading.sense import SENSE_NAMES

WINDOW = 40


@dataclass(frozen=True)
class Token:
    start: int
    end: int
    wrong: float


@dataclass(frozen=True)
class Sentence:
    quality: float | None


@dataclass(frozen=True)
class Window:
    first: int
    last: int
    log_odds: dict[str, float]


@dataclass(frozen=True)
class Raw:
    tokens: tuple[Token, ...]
    sentences: tuple[Sentence, ...]
    windows: tuple[Window, ...]


class StandInReader:
    """Tokens are words and single characters; a window of `WINDOW` tokens looks as garbled as it has bad words."""

    digest = "d" * 64

    def __init__(self, bad: Sequence[str] = ("hired", "ball")) -> None:
        self.bad = frozenset(bad)
        self.texts: list[str] = []

    def read(
        self,
        text: str,
        sentences: Sequence[tuple[int, int]] | None = None,
        *,
        most_windows: int | None = None,
    ) -> Raw:
        self.texts.append(text)
        tokens = tuple(
            Token(m.start(), m.end(), 0.9 if m.group() in self.bad else 0.02)
            for m in re.finditer(r"\w+|[^\w\s]", text)
        )
        cuts = range(0, len(tokens), WINDOW)[:most_windows]
        windows = tuple(self._window(tokens, low, min(low + WINDOW, len(tokens))) for low in cuts)
        kept = tokens[: windows[-1].last] if windows else ()
        return Raw(kept, tuple(Sentence(0.5) for _ in sentences or ()), windows)

    def _window(self, tokens: tuple[Token, ...], low: int, high: int) -> Window:
        bad = sum(token.wrong > 0.5 for token in tokens[low:high])
        return Window(low, high, {"garbled": bad - 3.0, "machine": 0.0, "non_native": -1.0, "llm": -2.0})


def classifier() -> Classifier:
    """Bad words say garbled, whatever the quick reading says."""
    feature = COLUMNS.index("reader_garbled")
    return Classifier(COLUMNS, (), stump(feature, 0.0, -4.0, 4.0), silent(len(COLUMNS) + 1), (1.0, 0.0, 0.0))


def a_close_model(auto: tuple[float, float] = (-50.0, 50.0)) -> CloseModel:
    return CloseModel(classifier(), 1.0, -1.0, StandInReader.digest, "", auto, quality(), {})


def quality() -> CloseQuality:
    """Garbled text is bad."""
    zeros, ones = (0.0,) * len(SENSE_NAMES), (1.0,) * len(SENSE_NAMES)
    return CloseQuality(zeros, ones, (-1.0, *zeros[1:]), ((-2.0, 20.0), (2.0, 90.0)))
