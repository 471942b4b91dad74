"""What a translator may have meant by a word: a noisy channel.

The channel says which words turn into this one: those that translators were seen to turn into it, the other meanings
of a foreign word that means it, and its own other forms. The word's neighbours say which of them fits.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from mtscore.records import Pivot
from mtscore.signals.analysis import support_of
from mtscore.words.inflection import Ending, Form, forms_behind, inflected
from mtscore.words.resources import Resources

NOTHING_KNOWN = -4.0
"""Nats of the channel for a word of which nothing is known."""

SEEN, LISTED, FORM, LEFT = 2.1, 2.75, 1.0, 1.1
"""What is added for a word that translators were seen to turn into this one, for another meaning of a listed homonym,
for another form of the same word, and for the meaning of a foreign word that is spelt like this one."""

BY_LANGUAGES, BY_FREQUENCY, LIKELY_LANGUAGE = 1.5, -0.17, 1.5
"""What is added for the logarithm of one more than the languages that have one word for both, for each unit of a
word's own log10 frequency, and if a probable source language is among these languages."""

BY_FIT, MOST_FIT = 1.4, 6.0
"""Nats for each unit by which a word fits better among its neighbours (log10), up to so many units.

All these are the weights of a conditional logistic regression: which of the words that the channel offers stood in the
original, at 742 places of there-and-back translations. `FORM` is less than it was there (2.9): where a form came out
best, it was right at 12 % of the places. `LISTED` is more (1.75), which makes no difference there.
"""

RARE = -6.5
"""log10 relative frequency below which a word is not proposed."""

FAMILIES = tuple(
    tuple(line.split())
    for line in """
is are was were be been being
has have had having
do does did done
he she it they
him her it them
his her its their
a an the
this that these those
who which whom that
in on at of to for from with by about into over under between through against during
than then as like
""".strip().splitlines()
)
"""Words of which a translator, or a learner, takes one for another."""

PRONOUNS = frozenset(word for family in FAMILIES for word in family if {"she", "her", "his"} & {*family})
"""Those that stand for a person, and what stands for a thing."""

VERB_AND_NOUN: tuple[Ending, ...] = ("", "s", "ed", "ing")
"""The endings whose forms are proposed for each other."""

MOST = 120
"""So many candidates are looked at, by the channel."""


SPELLINGS = (
    ("our", "or"), ("is", "iz"), ("ys", "yz"), ("ll", "l"), ("ae", "e"), ("oe", "e"), ("ogue", "og"), ("tre", "ter"),
    ("ence", "ense"), ("grey", "gray"),
)  # fmt: skip
"""British letters and the American ones that may stand for them."""


@dataclass(frozen=True, slots=True)
class Alternative:
    """A word for a place: nats of the channel, how much better than the word that stands there it fits among its
    neighbours (log10), the foreign words that mean both, those of them that are listed homonyms, and whether it is
    another form of that word."""

    word: str
    channel: float
    gain: float = 0.0
    pivots: tuple[Pivot, ...] = ()
    homonyms: tuple[Pivot, ...] = ()
    is_form: bool = False

    @property
    def score(self) -> float:
        """Nats of channel and neighbours together."""
        return self.channel + BY_FIT * max(-MOST_FIT, min(MOST_FIT, self.gain))


def alternatives(
    words: Sequence[str], place: int, resources: Resources, likely: Mapping[str, float]
) -> list[Alternative]:
    """Words for a place in a sentence of lower-case tokens, best first. `likely` are probable source languages."""
    word = words[place]
    frequency = resources.lexicon.log_frequency
    offered = [
        known.alternative(other, frequency(other.lower()), likely)
        for other, known in _offered(word, resources).items()
        if frequency(other.lower()) > RARE and plain_spelling(other) != plain_spelling(word)
    ]
    offered.sort(key=lambda found: (-found.channel, found.word))
    here = _fit(words, place, word, resources)
    fitting = [
        replace(found, gain=_fit(words, place, found.word.lower(), resources) - here)
        for found in offered[:MOST]
    ]
    return sorted(fitting, key=lambda found: (-found.score, found.word))


def plain_spelling(word: str) -> str:
    """The word in one spelling: "harbour" and "harbor" are no alternatives to each other."""
    for british, american in SPELLINGS:
        word = word.replace(british, american)
    return word


def _fit(words: Sequence[str], place: int, word: str, resources: Resources) -> float:
    """How probable a word is given its neighbours on both sides, log10, but for a constant of the place."""
    return support_of(words, place, word, resources) + resources.lexicon.log_frequency(word)


@dataclass(slots=True)
class _Known:
    """What speaks for a word: the foreign words that mean both, by dictionaries and by the list of homonyms, whether
    translators were seen to turn it into this one, whether it is a form of it, or what a foreign word spelt like it
    means."""

    shared: dict[Pivot, None] = field(default_factory=dict)
    homonyms: dict[Pivot, None] = field(default_factory=dict)
    is_seen: bool = False
    is_form: bool = False
    is_left: bool = False

    def alternative(self, word: str, frequency: float, likely: Mapping[str, float]) -> Alternative:
        """The word with its channel; nothing is said yet of its place."""
        pivots = {**self.homonyms, **self.shared}
        languages = {pivot.language for pivot in pivots}
        probable = max((likely.get(language, 0.0) for language in languages), default=0.0)
        channel = (
            NOTHING_KNOWN
            + SEEN * self.is_seen
            + LISTED * bool(self.homonyms)
            + FORM * self.is_form
            + LEFT * self.is_left
            + BY_LANGUAGES * math.log1p(len(languages))
            + BY_FREQUENCY * frequency
            + LIKELY_LANGUAGE * probable
        )
        return Alternative(word, channel, 0.0, tuple(pivots), tuple(self.homonyms), self.is_form)


def _offered(word: str, resources: Resources) -> Mapping[str, _Known]:
    """What may have been meant by a word."""
    found: dict[str, _Known] = defaultdict(_Known)
    for original in resources.word_pairs.pairs(word) if resources.word_pairs else ():
        found[original.word].is_seen = True
    for family in FAMILIES:
        if word in family:
            for other in family:
                found[other].is_form = True
            return found
    senses = resources.senses
    for meaning, pivots in senses.left(word).items():
        found[meaning].shared.update(dict.fromkeys(pivots))
        found[meaning].is_left = True
    for form in [form for form in forms_behind(word) if form.word in resources.vocabulary]:
        for other, pivots in _in_form(senses.shared(form.word), form, resources):
            found[other].shared.update(dict.fromkeys(pivots))
        for other, pivots in _in_form(senses.listed(form.word), form, resources):
            found[other].homonyms.update(dict.fromkeys(pivots))
        for ending in VERB_AND_NOUN:
            for other in inflected(form.word, ending):
                if other in resources.lexicon:
                    found[other].is_form = True
    return found


def _in_form(
    meanings: Mapping[str, tuple[Pivot, ...]], form: Form, resources: Resources
) -> Iterator[tuple[str, tuple[Pivot, ...]]]:
    """Other meanings of the base of a form, in that form."""
    for meaning, pivots in meanings.items():
        for other in inflected(meaning, form.ending):
            if other in resources.lexicon:
                yield other, pivots
