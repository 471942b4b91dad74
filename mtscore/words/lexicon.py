"""What is known of each word without its context: how frequent it is, and its syntactic class.

The classes come from `training/`: function words and punctuation are their own class, the other frequent
words share distributional classes (k-means over left and right neighbours), and a word that is not among
them falls back to its ending. That is the vocabulary of the syntax model: it sees how a sentence is built
and little of what it is about.
"""

from __future__ import annotations

import math
import os
import sys
from collections.abc import Iterable
from functools import cached_property
from itertools import repeat
from pathlib import Path

from mtscore.errors import ModelError
from mtscore.words.word_lists import unpacked

SUFFIXES = tuple(
    (
        "ization isation ational ments ities ology ingly ation ition ness less able ible ment tion sion "
        "ance ence ship hood ward wise ical ious eous ling ists isms ized ised izes izing ising ions "
        "ings ally ably ity ive ous ful ism ist ize ise ing ers ors ies ied est ial ian ans ese ish ed "
        "er or ly al ic en es ss us an s"
    ).split()
)
"""Endings that make the class of a word the table does not know, longest sense first."""

MIN_STEM = 3
"""A suffix counts only behind at least this many letters."""


def suffix_class(word: str) -> str:
    """The class of an unknown word: `ux` if not ASCII, `u1` below four letters, else `u` + suffix."""
    if not word.isascii():
        return "ux"
    for suffix in SUFFIXES:
        if word.endswith(suffix) and len(word) >= len(suffix) + MIN_STEM:
            return "u" + suffix
    return "u1" if len(word) < 4 else "u"


class Lexicon:
    """The word table of a model folder: gzip text, one `word<TAB>count<TAB>class` a line, most frequent
    first; the class is empty for words that fall back to their ending.

    `floor` is the log10 relative frequency given to words that are not in the table.
    """

    def __init__(self, source: str | os.PathLike[str] | bytes) -> None:
        """`source` is a file's path or what is in it; it is read at the first use."""
        self._source = source
        self._classes: dict[str, str] = {}

    def __getstate__(self) -> dict[str, object]:
        return {"_source": self._source, "_classes": {}}

    @cached_property
    def _table(self) -> tuple[dict[str, float], dict[str, str], float]:
        source = self._source
        data = source if isinstance(source, bytes) else Path(source).read_bytes()
        try:
            return self._read(unpacked(data, "the word table"))
        except (ValueError, ZeroDivisionError, OverflowError) as error:
            raise ModelError(f"the word table of the model is damaged ({error}); install it again") from error

    @staticmethod
    def _read(lines: Iterable[str]) -> tuple[dict[str, float], dict[str, str], float]:
        """Frequencies, classes and floor. Raises ValueError and the like for lines of another form."""
        frequency: dict[str, float] = {}
        classes: dict[str, str] = {}
        for line in lines:
            word, count, klass = line.split("\t")
            frequency[word] = int(count)
            if klass:
                classes[word] = sys.intern(klass)
        for klass in set(classes.values()):
            if klass.split() != [klass]:  # the syntax model would see two tokens, or none
                raise ValueError(f"no class: {klass!r}")
        total = sum(frequency.values())
        # Many words share a count: they also share the number.
        shared = {number: math.log10(number / total) for number in set(frequency.values())}
        for word, number in frequency.items():
            frequency[word] = shared[number]
        return frequency, classes, math.log10(0.5 / total)

    @property
    def frequency(self) -> dict[str, float]:
        """log10 relative frequency of every word of the table."""
        return self._table[0]

    @property
    def floor(self) -> float:
        """log10 relative frequency assumed for a word that is not in the table (half an occurrence)."""
        return self._table[2]

    def __contains__(self, word: str) -> bool:
        return word in self._table[0]

    def log_frequency(self, word: str) -> float:
        """log10 relative frequency, `floor` when unknown."""
        frequency, _, floor = self._table
        return frequency.get(word, floor)

    def syntax_class(self, word: str) -> str:
        """The symbol that stands for the word in the syntax model."""
        known = self._classes.get(word)
        if known is None:
            known = self._table[1].get(word) or (suffix_class(word) if word[0].isalpha() else word)
            if len(self._classes) < 1 << 16:
                self._classes[word] = known
        return known

    def is_function(self, word: str) -> bool:
        """Whether a token is a function word, a number or a mark."""
        return not word[0].isalpha() or self.syntax_class(word) == word

    def log_frequencies(self, words: Iterable[str]) -> list[float]:
        """`log_frequency` of each word."""
        frequency, _, floor = self._table
        return list(map(frequency.get, words, repeat(floor)))

    def syntax_classes(self, words: Iterable[str]) -> list[str]:
        """`syntax_class` of each word."""
        found = self._classes.get
        return [found(word) or self.syntax_class(word) for word in words]
