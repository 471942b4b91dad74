"""Words that share a foreign word: "hire" and "cease", by German *einstellen*.

A translator that takes the wrong one of a foreign word's meanings writes a word whose translations are also those of
the right one. They are looked up in the dictionaries of the model folder, and in a short list of foreign words with
several meanings, `homonyms.txt`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, cached_property
from pathlib import Path

from mtscore.records import Pivot
from mtscore.words.pivots import Pivots

Entry = tuple[Pivot, tuple[str, ...]]
"""A foreign word, and all that it means."""

HOMONYMS = Path(__file__).with_name("homonyms.txt")


class Senses:
    """The dictionaries, and the list of homonyms."""

    def __init__(self, pivots: Pivots | None) -> None:
        self._pivots = pivots

    @cached_property
    def _homonyms(self) -> Mapping[str, tuple[Entry, ...]]:
        found: dict[str, list[Entry]] = defaultdict(list)
        for language, word, meanings in _homonyms():
            for meaning in meanings:
                found[meaning].append((Pivot(language, word), meanings))
        return {meaning: tuple(entries) for meaning, entries in found.items()}

    def listed(self, word: str) -> dict[str, tuple[Pivot, ...]]:
        """The other meanings of the homonyms that mean `word`, and which homonyms these are."""
        return _others(word, self._homonyms.get(word, ()))

    def shared(self, word: str) -> dict[str, tuple[Pivot, ...]]:
        """The words that share a foreign word with `word` in the dictionaries, and which foreign words these are."""
        return _others(word, self._pivots.behind(word) if self._pivots else ())

    def left(self, word: str) -> dict[str, tuple[Pivot, ...]]:
        """What foreign words mean that are spelt like `word`, and which languages have them: "pan" is bread in
        Spanish."""
        found = self._pivots.translations(word) if self._pivots else {}
        return _others(word, ((Pivot(language, word), meanings) for language, meanings in found.items()))


def _others(word: str, entries: Iterable[Entry]) -> dict[str, tuple[Pivot, ...]]:
    found: dict[str, list[Pivot]] = defaultdict(list)
    for pivot, meanings in entries:
        for meaning in meanings:
            if meaning != word:
                found[meaning].append(pivot)
    return {meaning: tuple(pivots) for meaning, pivots in found.items()}


@cache
def _homonyms() -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    return tuple(_parsed(HOMONYMS.read_text("utf-8")))


def _parsed(text: str) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Language, word and meanings of every line of the list."""
    language = ""
    for line in text.splitlines():
        if line.startswith("["):
            language = line.strip("[]")
        elif line and not line.startswith("#"):
            word, *meanings = line.split()
            yield language, word, tuple(meanings)
