"""Chains of translators: a text goes through languages one after another and ends in English.

A chain's name says it all: `en-pt-en` goes there and back, `fr-es-pt-en` brings French to English through its
neighbours. What a farm publishes is nearest to `pt-en`; there-and-back chains keep the original in English, so that
every changed word is known together with the word that stood there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from mtscore.errors import MtscoreError
from training.translations.cleaning import cleaned, without_filler, without_marks
from training.translations.engines import BERGAMOT, Engine, engine_for

_LETTERS = re.compile(r"[^\W\d_]{2}")


@dataclass(frozen=True, slots=True)
class Passage:
    """What became of sentences in a chain, one for one: in English, and in the language before English."""

    english: tuple[str, ...]
    before: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chain:
    """Translators in the order in which a text goes through them; `way_back` leads from English to the language
    before it, where a neural engine goes that way."""

    name: str
    engines: tuple[Engine, ...]
    way_back: Engine | None = None

    @property
    def source(self) -> str:
        """The language that goes in."""
        return self.name.split("-", 1)[0]

    @property
    def is_there_and_back(self) -> bool:
        """Whether English goes in: the original then stands beside the translation."""
        return self.source == "en"

    @property
    def engine_names(self) -> list[str]:
        """The engine of each leg."""
        return [engine.name for engine in self.engines]

    def translate(self, sentences: Sequence[str]) -> Passage:
        """The sentences in English, without the marks by which an engine gives itself away.

        What has no word in it (rules, numbers, addresses of one sign) stays as it is: a neural engine asked to
        translate nothing invents something.
        """
        asked = [number for number, sentence in enumerate(sentences) if _LETTERS.search(sentence)]
        stages = [[" ".join(sentences[number].split()) for number in asked]]
        for engine in self.engines:
            lines = _same_number(engine, stages[-1])
            if engine.name == "apertium":
                lines = [without_marks(line, source) for line, source in zip(lines, stages[0], strict=True)]
            stages.append(lines)
        english = [" ".join(sentence.split()) for sentence in sentences]
        before = list(english)
        has_rules = "apertium" in self.engine_names
        for number, source, middle, last in zip(asked, stages[0], stages[-2], stages[-1], strict=True):
            line = without_filler(" ".join(last.split()), source)
            english[number] = cleaned(line, source) if has_rules else line
            before[number] = middle
        return Passage(tuple(english), tuple(before))

    def returned(self, english: Sequence[str]) -> list[str] | None:
        """The English sentences on their way back; None where no engine goes that way."""
        return None if self.way_back is None else _same_number(self.way_back, english)


def _same_number(engine: Engine, sentences: Sequence[str]) -> list[str]:
    back = engine.translate(sentences)
    if len(back) != len(sentences):
        raise MtscoreError(f"{engine.name} lost sentences: {len(sentences)} went in, {len(back)} came back")
    return back


def chain_for(name: str, engines: Callable[[tuple[str, str]], Engine] = engine_for) -> Chain:
    """The chain of this name, `en-pt-en` or any other whose every leg has a translator."""
    languages = name.split("-")
    if len(languages) < 2 or languages[-1] != "en" or not all(languages):
        raise MtscoreError(f"{name!r} names no chain: write languages that end in English, such as en-pt-en")
    home = ("en", languages[-2])
    way_back = engines(home) if languages[0] != "en" and home in BERGAMOT else None
    return Chain(name, tuple(engines(leg) for leg in pairwise(languages)), way_back)
