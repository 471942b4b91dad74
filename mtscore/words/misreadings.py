"""Words that a scanner may have misread: what it confuses looks alike."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from mtscore.words.morphology import distance

FREQUENT, SHORT_FREQUENT = 12_000, 150
"""So many of the word table's most frequent words, of five letters and more, may have been misread; of so many,
those of three and four letters too."""

_STROKES = str.maketrans(
    {
        **dict.fromkeys("iltfjrs", "i"), **dict.fromkeys("nuhb", "ii"), "m": "iii", **dict.fromkeys("ceo", "c"),
        "d": "ci", **dict.fromkeys("vy", "v"), "w": "vv", **dict.fromkeys("gq", "g"),
    }
)  # fmt: skip
"""The strokes of a letter, as far as a scanner tells them apart: "rn" is "m", and long s (read as "f") is s."""


class Misreadings:
    """Frequent words by their strokes."""

    def __init__(self, frequent: Iterable[str]) -> None:
        self._words: dict[str, list[str]] = defaultdict(list)
        for rank, word in enumerate(frequent):
            if word.isascii() and word.isalpha() and len(word) >= (3 if rank < SHORT_FREQUENT else 5):
                self._words[word.translate(_STROKES)].append(word)

    def __contains__(self, word: str) -> bool:
        """Whether a strange word may be a frequent one with up to a third of its letters misread (a half of three or
        four)."""
        limit = max(1, len(word) // (3 if len(word) > 4 else 2))
        alike = self._words.get(word.translate(_STROKES), ())
        return any(distance(word, other, limit) <= limit for other in alike)
