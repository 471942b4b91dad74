"""Names: which ones exist, and which well-known ones a strange name is a letter or two away from."""

from __future__ import annotations

import gzip
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from mtscore.lexicon import Lexicon
from mtscore.morphology import Vocabulary, distance, vocabulary_of

NAMES_FILE = "names.txt.gz"
"""Gzip text in the model folder: one lower-case name a line that neither the word table nor the word list has."""

KNOWN = -6.6
"""log10 relative frequency from which a name of the word table is well known."""

MIN_LETTERS, MIN_LONG, MAX_EDITS = 4, 6, 2
"""Letters that a well-known name must have; that both names must have to be two edits apart; edits at most."""


class Gazetteer:
    """The names of a model folder."""

    def __init__(self, vocabulary: Vocabulary, rare: frozenset[str] = frozenset()) -> None:
        self._vocabulary = vocabulary
        self._rare = rare

    def __contains__(self, name: str) -> bool:
        """Whether somebody or some place is called so (lower case), though the word table does not know it."""
        return name in self._rare

    @cached_property
    def _index(self) -> dict[str, tuple[list[str], npt.NDArray[np.int64], npt.NDArray[np.int64]]]:
        """Well-known names by their first letter, with the set of their letters as bits, and their lengths."""
        extra, frequency = self._vocabulary.extra, self._vocabulary.lexicon.frequency
        by_letter: dict[str, list[str]] = {}
        for word, value in frequency.items():
            if value > KNOWN and len(word) >= MIN_LETTERS and word not in extra and _is_plain(word):
                by_letter.setdefault(word[0], []).append(word)
        return {
            letter: (
                names,
                np.array([_bits(name) for name in names], np.int64),
                np.array([len(name) for name in names], np.int64),
            )
            for letter, names in by_letter.items()
        }

    @lru_cache(maxsize=1 << 13)  # noqa: B019  # one gazetteer lives as long as its model
    def near(self, name: str) -> tuple[tuple[str, int], ...]:
        """Well-known names one edit away, or two in longer ones, with the edits, in the order of the word table;
        the first letter may differ only in a name one edit away. Empty for a name with letters beyond a to z."""
        if not _is_plain(name) or len(name) < MIN_LETTERS:
            return ()
        out = []
        for letter in dict.fromkeys(name[:2]):
            names, bits, lengths = self._index.get(letter, ([], np.zeros(0, np.int64), np.zeros(0, np.int64)))
            likely = (_count_bits(bits ^ _bits(name)) <= 2 * MAX_EDITS) & (
                abs(lengths - len(name)) <= MAX_EDITS
            )
            for place in np.flatnonzero(likely).tolist():
                other = names[place]
                limit = MAX_EDITS if letter == name[0] and min(len(name), len(other)) >= MIN_LONG else 1
                edits = distance(name, other, limit)
                if 0 < edits <= limit:
                    out.append((other, edits))
        return tuple(out)


def _is_plain(word: str) -> bool:
    return word.isascii() and word.isalpha()


def _bits(word: str) -> int:
    """The set of the letters a to z of a word, as bits."""
    bits = 0
    for letter in word:
        bits |= 1 << (ord(letter) - 97)
    return bits


_BITS_OF_BYTE = np.array([bin(byte).count("1") for byte in range(256)])


def _count_bits(sets: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """How many bits each number has set (`np.bitwise_count` needs numpy 2)."""
    counts: npt.NDArray[np.int64] = _BITS_OF_BYTE[sets.view(np.uint8)].reshape(-1, 8).sum(axis=1)
    return counts


@lru_cache(maxsize=4)
def _read_gazetteer(path: Path, vocabulary: Vocabulary) -> Gazetteer:
    try:
        with gzip.open(path, "rt", encoding="utf-8", newline="\n") as lines:
            return Gazetteer(vocabulary, frozenset(lines.read().split()))
    except FileNotFoundError:
        return Gazetteer(vocabulary)


def gazetteer_of(lexicon: Lexicon) -> Gazetteer:
    """The gazetteer that goes with a word table: its folder's names, read once."""
    return _read_gazetteer(Path(lexicon.path).with_name(NAMES_FILE), vocabulary_of(lexicon))
