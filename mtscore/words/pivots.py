"""What foreign words mean: bilingual dictionaries, asked about words that English does not know.

A word that a translator left as it was, or took over with an English ending, stands in some dictionary: it
explains the finding and says what was meant. Built by `training/pivots.py`, read when the first such word is met.
"""

from __future__ import annotations

import zlib
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from functools import cached_property
from io import BytesIO
from typing import Any, NamedTuple
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from mtscore.errors import ModelError
from mtscore.records import Pivot
from mtscore.words.word_lists import Lines

_DAMAGE = (
    AttributeError, KeyError, ValueError, OSError, EOFError, NotImplementedError, BadZipFile, zlib.error
)  # fmt: skip
"""What NumPy raises for archives that are none."""


class _Tables(NamedTuple):
    """The arrays of `Pivots`."""

    foreign: Lines
    english: Lines
    languages: Lines
    language: npt.NDArray[np.integer]
    first: npt.NDArray[np.integer]
    links: npt.NDArray[np.integer]


class _Inverse(NamedTuple):
    """The number of every English word, and from `bounds` to `bounds` the foreign words that mean it."""

    numbers: dict[str, int]
    owners: npt.NDArray[np.int32]
    bounds: npt.NDArray[np.int64]


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
    def _tables(self) -> _Tables:
        try:
            with np.load(BytesIO(self._data), allow_pickle=False) as file:
                return _tables({name: file[name] for name in file.files})
        except _DAMAGE as problem:
            raise ModelError(
                f"the dictionaries of the model are damaged ({problem}); install it again"
            ) from problem

    def translations(self, word: str) -> dict[str, tuple[str, ...]]:
        """Languages that have the (lower-case) word, in alphabetical order, and what it means in each, most
        frequent English word first; empty for a word that is in no dictionary."""
        out: dict[str, tuple[str, ...]] = {}
        tables = self._tables
        place = bisect_left(tables.foreign, word)
        while place < len(tables.foreign) and tables.foreign[place] == word:
            meant = tables.links[int(tables.first[place]) : int(tables.first[place + 1])].tolist()
            language = tables.languages[int(tables.language[place])]
            out[language] = tuple(tables.english[number] for number in meant)
            place += 1
        return out

    @cached_property
    def _meaning(self) -> _Inverse:
        """For each English word the numbers of the foreign words that mean it."""
        tables = self._tables
        links = tables.links.astype(np.int64)
        sizes = np.diff(tables.first.astype(np.int64)).astype(np.int64)
        owners = np.repeat(np.arange(len(tables.foreign), dtype=np.int32), sizes)
        order = np.argsort(links, kind="stable")
        bounds = np.searchsorted(links[order], np.arange(len(tables.english) + 1))
        numbers = {tables.english[number]: number for number in range(len(tables.english))}
        return _Inverse(numbers, owners[order], bounds)

    def behind(self, word: str) -> Iterator[tuple[Pivot, tuple[str, ...]]]:
        """The foreign words that mean the (lower-case) English word, each with all that it means."""
        tables, inverse = self._tables, self._meaning
        number = inverse.numbers.get(word)
        if number is None:
            return
        for place in inverse.owners[inverse.bounds[number] : inverse.bounds[number + 1]].tolist():
            meant = tables.links[int(tables.first[place]) : int(tables.first[place + 1])].tolist()
            language = tables.languages[int(tables.language[place])]
            yield Pivot(language, tables.foreign[place]), tuple(tables.english[each] for each in meant)


def _tables(arrays: Mapping[str, npt.NDArray[Any]]) -> _Tables:
    """The tables of an archive. Raises KeyError and ValueError for one of another form."""
    foreign, english, languages = (_lines(arrays[name]) for name in ("foreign", "english", "languages"))
    numbers = {"language": len(foreign), "first": len(foreign) + 1, "links": arrays["links"].size}
    for name, size in numbers.items():
        if arrays[name].shape != (size,) or arrays[name].dtype.kind not in "iu":
            raise ValueError(f"{name} does not fit")
    language, first, links = (arrays[name].astype(np.int64, copy=False) for name in numbers)
    if first[0] != 0 or first[-1] != len(links) or (np.diff(first) < 0).any():
        raise ValueError("first does not fit links")
    for numbered, limit in ((language, len(languages)), (links, len(english))):
        if len(numbered) and not (int(numbered.min()) >= 0 and int(numbered.max()) < limit):
            raise ValueError("a number stands for nothing")
    return _Tables(foreign, english, languages, *(arrays[name] for name in numbers))


def _lines(array: npt.NDArray[Any]) -> Lines:
    if array.dtype != np.uint8 or array.ndim != 1:
        raise ValueError("text is not stored as bytes")
    data = array.tobytes()
    data.decode("utf-8")
    return Lines(data)
