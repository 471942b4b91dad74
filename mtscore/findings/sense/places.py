"""Where the reader objects: words that it thinks are wrong, as far as one may blame them.

Only whole words in lower case that are known are asked about; names, numbers and unknown words have kinds of their
own, and so have quotations in other languages. The reader objects now and then to a word of any text: the more it
takes the whole for a garbled translation, the sooner a word is believed to be wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mtscore.arrays.odds import logit
from mtscore.reading.reading import QUESTIONS, Reading
from mtscore.records import Span
from mtscore.signals.extraction import Extraction
from mtscore.words.resources import Resources

LEAST = 0.12
"""How wrong a word must look at least (0 to 1)."""

MIN_LETTERS = 3
SHORT = frozenset(("he", "it"))
"""Shorter words than that which may be blamed."""

_JOINED_BEFORE, _JOINED_BEHIND = re.compile(r"[-_/@#.\\'’]"), re.compile(r"[-_/@\\]|[.]\w")

BY_GARBLED, MOST_GARBLED = 0.33, 4.0
"""What a nat of the reader's opinion on the whole text counts for a word, and up to how many."""

BY_SUPPORT, SUPPORT = -0.25, (-2.0, 4.0)
"""What a unit (log10) counts by which the word's neighbours make it likelier, and between which bounds."""


Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Place:
    """A token of the analysis, the tokens of its sentence, how wrong it looks to the reader (0 to 1), and log-odds that
    it is wrong before anything better is known: by the reader, the whole text and the word's neighbours."""

    token: int
    sentence: Span
    looks: float
    suspicion: float


def find_places(extraction: Extraction, reading: Reading, resources: Resources) -> Iterator[Place]:
    """Known words in lower case at which the reader takes offence, in document order."""
    whole = BY_GARBLED * garbled_odds(reading)
    looks = wrongness(extraction, reading)
    support = BY_SUPPORT * extraction.analysis.support.clip(*SUPPORT)
    for token in np.flatnonzero(looks >= LEAST).tolist():
        if _may_be_blamed(token, extraction, resources):
            own = float(looks[token])
            suspicion = own_odds(own) + whole + float(support[token])
            yield Place(token, _sentence(extraction, token), own, suspicion)


def own_odds(looks: float) -> float:
    """Log-odds of how wrong a token looks, kept finite."""
    return logit(min(looks, 0.999))


def wrongness(extraction: Extraction, reading: Reading) -> Floats:
    """How wrong every token of the analysis looks: its wrongest piece; 0 for what was not read."""
    analysis = extraction.analysis
    firsts = np.searchsorted(reading.ends, analysis.starts, side="right")
    lasts = np.searchsorted(reading.starts, analysis.ends)
    pieces = zip(firsts.tolist(), lasts.tolist(), strict=True)
    return np.array([reading.wrong[first:last].max(initial=0.0) for first, last in pieces], np.float64)


def _may_be_blamed(token: int, extraction: Extraction, resources: Resources) -> bool:
    """Whether a token is a known word in lower case, by itself and in English."""
    analysis, text = extraction.analysis, extraction.text
    start, end = int(analysis.starts[token]), int(analysis.ends[token])
    raw, words = text[start:end], resources.vocabulary.extra or resources.vocabulary
    return (
        (len(raw) >= MIN_LETTERS or raw in SHORT)
        and raw.islower()
        and raw.isalpha()
        and raw in words
        and not any(span.start < end and start < span.end for span in extraction.body.foreign)
        and not _is_joined(text, start, end)
    )


def garbled_odds(reading: Reading) -> float:
    """The reader's opinion on the whole text: mean log-odds of `garbled`, within bounds."""
    if not len(reading):
        return 0.0
    mean = float(np.average(reading.log_odds[:, QUESTIONS.index("garbled")], weights=reading.sizes))
    return max(-MOST_GARBLED, min(MOST_GARBLED, mean))


def _is_joined(text: str, start: int, end: int) -> bool:
    """Whether a word is part of something longer: a compound, an address, the name of a file."""
    return bool(_JOINED_BEFORE.search(text, max(0, start - 1), start) or _JOINED_BEHIND.match(text, end))


def _sentence(extraction: Extraction, token: int) -> Span:
    """The tokens of the sentence of a token."""
    sentence = extraction.analysis.sentence
    number = sentence[token]
    return Span(int(np.searchsorted(sentence, number)), int(np.searchsorted(sentence, number, side="right")))
