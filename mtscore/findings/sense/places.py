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

from mtscore.arrays.odds import logit
from mtscore.reading.reading import QUESTIONS, Reading
from mtscore.records import Span
from mtscore.signals.extraction import Extraction
from mtscore.words.resources import Resources

LEAST = 0.12
"""How wrong a word must look at least (0 to 1)."""

MIN_LETTERS = 3

_JOINED_BEFORE, _JOINED_BEHIND = re.compile(r"[-_/@#.\\'’]"), re.compile(r"[-_/@\\]|[.]\w")

BY_GARBLED, MOST_GARBLED = 0.42, 4.0
"""What a nat of the reader's opinion on the whole text counts for a word, and up to how many."""


@dataclass(frozen=True, slots=True)
class Place:
    """A token of the analysis, the first token of its sentence, and log-odds that it is wrong, by the reader alone."""

    token: int
    sentence: Span
    suspicion: float


def find_places(extraction: Extraction, reading: Reading, resources: Resources) -> Iterator[Place]:
    """Known words in lower case at which the reader takes offence, in document order."""
    analysis, text = extraction.analysis, extraction.text
    words = resources.vocabulary.extra or resources.vocabulary
    whole = BY_GARBLED * garbled_odds(reading)
    firsts = np.searchsorted(reading.ends, analysis.starts, side="right")
    lasts = np.searchsorted(reading.starts, analysis.ends)
    for token in np.flatnonzero(analysis.is_word).tolist():
        first, last = int(firsts[token]), int(lasts[token])
        if first >= last:
            continue
        wrong = float(reading.wrong[first:last].max())
        start, end = int(analysis.starts[token]), int(analysis.ends[token])
        raw = text[start:end]
        if wrong < LEAST or len(raw) < MIN_LETTERS or not (raw.islower() and raw.isalpha() and raw in words):
            continue
        if any(span.start < end and start < span.end for span in extraction.body.foreign) or _is_joined(
            text, start, end
        ):
            continue
        yield Place(token, _sentence(extraction, token), logit(min(wrong, 0.999)) + whole)


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
