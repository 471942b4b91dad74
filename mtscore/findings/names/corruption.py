"""Corrupted names: one that the document itself, or its surroundings, would spell otherwise.

A rare name is no corrupted one. Two things speak against a spelling: the same document writes nearly the same
name more often in another way; or the name is in no list and hardly ever in print, and a well-known one a letter or
two away belongs in its place, by its fame and by what stands around it ("Angela Mekrel"). Related names are kept
apart: one that continues another ("Iraq", "Iraqi") and pairs that are both well known ("Johnson", "Johnston").
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from mtscore.findings.debris.traces import sentence_around
from mtscore.findings.names.changing import find_changing, find_parted
from mtscore.findings.names.forms import is_derived
from mtscore.findings.names.inconsistent import find_inconsistent
from mtscore.findings.names.well_known import find_well_known, name_runs
from mtscore.findings.strange.words import context_lift, plain
from mtscore.records import Evidence
from mtscore.signals.analysis import Analysis
from mtscore.signals.extraction import Extraction
from mtscore.words.morphology import Vocabulary
from mtscore.words.resources import Resources

MIN_LETTERS, MIN_INCONSISTENT = 5, 4
"""Of a name that is looked at, and of one whose right form the document may have."""

KNOWN = -6.7
"""log10 relative frequency above which a name counts as well known: not a corruption of another one."""

ODDS = (-12.6, 0.62, 1.99, 0.85, -2.84, 0.6, -2.54, -1.43, -4.42)
"""Weights (nats) of a constant and of `name_features`: a logistic regression on names with a planted error or two
against the little known names of human text."""

MIN_ODDS, MIN_UNBORNE_ODDS = -0.6, -1.8
"""Nats of that regression from which a name is called corrupted; and from which one is that, by a who's who, nobody
has."""

MAX_REPEATS = 2
"""A name that the document writes more often is somebody's."""

NAME_WEIGHT = 2.5
"""Nats: 1.0 per 1,000 words of garbled chunks, 0.08 of human text (many of them truly misspelt)."""

_HANDLE_MARKS = frozenset("@#/_")


def find_corrupted_names(extraction: Extraction, resources: Resources) -> Iterator[Evidence]:
    """Misspelt names with the right form as `intended`, in no particular order."""
    vocabulary = resources.vocabulary
    runs = name_runs(extraction)
    places = _capitalised(extraction, vocabulary)
    for start, end, right in (
        *find_well_known(extraction, runs, resources),
        *find_changing(extraction, runs, resources),
        *find_parted(runs, places, resources),
    ):
        sentence = sentence_around(extraction.sentences, start, end)
        text = extraction.text[start:end]
        yield Evidence(start, end, text, "corrupted_name", NAME_WEIGHT, sentence, (right,))
    seen: set[str] = set()
    for word, right in find_inconsistent(extraction, places, resources):
        seen.add(word)
        for index in places[word]:
            yield _evidence(extraction, index, right)
    for index, right in _mismatched(extraction.analysis, places, resources):
        if extraction.analysis.words[index] not in seen:
            yield _evidence(extraction, index, right)


def _capitalised(extraction: Extraction, vocabulary: Vocabulary) -> dict[str, list[int]]:
    """Words that the document writes only with a capital and that are no ordinary English words."""
    analysis, text = extraction.analysis, extraction.text
    indexes = np.flatnonzero(analysis.is_word & (analysis.ends - analysis.starts >= MIN_INCONSISTENT))
    letters = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)[analysis.starts[indexes]]
    is_small = (letters >= ord("a")) & (letters <= ord("z"))
    places: dict[str, list[int]] = {}
    others = indexes[is_small].tolist()
    for index in indexes[~is_small].tolist():
        word, start, end = analysis.words[index], int(analysis.starts[index]), int(analysis.ends[index])
        if not text[start].isupper():
            others.append(index)
        elif text[start + 1 : end].islower() and word not in vocabulary.extra:
            neighbours = text[max(0, start - 1) : start], text[end : end + 1]
            if not _HANDLE_MARKS.intersection(neighbours):
                places.setdefault(word, []).append(index)
    for index in others if places else ():
        word = analysis.words[index]
        if word in places and text[analysis.starts[index] : analysis.ends[index]].islower():
            del places[word]
    return places


def _mismatched(
    analysis: Analysis,
    places: Mapping[str, list[int]],
    resources: Resources,
) -> Iterator[tuple[int, str]]:
    """Little known names close to a well-known one that belongs in their place: (token, the right name)."""
    vocabulary, gazetteer = resources.vocabulary, resources.gazetteer
    least = MIN_ODDS if resources.whos_who is None else MIN_UNBORNE_ODDS
    for word, found in places.items():
        if len(word) < MIN_LETTERS or vocabulary.frequency(word) > KNOWN:
            continue
        if word in gazetteer or len(found) > MAX_REPEATS:
            continue
        near = [(name, edits) for name, edits in gazetteer.near(plain(word)) if not is_derived(word, name)]
        if near and resources.whos_who and resources.whos_who.is_borne(plain(word)):
            continue
        for index in found if near else ():
            odds, right = max((_odds(analysis, resources, index, *other), other[0]) for other in near)
            if odds > least:
                yield index, right


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
