"""Places that a version of a story loses: words that it alone has, where another has one that fits better."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

from mtscore.siblings.alignment import Version, aligned, stem_of
from mtscore.signals.analysis import support_of
from mtscore.words.resources import Resources

MAX_GAP = 8
"""Tokens between two that agree, at most, for the words there to be compared."""

MIN_GAIN = 0.3
"""log10 units by which the neighbours must prefer the sibling's word, in either sentence."""


@dataclass(frozen=True, slots=True)
class Loss:
    """A place that a version loses: its sentence and token, the word that fits better, the sibling that has it, how
    many siblings do, by how much it fits better (log10 units), and whether the version's own is no word or a name."""

    sentence: int
    place: int
    intended: str
    sibling: int
    agreeing: int
    gain: float
    is_sure: bool


@dataclass(frozen=True, slots=True)
class _Rival:
    """A word that a sibling has in a place."""

    word: str
    sibling: int
    sentence: int
    place: int


def losses(own: Version, siblings: Sequence[Version], resources: Resources) -> list[Loss]:
    """The places that a version loses to its siblings, in document order."""
    rivals: dict[tuple[int, int], list[_Rival]] = defaultdict(list)
    for number, other in enumerate(siblings):
        for mine, theirs in aligned(own, other):
            for i, j in _different(own, other, mine, theirs, siblings):
                rivals[mine, i].append(_Rival(other.sentences[theirs].words[j], number, theirs, j))
    found = {place: _loss_at(own, siblings, place, rivals[place], resources) for place in rivals}
    return [loss for _, loss in sorted(found.items()) if loss is not None]


def _different(
    own: Version, other: Version, mine: int, theirs: int, siblings: Sequence[Version]
) -> Iterator[tuple[int, int]]:
    """Places of content words that stand for each other in two aligned sentences: one that no sibling has
    anywhere, and one that the own sentence lacks. Between words that agree, words stand for each other that come
    at the same point (the first of two for the first of two), and names for any name."""
    words, rivals = own.sentences[mine].words, other.sentences[theirs].words
    stems, their_stems = own.stems[mine], other.stems[theirs]
    for first, last, their_first, their_last in _gaps(stems, their_stems):
        if max(last - first, their_last - their_first) > MAX_GAP:
            continue
        here = [i for i in range(first, last) if not own.lexicon.is_function(words[i])]
        there = [j for j in range(their_first, their_last) if not other.lexicon.is_function(rivals[j])]
        for (i, at), (j, their_at) in product(_parts(here), _parts(there)):
            are_names = own.is_capital(mine, i) and other.is_capital(theirs, j)
            if not are_names and (at[1] <= their_at[0] or their_at[1] <= at[0]):
                continue
            if not any(stems[i] in version.known for version in siblings) and their_stems[j] not in stems:
                yield i, j


def _parts(places: Sequence[int]) -> list[tuple[int, tuple[Fraction, Fraction]]]:
    """Each of some places with the part of 0 to 1 that it takes up when all are drawn equally long."""
    count = len(places)
    return [(place, (Fraction(n, count), Fraction(n + 1, count))) for n, place in enumerate(places)]


def _gaps(own: Sequence[str], other: Sequence[str]) -> Iterator[tuple[int, int, int, int]]:
    """The stretches between the tokens that agree, as (start, end) in the one and in the other."""
    from rapidfuzz.distance import Indel

    start = their_start = 0
    for block in Indel.opcodes(own, other):
        if block.tag == "equal":
            if start < block.src_start and their_start < block.dest_start:
                yield start, block.src_start, their_start, block.dest_start
            start, their_start = block.src_end, block.dest_end
    if start < len(own) and their_start < len(other):
        yield start, len(own), their_start, len(other)


def _loss_at(
    own: Version,
    siblings: Sequence[Version],
    spot: tuple[int, int],
    rivals: Sequence[_Rival],
    resources: Resources,
) -> Loss | None:
    """The loss of a place to the rival that most siblings have and that fits best; None if none fits better."""
    sentence, place = spot
    words = own.sentences[sentence].words
    is_word = words[place] in own.lexicon
    if not is_word and _is_misprint(own, sentence, place):
        return None
    agreeing: dict[str, set[int]] = defaultdict(set)
    for rival in rivals:
        agreeing[stem_of(rival.word)].add(rival.sibling)
    found = [
        Loss(
            sentence,
            place,
            _written(rival, siblings),
            rival.sibling,
            len(agreeing[stem_of(rival.word)]),
            gain,
            not is_word,
        )
        for rival in rivals
        if rival.word in own.lexicon
        and (gain := _gain(words, place, siblings[rival.sibling], rival, resources)) is not None
        and (gain > MIN_GAIN or not is_word)
    ]
    return max(found, key=lambda loss: (loss.agreeing, loss.gain, loss.intended), default=None)


def _written(rival: _Rival, siblings: Sequence[Version]) -> str:
    return siblings[rival.sibling].written(rival.sentence, rival.place)


def _gain(
    words: Sequence[str], place: int, other: Version, rival: _Rival, resources: Resources
) -> float | None:
    """By how much the neighbours prefer the rival's word, in the sentence where they prefer it less."""
    theirs = other.sentences[rival.sentence].words
    here = support_of(words, place, rival.word, resources) - support_of(words, place, words[place], resources)
    there = support_of(theirs, rival.place, rival.word, resources) - support_of(
        theirs, rival.place, words[place], resources
    )
    return min(here, there)


def _is_misprint(own: Version, sentence: int, place: int) -> bool:
    """Whether a strange word is one only by its letters: ligatures of print."""
    raw = own.written(sentence, place)
    return unicodedata.normalize("NFKC", raw) != raw
