"""Articles prepared for comparison, and which of their sentences say the same."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from mtscore.records import Sentence
from mtscore.text.body import find_body
from mtscore.text.cleaning import clean
from mtscore.text.segmentation import segment
from mtscore.words.lexicon import Lexicon
from mtscore.words.resources import Resources

COMMON = -2.5
"""log10 relative frequency from which a word says nothing about which sentences belong together."""

MAX_WEIGHT = 3.0
NUMBER_WEIGHT = 0.3

MAX_SENTENCES = 500
"""Sentences of an article that are compared, from its beginning: time grows with their square."""

STEM = 5
"""Letters that count when words are compared: "repair" is "repairing"."""

_NOWHERE: npt.NDArray[np.intp] = np.zeros(0, np.intp)

MIN_ALIKE = 0.3
"""What two aligned sentences have in common at least, as a share of their weights' geometric mean."""


@dataclass(frozen=True)
class Version:
    """An article prepared for comparison. `log_odds` is how garbled it looks by itself: above 0 from
    the `garbled` threshold on."""

    id: str
    text: str
    log_odds: float
    sentences: tuple[Sentence, ...]
    lexicon: Lexicon

    @property
    def tokens(self) -> int:
        """How much of the article is compared."""
        return sum(len(sentence.words) for sentence in self.sentences)

    @cached_property
    def stems(self) -> tuple[tuple[str, ...], ...]:
        """The stems of every sentence."""
        return tuple(tuple(map(stem_of, sentence.words)) for sentence in self.sentences)

    @cached_property
    def known(self) -> frozenset[str]:
        """All stems."""
        return frozenset(stem for stems in self.stems for stem in stems)

    @cached_property
    def counts(self) -> tuple[Counter[str], ...]:
        """How often each sentence has the stems of its words."""
        return tuple(Counter(stem for stem in stems if stem[0].isalpha()) for stems in self.stems)

    @cached_property
    def bags(self) -> tuple[dict[str, float], ...]:
        """What each sentence is about: weights of its stems."""
        return tuple(_bag(sentence, self.lexicon) for sentence in self.sentences)

    @cached_property
    def places(self) -> dict[str, npt.NDArray[np.intp]]:
        """The sentences that hold a stem."""
        found: dict[str, list[int]] = defaultdict(list)
        for number, bag in enumerate(self.bags):
            for stem in bag:
                found[stem].append(number)
        return {stem: np.array(numbers) for stem, numbers in found.items()}

    def written(self, sentence: int, place: int) -> str:
        """A token as the text has it, in the usual characters."""
        found = self.sentences[sentence]
        return clean(self.text[found.starts[place] : found.ends[place]]).text

    def is_capital(self, sentence: int, place: int) -> bool:
        """Whether a token begins with a capital letter in the text."""
        return self.text[self.sentences[sentence].starts[place]].isupper()


def make_version(id: str, text: str, log_odds: float, resources: Resources) -> Version:
    """An article, prepared for comparison."""
    sentences = segment(text, find_body(text).spans)[:MAX_SENTENCES]
    return Version(id, text, log_odds, sentences, resources.lexicon)


def aligned(own: Version, other: Version) -> Iterator[tuple[int, int]]:
    """For each sentence of `own` the one of `other` that has most in common with it, if that is enough."""
    totals = np.array([sum(bag.values()) for bag in other.bags])
    for number, bag in enumerate(own.bags):
        common = np.zeros(len(totals))
        for stem, weight in bag.items():
            common[other.places.get(stem, _NOWHERE)] += weight
        (met,) = common.nonzero()
        alike = common[met] / np.sqrt(sum(bag.values()) * totals[met])
        if len(met) and alike.max() >= MIN_ALIKE:
            yield number, int(met[alike.argmax()])


def share_of_words(own: Version, other: Version) -> float:
    """How alike two versions word the sentences that they have in common: the F1 of their words, 0 (also when they
    have no sentence in common) to 1."""
    both = either = 0
    for mine, theirs in aligned(own, other):
        counts = own.counts[mine], other.counts[theirs]
        both += (counts[0] & counts[1]).total()
        either += counts[0].total() + counts[1].total()
    return 2.0 * both / either if either else 0.0


def _bag(sentence: Sentence, lexicon: Lexicon) -> dict[str, float]:
    weights = {}
    for word in sentence.words:
        if word[0].isalpha():
            weight = min(COMMON - lexicon.log_frequency(word), MAX_WEIGHT)
        else:
            weight = NUMBER_WEIGHT if word[0] == "<" else 0.0
        if weight > 0:
            weights[stem_of(word)] = weight
    return weights


def stem_of(word: str) -> str:
    """What of a token counts when words are compared."""
    return word[:STEM] if word[0].isalpha() else word
