"""langdetect with its profiles in a quarter of the memory.

It keeps a list of 55 probabilities for each of 88,000 n-grams, and most n-grams occur in one or two languages only.
"""

from __future__ import annotations

import struct
from typing import Any

from langdetect.detector_factory import PROFILES_DIRECTORY, DetectorFactory

_PAIR = struct.Struct("<Bd")


class Profiles(dict[str, bytes]):
    """The n-grams, and as packed pairs which languages have each with what probability."""

    languages = 0

    def add(self, ngram: str, language: int, probability: float) -> None:
        """Note a probability of one language, given as its number."""
        self[ngram] = self.get(ngram, b"") + _PAIR.pack(language, probability)

    def __getitem__(self, ngram: str) -> Any:
        """The probability in every language, as langdetect asks for it."""
        row = [0.0] * self.languages
        for language, probability in _PAIR.iter_unpack(super().__getitem__(ngram)):
            row[language] = probability
        return row


class Factory(DetectorFactory):  # type: ignore[misc]  # langdetect has no types
    """Makes detectors; the profiles are loaded at once. The random numbers of each start from the same seed."""

    def __init__(self) -> None:
        super().__init__()
        self.seed = 0
        self.word_lang_prob_map = Profiles()
        self.load_profile(PROFILES_DIRECTORY)

    def add_profile(self, profile: Any, index: int, langsize: int) -> None:
        """Called by `load_profile` for each language; a profile has counts of n-grams and, for each length, their
        sum."""
        self.langlist.append(profile.name)
        self.word_lang_prob_map.languages = langsize
        for ngram, count in profile.freq.items():
            if 1 <= len(ngram) <= 3:
                self.word_lang_prob_map.add(ngram, index, count / profile.n_words[len(ngram) - 1])
