"""What a translator may have meant by a word: a noisy channel.

The channel says which words turn into this one: those that translators were seen to turn into it, the other meanings
of a foreign word that means it, and its own other forms. The word's neighbours say which of them fits.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from mtscore.records import Pivot
from mtscore.signals.analysis import support_of
from mtscore.words.inflection import Ending, Form, forms_behind, inflected
from mtscore.words.resources import Resources

SEEN, LISTED, SHARED, FORM = 1.0, 1.0, -1.5, -0.5
"""Nats of the channel: for a word that translators turned into this one in all its places, for another meaning of a
listed homonym, for a word that shares one foreign word of the dictionaries, for another form of the same word."""

BY_SHARE, BY_LANGUAGES, LIKELY_LANGUAGE = 0.5, 0.7, 1.5
"""What the logarithms of the share of such places and of the number of such languages count, and what one nat is
added for if a probable source language has the foreign word."""

BY_FIT, MOST_FIT = 0.9, 6.0
"""Nats for each unit by which a word fits better among its neighbours (log10), up to so many units."""

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
    neighbours (log10), the foreign words that explain it, and whether it is another form of that word."""

    word: str
    channel: float
    gain: float = 0.0
    pivots: tuple[Pivot, ...] = ()
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
    best: dict[str, Alternative] = {}
    for found in _candidates(word, resources, likely):
        other = best.get(found.word)
        if plain_spelling(found.word) != plain_spelling(word) and (
            other is None or other.channel < found.channel
        ):
            best[found.word] = replace(found, pivots=found.pivots or (other.pivots if other else ()))
    chosen = sorted(best.values(), key=lambda found: (-found.channel, found.word))[:MOST]
    here = _fit(words, place, word, resources)
    fitting = [
        replace(found, gain=_fit(words, place, found.word.lower(), resources) - here)
        for found in chosen
        if resources.lexicon.log_frequency(found.word.lower()) > RARE
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


def _candidates(word: str, resources: Resources, likely: Mapping[str, float]) -> Iterator[Alternative]:
    yield from _seen(word, resources)
    bases = [form for form in forms_behind(word) if form.word in resources.vocabulary]
    for family in FAMILIES:
        if word in family:
            yield from (Alternative(other, FORM, is_form=True) for other in family)
            return
    for form in bases:
        yield from _other_meanings(form, resources, likely)
        yield from _other_forms(form, resources)


def _seen(word: str, resources: Resources) -> Iterator[Alternative]:
    """Words that translators turned into this one."""
    if resources.word_pairs is not None:
        for original in resources.word_pairs.pairs(word):
            share = BY_SHARE * math.log(original.share)
            yield Alternative(original.word, SEEN + share)


def _other_meanings(form: Form, resources: Resources, likely: Mapping[str, float]) -> Iterator[Alternative]:
    """Words that share a foreign word with a base, in its form."""
    for start, table in (
        (LISTED, resources.senses.listed(form.word)),
        (SHARED, resources.senses.shared(form.word)),
    ):
        for meaning, pivots in table.items():
            languages = {each.language for each in pivots}
            channel = start + BY_LANGUAGES * math.log(len(languages))
            channel += LIKELY_LANGUAGE * max(likely.get(language, 0.0) for language in languages)
            for word in inflected(meaning, form.ending):
                if word in resources.lexicon:
                    yield Alternative(word, channel, pivots=pivots)


def _other_forms(form: Form, resources: Resources) -> Iterator[Alternative]:
    for ending in VERB_AND_NOUN:
        for word in inflected(form.word, ending):
            if word in resources.lexicon:
                yield Alternative(word, FORM, is_form=True)
