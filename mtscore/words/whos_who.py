"""Who is who: people by first name and surname, how well known they are, what they are and where.

A name by itself says little: somebody is called nearly everything. Its company decides: there is one well-known Keir,
and his surname is one letter from "Starrer". Built by `training/tables/whos_who.py`, read when the first name is asked
for.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from functools import cached_property, lru_cache
from itertools import takewhile
from typing import NamedTuple

from mtscore.errors import ModelError
from mtscore.words.word_lists import Lines, unpacked

SURNAME, SPELLING = "~", "!"
"""What stands before a surname that leads a line, and before a foreign spelling."""

_BETWEEN = "|"


class Bearer(NamedTuple):
    """A well-known person, by the part of the name that the other part was looked up for."""

    name: str
    """In small letters without accents, of one word or several ("von der leyen")."""
    fame: int
    """From 0 (in some list) to 200 or so (everybody has heard of them)."""
    offices: str
    """A letter for each office; see `training/tables/whos_who.py`."""
    country: str
    """Of up to three letters, empty where it is not known."""
    shown: str
    """As it is written."""


class Spelling(NamedTuple):
    """How English writes a name, and the ISO 639-1 language that writes it otherwise."""

    english: str
    language: str


class WhosWho:
    """The people of a model folder.

    Gzip text of tab-separated lines in order of their first field. A line of a first name has how many people bear it,
    then those who do by their other names, the well-known ones (with fame, offices, country and how they are written,
    a bar before each) first. A line of a surname (`SURNAME` before it) has the same by first names, without those who
    are not well known. A line of a foreign spelling (`SPELLING` before it) has the English one and the language.
    """

    def __init__(self, data: bytes, name: str) -> None:
        self._data, self._name = data, name

    @cached_property
    def _lines(self) -> Lines:
        return Lines.of(unpacked(self._data, self._name))

    @lru_cache(maxsize=1 << 15)  # noqa: B019
    def _line(self, key: str) -> str:
        """What stands behind the key and its tab; empty without such a line."""
        place = bisect_left(self._lines, f"{key}\t")
        found = place < len(self._lines) and self._lines[place].startswith(f"{key}\t")
        return self._lines[place][len(key) + 1 :] if found else ""

    @lru_cache(maxsize=1 << 12)  # noqa: B019  # one who's who lives as long as its model
    def with_first_name(self, first: str) -> tuple[int, tuple[Bearer, ...]]:
        """How many people have the first name (in small letters, without accents), and the well-known ones."""
        return self._bearers(self._line(first))

    @lru_cache(maxsize=1 << 12)  # noqa: B019
    def with_surname(self, surname: str) -> tuple[int, tuple[Bearer, ...]]:
        """How many people have the surname, and the well-known ones."""
        return self._bearers(self._line(SURNAME + surname))

    def knows(self, first: str, surname: str) -> bool:
        """Whether somebody, well known or not, has both."""
        line = self._line(first)
        return f"\t{surname}\t" in f"{line}\t" or f"\t{surname}{_BETWEEN}" in line

    def is_borne(self, name: str) -> bool:
        """Whether somebody has it as first name or surname."""
        return bool(self._line(name) or self._line(SURNAME + name))

    @cached_property
    def officials(self) -> tuple[tuple[str, Bearer], ...]:
        """The surnames of all well-known people with an office, each with its bearer by first name."""
        first = bisect_left(self._lines, SURNAME)
        rows = (self._lines[place] for place in range(first, len(self._lines)))
        keyed = (row.partition("\t") for row in rows if row.startswith(SURNAME))
        return tuple(
            (key.removeprefix(SURNAME), bearer)
            for key, _, rest in keyed
            if _BETWEEN in rest
            for bearer in self._bearers(rest)[1]
            if bearer.offices
        )

    @cached_property
    def spellings(self) -> Mapping[str, Spelling]:
        """Names as other languages write them, in small letters, and what English writes."""
        first = bisect_left(self._lines, SPELLING)
        rows = (self._lines[place].split("\t") for place in range(first, len(self._lines)))
        found = takewhile(lambda row: row[0].startswith(SPELLING), rows)
        try:
            return {word.removeprefix(SPELLING): Spelling(english, code) for word, english, code in found}
        except ValueError as error:
            raise ModelError(f"{self._name} of the model is damaged ({error}); install it again") from error

    def _bearers(self, line: str) -> tuple[int, tuple[Bearer, ...]]:
        if not line:
            return 0, ()
        count, *entries = line.split("\t")
        try:
            known = []
            for entry in entries:
                if _BETWEEN not in entry:
                    break
                name, fame, offices, country, shown = entry.split(_BETWEEN)
                known.append(Bearer(name, int(fame), offices, country, shown))
            return int(count), tuple(known)
        except ValueError as error:
            raise ModelError(f"{self._name} of the model is damaged ({error}); install it again") from error
