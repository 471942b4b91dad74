"""The lines of a text, and what each shows by itself: its words, its language, whether it ends like a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from mtscore.languages.identification import ENGLISH, count_words, words_of
from mtscore.languages.passages import LanguageSpan, main_language, may_hold_runs, sentences_by_language

ANCHOR_WORDS = 12
"""An English line of this many words that ends like a sentence is certainly article (twice as many without
the ending): margins end there."""

SHORT_WORDS = 8
"""A line with fewer words that does not end like a sentence may be furniture."""

_LINE = re.compile(r"[^\r\n\u2028\u2029\x0b\x0c\x85]+")
_FULL_STOP = re.compile(r"[.!?…。！？।۔؟][\"”“’'»›)\]*_]*$")


class Line(NamedTuple):
    """One line with a visible character, without the spaces around it."""

    start: int
    end: int
    text: str
    gap: int
    """Line breaks and spaces between the line before and this one."""
    words: int
    sentences: tuple[LanguageSpan, ...]
    language: str | None
    is_full: bool
    """Ends like a sentence."""
    has_runs: bool
    """See `passages.may_hold_runs`."""

    @property
    def is_foreign(self) -> bool:
        return self.language not in (None, "en")

    @property
    def is_accented(self) -> bool:
        """A short line with letters that English lacks, and no English word."""
        if self.words >= SHORT_WORDS or self.text.isascii():
            return False
        return any(not word.isascii() for word in words_of(self.text)) and not self.has_english

    @property
    def has_english(self) -> bool:
        """Holds at least one frequent English word."""
        return not ENGLISH.isdisjoint(words_of(self.text))

    @property
    def is_anchor(self) -> bool:
        return self.language == "en" and self.words >= (ANCHOR_WORDS if self.is_full else 2 * ANCHOR_WORDS)

    @property
    def is_short(self) -> bool:
        return self.words < SHORT_WORDS and not self.is_full


def read_lines(text: str) -> Iterator[Line]:
    """The lines of `text` that have a visible character."""
    before = 0
    for found in _LINE.finditer(text):
        raw = found[0]
        line = raw.strip()
        if line:
            start = found.start() + raw.index(line)
            end = start + len(line)
            words = words_of(line)
            sentences = sentences_by_language(line, words)
            yield Line(
                start,
                end,
                line,
                start - before,
                count_words(line, words),
                sentences,
                main_language(line, sentences),
                bool(_FULL_STOP.search(line, max(0, len(line) - 8))),
                may_hold_runs(line, words),
            )
            before = end
