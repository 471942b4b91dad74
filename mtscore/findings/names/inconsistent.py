"""Names that the document spells otherwise elsewhere: "Marchenko … Marchenka", "Echeverri … Echevarría".

Two names that differ by a letter or two may be two people, two forms of a word, or one name and a misspelt one. The
misspelt one is rarer in the document, hardly ever in print, and looks less like a word; its consonants are the right
one's as a rule, and so is the first name or the title before it. Two people who are alike share a sentence.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

import numpy as np
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

from mtscore.findings.names.forms import MAX_EDITS, consonants, is_ending, is_related
from mtscore.findings.strange.words import plain, simple
from mtscore.signals.extraction import Extraction
from mtscore.words.resources import Resources

MIN_LETTERS, MIN_WRONG_LETTERS = 5, 4
"""Of a name that may be the right one, and of a misspelt one."""

MIN_LONG = 6
"""Letters from which two may differ, consonants among them, behind another first name."""

_TITLES = frozenset(
    """mr mrs ms miss dr prof professor judge captain sir lord lady senator president minister king queen prince
    princess governor mayor general colonel sheikh pope""".split()
)

MAX_NAMES = 1000
"""Names of one document that are compared with each other, the first ones: the time stays linear."""

MAX_REPEATS = 3
"""Times that a document has a misspelt name at most."""

KNOWN, UNLISTED = -6.7, -8.1
"""log10 relative frequency above which a name is right, and what counts as that of a name that is in no list."""

WEIGHTS = (-7.82, -0.86, -2.5, -1.54, -1.18, -0.6, -1.06, 0.91, -0.7, 1.26, 1.39, -1.24, -1.9)
"""Weights (nats) of `features`: a logistic regression on names with a letter or two changed, by chance or as other
languages write them, against the other pairs of nearly equal names in people's texts; but that of more than one
occurrence is judged, for no name was changed twice."""

MIN_ODDS = 0.5
"""Nats of that regression from which a name is called corrupted."""


class Name(NamedTuple):
    """A name of the document."""

    word: str
    """In small letters."""
    bare: str
    """The same without accents."""
    known: float
    """log10 relative frequency, at least `UNLISTED`."""
    places: Sequence[int]
    """The numbers of its tokens."""


def find_inconsistent(
    extraction: Extraction, places: Mapping[str, Sequence[int]], resources: Resources
) -> Iterator[tuple[str, str]]:
    """Pairs (wrong, right) of nearly equal names; `places` has each name of the document with its tokens."""
    frequency = resources.vocabulary.frequency
    names = [
        Name(word, plain(word), max(frequency(word), UNLISTED), found)
        for word, found in islice(places.items(), MAX_NAMES)
    ]
    for name, rivals in _alike(names):
        odds = [
            (odds_of(features(extraction, resources, name, rival, edits)), rival.word)
            for rival, edits in rivals
            if _may_be(name, rival) and not (edits > 1 and _is_other(extraction, name, rival))
        ]
        if odds and max(odds)[0] > MIN_ODDS:
            yield name.word, max(odds)[1]


def _alike(names: Sequence[Name]) -> Iterator[tuple[Name, list[tuple[Name, int]]]]:
    """For each little known name the others that are a letter or two away, with the edits."""
    little = [name for name in names if name.known <= KNOWN and len(name.places) <= MAX_REPEATS]
    if not little or len(names) < 2:
        return
    left, right = [name.bare for name in little], [name.bare for name in names]
    edits = cdist(left, right, scorer=OSA.distance, score_cutoff=MAX_EDITS)
    for name, row in zip(little, edits, strict=True):
        rivals = np.flatnonzero(row <= MAX_EDITS).tolist()
        if len(rivals) > 1:  # the name itself is one
            yield name, [(names[rival], int(row[rival])) for rival in rivals]


def _may_be(name: Name, rival: Name) -> bool:
    """Whether a name may be a misspelling of another one, by its letters and by how often and, if both are there as
    often, in which order the document has them."""
    own, others = len(name.places), len(rival.places)
    if len(rival.word) < MIN_LETTERS or others < own or 1 < own > others / 2:
        return False
    if own == others and (name.known, -name.places[0]) > (rival.known, -rival.places[0]):
        return False
    if simple(name.word) == simple(rival.word) or name.bare[0] != rival.bare[0]:
        return False
    return not is_related(name.bare, rival.bare)


def _is_other(extraction: Extraction, name: Name, rival: Name) -> bool:
    """Whether a short name with other consonants stands behind a capitalised word, no title, that stands before the
    rival nowhere: "Rishi Sunak" beside "Sunday"."""
    if min(len(name.bare), len(rival.bare)) >= MIN_LONG or consonants(name.bare) == consonants(rival.bare):
        return False
    of_rival = {_before(extraction, place) for place in rival.places}
    own = {_before(extraction, place) for place in name.places} - {""} - _TITLES
    return not own <= of_rival and own.isdisjoint(of_rival)


def features(
    extraction: Extraction, resources: Resources, name: Name, rival: Name, edits: int
) -> tuple[float, ...]:
    """The inputs of `WEIGHTS`."""
    people, letters = resources.whos_who, resources.vocabulary.letters
    bearers = people.with_surname(name.bare)[0] + people.with_first_name(name.bare)[0] if people else 0
    of_sentence = extraction.analysis.sentence
    before = {_before(extraction, place) for place in rival.places} - {""}
    return (
        1.0,
        edits - 1.0,
        len(name.places) - 1.0,
        float(len(rival.places) == 1),
        name.known,
        math.log10(1 + bearers),
        float(name.word in resources.gazetteer),
        rival.known - name.known,
        float(is_ending(name.bare, rival.bare)),
        float(consonants(name.bare) == consonants(rival.bare)),
        float(any(_before(extraction, place) in before for place in name.places)),
        float(not {of_sentence[p] for p in name.places}.isdisjoint(of_sentence[p] for p in rival.places)),
        letters.mean_log10(name.bare) - letters.mean_log10(rival.bare),
    )


def odds_of(values: Sequence[float]) -> float:
    """Nats for a misspelling and against another name."""
    return sum(weight * value for weight, value in zip(WEIGHTS, values, strict=True))


def _before(extraction: Extraction, place: int) -> str:
    """The capitalised word before a token in its sentence, in small letters, a full stop in between left out; empty
    without one."""
    analysis = extraction.analysis
    other = place - 1
    if other > 0 and analysis.words[other] == ".":
        other -= 1
    if other < 0 or analysis.sentence[other] != analysis.sentence[place]:
        return ""
    return analysis.words[other] if extraction.text[analysis.starts[other]].isupper() else ""
