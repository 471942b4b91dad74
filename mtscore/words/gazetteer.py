"""Names: which ones exist, and which well-known ones a strange name is a letter or two away from."""

from __future__ import annotations

from functools import cached_property, lru_cache

import numpy as np
import numpy.typing as npt

from mtscore.words.morphology import Vocabulary, distance

KNOWN = -6.6
"""log10 relative frequency from which a name of the word table is well known."""

MIN_LETTERS, MAX_LETTERS, MIN_LONG, MAX_EDITS = 4, 40, 6, 2
"""Letters that a name must have, and may have; that both names must have to be two edits apart; edits at most."""


class Gazetteer:
    """The names of a model folder."""

    def __init__(self, vocabulary: Vocabulary, rare: frozenset[str] = frozenset()) -> None:
        self._vocabulary = vocabulary
        self._rare = rare

    def __contains__(self, name: str) -> bool:
        """Whether somebody or some place is called so (lower case), though the word table does not know it."""
        return name in self._rare

    @cached_property
    def _index(self) -> dict[str, tuple[list[str], npt.NDArray[np.int8]]]:
        """Well-known names by their first letter, and how often each has each letter, a row a name."""
        extra, frequency = self._vocabulary.extra, self._vocabulary.lexicon.frequency
        by_letter: dict[str, list[str]] = {}
        for word, value in frequency.items():
            is_right_size = MIN_LETTERS <= len(word) <= MAX_LETTERS
            if value > KNOWN and is_right_size and word not in extra and _is_plain(word):
                by_letter.setdefault(word[0], []).append(word)
        return {letter: (names, _letter_counts(names)) for letter, names in by_letter.items()}

    @lru_cache(maxsize=1 << 13)  # noqa: B019  # one gazetteer lives as long as its model
    def near(self, name: str) -> tuple[tuple[str, int], ...]:
        """Well-known names one edit away, or two in longer ones, with the edits, in the order of the word table;
        the first letter may differ only in a name one edit away. Empty for a name with letters beyond a to z."""
        if not _is_plain(name) or not MIN_LETTERS <= len(name) <= MAX_LETTERS:
            return ()
        out = []
        own = _letter_counts([name])
        for letter in dict.fromkeys(name[:2]):
            names, counts = self._index.get(letter, _NO_NAMES)
            different = np.abs(counts - own).sum(axis=1)
            for place in np.flatnonzero(different <= 2 * MAX_EDITS).tolist():
                other = names[place]
                limit = MAX_EDITS if letter == name[0] and min(len(name), len(other)) >= MIN_LONG else 1
                if different[place] <= 2 * limit and 0 < (edits := distance(name, other, limit)) <= limit:
                    out.append((other, edits))
        return tuple(out)


def _is_plain(word: str) -> bool:
    return word.isascii() and word.isalpha() and word.islower()


def _letter_counts(names: list[str]) -> npt.NDArray[np.int8]:
    """How often each name (of the letters a to z) has each of them, a row a name. An edit changes two at most."""
    counts = np.zeros((len(names), 26), np.int8)
    for row, name in enumerate(names):
        for letter in name:
            counts[row, ord(letter) - 97] += 1
    return counts


_NO_NAMES: tuple[list[str], npt.NDArray[np.int8]] = ([], _letter_counts([]))
