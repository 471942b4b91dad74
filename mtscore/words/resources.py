"""All that a model folder knows of words: language models, word table, word and name lists, dictionaries.

One object owns them, and what they are made from is in memory or open before the first text comes: a folder that is
replaced in the meantime changes nothing, and no text is judged by parts of two models. What takes time to prepare is
prepared when it is first asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain, islice
from pathlib import Path

from mtscore.words.gazetteer import Gazetteer
from mtscore.words.language_model import LanguageModel
from mtscore.words.lexicon import Lexicon
from mtscore.words.misreadings import FREQUENT, Misreadings
from mtscore.words.morphology import Vocabulary
from mtscore.words.pivots import Pivots
from mtscore.words.senses import Senses
from mtscore.words.whos_who import WhosWho
from mtscore.words.word_lists import unpacked
from mtscore.words.word_pairs import WordPairs

LANGUAGE_MODEL_FILES = ("forward.bin", "backward.bin", "syntax.bin")
LEXICON_FILE = "lexicon.tsv.gz"

WORDS_FILE = "words.txt.gz"
"""Gzip text: one lower-case English word a line that the word table lacks."""

NAMES_FILE = "names.txt.gz"
"""Gzip text: one lower-case name a line that neither the word table nor the word list has."""

PIVOTS_FILE = "pivots.npz"
"""The dictionaries; see `Pivots`."""

SENSES_FILE = "senses.npz"
"""Foreign words of several meanings, in the form of `Pivots`: what a word may be the wrong sense of."""

WORD_PAIRS_FILE = "word_pairs.tsv.gz"
"""What translators turn words into; see `WordPairs`."""

WHOS_WHO_FILE = "whos_who.txt.gz"
"""People, and how other languages write names; see `WhosWho`."""

OPTIONAL_FILES = (WORDS_FILE, NAMES_FILE, PIVOTS_FILE, SENSES_FILE, WORD_PAIRS_FILE, WHOS_WHO_FILE)
"""Files that a folder may lack."""


@dataclass(frozen=True, eq=False)
class Resources:
    """The resources of one model folder. `lists` has the bytes of its `OPTIONAL_FILES`."""

    forward: LanguageModel
    backward: LanguageModel
    syntax: LanguageModel
    lexicon: Lexicon
    lists: Mapping[str, bytes] = field(default_factory=dict, repr=False)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The word table and the additional English words."""
        return Vocabulary(self.lexicon, self._words(WORDS_FILE))

    @cached_property
    def gazetteer(self) -> Gazetteer:
        """The names."""
        return Gazetteer(self.vocabulary, frozenset(self._words(NAMES_FILE)))

    @cached_property
    def pivots(self) -> Pivots | None:
        """The dictionaries, None where the folder has none."""
        return Pivots(self.lists[PIVOTS_FILE]) if PIVOTS_FILE in self.lists else None

    @cached_property
    def word_pairs(self) -> WordPairs | None:
        """What translators turn words into, None where the folder does not say."""
        return (
            WordPairs(self.lists[WORD_PAIRS_FILE], WORD_PAIRS_FILE) if WORD_PAIRS_FILE in self.lists else None
        )

    @cached_property
    def whos_who(self) -> WhosWho | None:
        """The people, None where the folder has none."""
        return WhosWho(self.lists[WHOS_WHO_FILE], WHOS_WHO_FILE) if WHOS_WHO_FILE in self.lists else None

    @cached_property
    def senses(self) -> Senses:
        """Which words share a foreign word."""
        file = self.lists.get(SENSES_FILE)
        return Senses(Pivots(file) if file else self.pivots)

    @cached_property
    def misreadings(self) -> Misreadings:
        """What a scanner may have misread, by the word table."""
        return Misreadings(islice(self.lexicon.frequency, FREQUENT))

    def _words(self, name: str) -> Iterator[str]:
        lines = unpacked(self.lists[name], name) if name in self.lists else ()
        return chain.from_iterable(map(str.split, lines))


def resources_of(folder: Path, files: Mapping[str, bytes]) -> Resources:
    """The resources of a folder; `files` has the bytes of all that they are made from but the language models, which
    are read where they stand."""
    lists = {name: files[name] for name in OPTIONAL_FILES if name in files}
    forward, backward, syntax = (LanguageModel(folder / name) for name in LANGUAGE_MODEL_FILES)
    return Resources(forward, backward, syntax, Lexicon(files[LEXICON_FILE]), lists)


def load_resources(folder: Path) -> Resources:
    """The resources of a folder whose digests nobody has checked: one that is being built, for instance."""
    names = [name for name in (LEXICON_FILE, *OPTIONAL_FILES) if (folder / name).is_file()]
    return resources_of(folder, {name: (folder / name).read_bytes() for name in names})
