"""Relief: how much better the reader likes a sentence once another word stands in a place.

A sentence is read by itself, as it is and with the word exchanged. That costs as much as reading it costs; so much is
spent on a document and no more.
"""

from __future__ import annotations

from mtscore.reading.reading import QUESTIONS, Reads
from mtscore.records import Span
from mtscore.signals.extraction import Extraction

MOST_TOKENS = 1000
"""Tokens that are read for one document: less than two seconds."""

BY_WORDS = 0.35
"""What one more wrong word counts, in nats of the sentence's log-odds."""

LONGEST = 60
"""Tokens of the analysis of the longest sentence that is read."""


class Relief:
    """Reads sentences of one document anew until its allowance is spent."""

    def __init__(self, reader: Reads, extraction: Extraction) -> None:
        self._reader, self._extraction = reader, extraction
        self._left = min(MOST_TOKENS, 2 * len(extraction.analysis.words))
        self._known: dict[tuple[int, str], float] = {}

    def of(self, token: int, sentence: Span, word: str) -> float | None:
        """How much less the reader objects to the sentence with `word` in the token's place: nats, positive where the
        word is the better one. None where it was not read."""
        before = self._objection(sentence, sentence.start, "")
        after = self._objection(sentence, token, word)
        return None if before is None or after is None else before - after

    def _objection(self, sentence: Span, token: int, word: str) -> float | None:
        key = (token, word)
        if key not in self._known:
            if self._left <= 0 or sentence.end - sentence.start > LONGEST:
                return None
            self._known[key] = self._read(sentence, token, word)
        return self._known[key]

    def _read(self, sentence: Span, token: int, word: str) -> float:
        """Log-odds of *garbled* of the sentence, and what its words add to them: with a word exchanged, or as it is
        where the word is empty."""
        analysis, text = self._extraction.analysis, self._extraction.text
        first, last = int(analysis.starts[sentence.start]), int(analysis.ends[sentence.end - 1])
        start, end = int(analysis.starts[token]), int(analysis.ends[token])
        read = text[first:start] + word + text[end:last] if word else text[first:last]
        raw = self._reader.read(read, [(0, len(read))])
        self._left -= len(raw.tokens)
        sizes = [window.last - window.first for window in raw.windows]
        odds = [window.log_odds[QUESTIONS[0]] for window in raw.windows]
        whole = sum(o * n for o, n in zip(odds, sizes, strict=True)) / max(1, sum(sizes))
        return whole + BY_WORDS * sum(token.wrong for token in raw.tokens)
