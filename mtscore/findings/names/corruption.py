"""Corrupted names: one that the document itself, or its surroundings, would spell otherwise.

A rare name is no corrupted one. Two things speak against a spelling: the same document writes nearly the same
name more often in another way; or the name is in no list and hardly ever in print, and a well-known one a letter or
two away belongs in its place, by its fame and by what stands around it ("Angela Mekrel"). Related names are kept
apart: one that continues another ("Iraq", "Iraqi") and pairs that are both well known ("Johnson", "Johnston").
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

from mtscore.findings.debris.traces import sentence_around
from mtscore.findings.names.changing import find_changing
from mtscore.findings.names.well_known import find_well_known, name_runs
from mtscore.findings.strange.words import context_lift, plain, simple
from mtscore.records import Evidence
from mtscore.signals.analysis import Analysis
from mtscore.signals.extraction import Extraction
from mtscore.words.morphology import Vocabulary, distance
from mtscore.words.resources import Resources

MIN_LETTERS = 5
KNOWN, UNKNOWN = -6.7, -7.0
"""log10 relative frequency from which a name counts as well known: not a corruption of its neighbour; and up to
which it counts as hardly known."""

ODDS = (-12.6, 0.62, 1.99, 0.85, -2.84, 0.6, -2.54, -1.43, -4.42)
"""Weights (nats) of a constant and of `name_features`: a logistic regression on names with a planted error or two
against the little known names of human text."""

MIN_ODDS, MIN_UNBORNE_ODDS = -0.6, -1.8
"""Nats of that regression from which a name is called corrupted; and from which one is that, by a who's who, nobody
has."""

MAX_REPEATS = 2
"""A name that the document writes more often is somebody's."""

MAX_EDITS = 2

MAX_NAMES = 1000
"""Names of one document that are compared with each other, the first ones: the time stays linear."""

NAME_WEIGHT = 2.5
"""Nats: 1.0 per 1,000 words of garbled chunks, 0.08 of human text (many of them truly misspelt)."""

_ENDINGS = frozenset(
    """s es n an ian i ia a e o r er ers in ine is ists ist ism ish y ly ey ed ing t d l h ov ova va ko na ne la us um
    c k ic ich as os on en ites ite land man men son sen berg burg ville town""".split()
)
"""By which two known or two unknown names may differ and still be two names."""

_DERIVED = frozenset(
    "s es n an ns ans ian ians i is ite ites ist ists ism ish ese esque ic ean eans er ers".split()
)
"""What English puts behind a name: "Alabamans"."""

_HANDLE_MARKS = frozenset("@#/_")


def find_corrupted_names(extraction: Extraction, resources: Resources) -> Iterator[Evidence]:
    """Misspelt names with the right form as `intended`, in no particular order."""
    vocabulary = resources.vocabulary
    runs = name_runs(extraction)
    for start, end, right in (
        *find_well_known(extraction, runs, resources),
        *find_changing(extraction, runs, resources),
    ):
        sentence = sentence_around(extraction.sentences, start, end)
        text = extraction.text[start:end]
        yield Evidence(start, end, text, "corrupted_name", NAME_WEIGHT, sentence, (right,))
    places = _capitalised(extraction, vocabulary)
    seen: set[str] = set()
    for word, right in _inconsistent(places, vocabulary):
        seen.add(word)
        for index in places[word]:
            yield _evidence(extraction, index, right)
    for index, right in _mismatched(extraction.analysis, places, resources):
        if extraction.analysis.words[index] not in seen:
            yield _evidence(extraction, index, right)


def _capitalised(extraction: Extraction, vocabulary: Vocabulary) -> dict[str, list[int]]:
    """Words that the document writes only with a capital and that are no ordinary English words."""
    analysis, text = extraction.analysis, extraction.text
    is_long = analysis.is_word & (analysis.ends - analysis.starts >= MIN_LETTERS)
    places: dict[str, list[int]] = {}
    others: list[tuple[str, int, int]] = []
    indexes = np.flatnonzero(is_long)
    bounds = analysis.starts[indexes].tolist(), analysis.ends[indexes].tolist()
    for index, start, end in zip(indexes.tolist(), *bounds, strict=True):
        word = analysis.words[index]
        if not text[start].isupper():
            others.append((word, start, end))
        elif text[start + 1 : end].islower() and word not in vocabulary.extra:
            neighbours = text[max(0, start - 1) : start], text[end : end + 1]
            if not _HANDLE_MARKS.intersection(neighbours):
                places.setdefault(word, []).append(index)
    for word, start, end in others if places else ():
        if word in places and text[start:end].islower():
            del places[word]
    return places


def _inconsistent(places: Mapping[str, list[int]], vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
    """Pairs (wrong, right) of nearly equal names, the wrong one rarer in the document and little known."""
    names = list(places)[:MAX_NAMES]
    known = list(map(vocabulary.frequency, names))
    for place, rivals in _alike(names, known):
        word, found = names[place], places[names[place]]
        right = []
        for rival in rivals:
            other, support, times = names[rival], known[rival], len(places[names[rival]])
            is_first = places[other][0] < found[0]
            if _is_settled(len(found), known[place], times, support, is_first=is_first) and is_corruption(
                word, other, known[place], support
            ):
                right.append((times, support, other))
        if right:
            yield word, max(right)[2]


def _alike(names: Sequence[str], known: Sequence[float]) -> Iterator[tuple[int, list[int]]]:
    """For each little known name the others that may be a spelling of it, by their places."""
    little = [place for place, frequency in enumerate(known) if frequency <= KNOWN]
    if not little or len(names) < 2:
        return
    bare = list(map(plain, names))
    edits = cdist([bare[place] for place in little], bare, scorer=OSA.distance, score_cutoff=MAX_EDITS)
    for place, row in zip(little, edits <= MAX_EDITS, strict=True):
        rivals = [rival for rival in np.flatnonzero(row).tolist() if rival != place]
        if rivals:
            yield place, rivals


def _is_settled(own: int, known: float, times: int, support: float, *, is_first: bool) -> bool:
    """Whether of two spellings with their counts in the document and log10 frequencies the other is right;
    `is_first` if the document has that one first."""
    if known <= UNKNOWN and support > KNOWN:
        return times >= own
    if known == support == -math.inf:
        return times > own or (times == own and is_first)
    return times >= 2 * own and (support >= known or times >= 3 * own)


def is_corruption(word: str, other: str, known: float, support: float) -> bool:
    """Whether the first spelling (with log10 frequencies) is the second with an edit or, in longer names, two;
    and not a related form or another name."""
    word, other = plain(word), plain(other)
    if simple(word) == simple(other) or (word[0] != other[0] and word[1:] != other[1:]):
        return False
    ends = _different_ends(word, other)
    shortest = min(len(word), len(other))
    if known <= UNKNOWN and support > KNOWN:  # an unknown spelling of a known name
        if ends[0] in _DERIVED and (ends[1] in ("", "a", "e", "i", "o", "y") or ends[1] in _DERIVED):
            return False
        edits = MAX_EDITS if shortest >= (6 if known > -math.inf else MIN_LETTERS) else 1
    else:
        if all(end == "" or end in _ENDINGS for end in ends):
            return False
        edits = MAX_EDITS if shortest >= 7 else 1
    return distance(word, other, MAX_EDITS) <= edits


def _different_ends(word: str, other: str) -> tuple[str, str]:
    """What follows the beginning that two words share."""
    stem = 0
    while stem < min(len(word), len(other)) and word[stem] == other[stem]:
        stem += 1
    return word[stem:], other[stem:]


def _mismatched(
    analysis: Analysis,
    places: Mapping[str, list[int]],
    resources: Resources,
) -> Iterator[tuple[int, str]]:
    """Little known names close to a well-known one that belongs in their place: (token, the right name)."""
    vocabulary, gazetteer = resources.vocabulary, resources.gazetteer
    least = MIN_ODDS if resources.whos_who is None else MIN_UNBORNE_ODDS
    for word, found in places.items():
        if vocabulary.frequency(word) > KNOWN or word in gazetteer or len(found) > MAX_REPEATS:
            continue
        near = [(name, edits) for name, edits in gazetteer.near(plain(word)) if not _is_derived(word, name)]
        if near and resources.whos_who and resources.whos_who.is_borne(plain(word)):
            continue
        for index in found if near else ():
            odds, right = max((_odds(analysis, resources, index, *other), other[0]) for other in near)
            if odds > least:
                yield index, right


def _is_derived(word: str, name: str) -> bool:
    """Whether one of two names continues the other as a related form does ("Mussolini", "Mussolinis"), or both are
    forms or spellings of one ("Ecuadorean", "Ecuadorian")."""
    ends = _different_ends(plain(word), name)
    if simple(word) == simple(name) or (ends[0] in _DERIVED and ends[1] in _DERIVED):
        return True
    return (ends[0] in _DERIVED and len(ends[1]) <= 1) or (ends[1] in _DERIVED and len(ends[0]) <= 1)


def name_features(
    analysis: Analysis, resources: Resources, index: int, name: str, edits: int
) -> tuple[float, ...]:
    """The inputs of `ODDS`: what speaks for a well-known name so many edits from the one at the place."""
    word, vocabulary = analysis.words[index], resources.vocabulary
    known = max(vocabulary.frequency(word), vocabulary.lexicon.floor)
    frequency = vocabulary.lexicon.log_frequency(name)
    lift = context_lift(analysis, resources, index, name)
    letters = vocabulary.letters.mean_log10(plain(word))
    return frequency, min(frequency, -5.0), lift, edits - 1.0, len(word), known, letters, word[0] != name[0]


def _odds(analysis: Analysis, resources: Resources, index: int, name: str, edits: int) -> float:
    values = name_features(analysis, resources, index, name, edits)
    return sum(weight * value for weight, value in zip(ODDS, (1.0, *values), strict=True))


def _evidence(extraction: Extraction, index: int, right: str) -> Evidence:
    analysis, text = extraction.analysis, extraction.text
    start, end = int(analysis.starts[index]), int(analysis.ends[index])
    sentence = analysis.sentences[int(analysis.sentence[index])].span
    return Evidence(
        start, end, text[start:end], "corrupted_name", NAME_WEIGHT, sentence, (right.capitalize(),)
    )
