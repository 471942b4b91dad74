"""What translators turn words into: "parse" comes back as "stop", "toes" as "fingers".

Counted over there-and-back translations, where the word that stood there is known (`training/tables/word_pairs.py`).
Read when the first word is asked for.
"""

from __future__ import annotations

from bisect import bisect_left
from functools import cached_property
from typing import NamedTuple

from mtscore.errors import ModelError
from mtscore.words.word_lists import Lines, unpacked


class Original(NamedTuple):
    """A word that was turned into another one: how often that was, and how often the word was there to be turned."""

    word: str
    times: int
    of: int

    @property
    def share(self) -> float:
        """The share of the word's occurrences that were turned into the other one (0 to 1)."""
        return self.times / self.of


class WordPairs:
    """The pairs of a model folder.

    Gzip text of tab-separated lines sorted by their first field, for each word that a translator wrote one line:
    the word in lower case, then for every word that it stood for, most frequent first, that word (a name has its
    capital), how often it was turned into this one, and how often it occurred.
    """

    def __init__(self, data: bytes, name: str) -> None:
        self._data, self._name = data, name

    @cached_property
    def _lines(self) -> Lines:
        return Lines.of(unpacked(self._data, self._name))

    def pairs(self, word: str) -> tuple[Original, ...]:
        """The words that a translator may have turned into this (lower-case) one, most frequent first; empty for a
        word that none was turned into. Raises `ModelError` where the file is damaged."""
        place = bisect_left(self._lines, f"{word}\t")
        if place == len(self._lines) or not (line := self._lines[place]).startswith(f"{word}\t"):
            return ()
        fields = line.split("\t")[1:]
        try:
            triples = zip(fields[::3], map(int, fields[1::3]), map(int, fields[2::3]), strict=True)
            return tuple(Original(*triple) for triple in triples)
        except ValueError as error:
            raise ModelError(f"{self._name} of the model is damaged ({error}); install it again") from error

    def originals(self, word: str) -> tuple[str, ...]:
        """The words of `pairs`."""
        return tuple(original.word for original in self.pairs(word))
