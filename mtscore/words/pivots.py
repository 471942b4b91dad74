"""What foreign words mean: bilingual dictionaries, asked about words that English does not know.

A word that a translator left as it was, or took over with an English ending, stands in some dictionary: it
explains the finding and says what was meant. Built by `training/pivots.py`, read when the first such word is met.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from functools import cached_property
from io import BytesIO

import numpy as np
import numpy.typing as npt

from mtscore.words.word_lists import Lines


class Pivots:
    """The dictionaries of a model folder, all languages in one table.

    The bytes of a NumPy archive with the arrays `foreign` (UTF-8, one word a line, sorted; a word stands once for each
    of its languages), `language` (number of its language), `languages` (UTF-8, ISO 639-1 codes, one a line), `english`
    (UTF-8, one word a line), `links` (numbers of English words) and `first` (where the links of each foreign word
    begin, with the total at the end).
    """

    def __init__(self, data: bytes) -> None:
        self._data = data

    @cached_property
    def _arrays(self) -> Mapping[str, npt.NDArray[np.generic]]:
        with np.load(BytesIO(self._data), allow_pickle=False) as file:
            return {name: file[name] for name in file.files}

    @cached_property
    def _foreign(self) -> Lines:
        return self._lines("foreign")

    @cached_property
    def _english(self) -> Lines:
        return self._lines("english")

    @cached_property
    def _languages(self) -> Lines:
        return self._lines("languages")

    def _lines(self, name: str) -> Lines:
        return Lines(self._arrays[name].tobytes())

    def translations(self, word: str) -> dict[str, tuple[str, ...]]:
        """Languages that have the (lower-case) word, in alphabetical order, and what it means in each, most
        frequent English word first; empty for a word that is in no dictionary."""
        out: dict[str, tuple[str, ...]] = {}
        language, first, links = (self._arrays[name] for name in ("language", "first", "links"))
        place = bisect_left(self._foreign, word)
        while place < len(self._foreign) and self._foreign[place] == word:
            meant = links[int(first[place]) : int(first[place + 1])].tolist()
            out[self._languages[int(language[place])]] = tuple(self._english[number] for number in meant)
            place += 1
        return out
