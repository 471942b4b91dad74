"""Corrupted names: one that the document itself, or the name beside it, spells otherwise.

A rare name is no corrupted one. Two things speak against a spelling: the same document writes nearly the same
name oftener in another way, or the first name before it is hardly ever followed by anything but a surname one
letter away. Related names are kept apart: one that continues another ("Iraq", "Iraqi") and pairs that are
both well known ("Johnson", "Johnston").
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from mtscore.analysis import Analysis, Models
from mtscore.features import Extraction
from mtscore.findings.invented import plain
from mtscore.morphology import Vocabulary
from mtscore.records import Evidence

MIN_LETTERS = 5
KNOWN = -6.7
"""log10 relative frequency from which a name counts as well known: not a corruption of its neighbour."""

MIN_PAIR = -1.0
"""log10 P(surname | first name) from which the pair is fixed."""

FAMOUS, MIN_FAMOUS_LETTERS = -4.9, 7
"""log10 relative frequency of a name so well known that one letter beside it is wrong, in words of so many
letters."""

MAX_REPEATS = 2
"""A name that the document writes oftener is somebody's."""

MAX_EDITS = 2

NAME_WEIGHT = 1.7
"""Nats: 0.25 per 1,000 words of garbled chunks, 0.04 of human text (most of them truly misspelt)."""

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


def find_corrupted_names(
    extraction: Extraction, models: Models, vocabulary: Vocabulary
) -> Iterator[Evidence]:
    """Misspelt names with the right form as `intended`, in no particular order."""
    places = _capitalised(extraction, vocabulary)
    seen: set[str] = set()
    for word, right in _inconsistent(places, vocabulary):
        seen.add(word)
        for index in places[word]:
            yield _evidence(extraction, index, right)
    for index, right in _mismatched(extraction.analysis, places, models, vocabulary):
        if extraction.analysis.words[index] not in seen:
            yield _evidence(extraction, index, right)


def _capitalised(extraction: Extraction, vocabulary: Vocabulary) -> dict[str, list[int]]:
    """Words that the document writes only with a capital and that are no ordinary English words."""
    analysis, text = extraction.analysis, extraction.text
    is_long = analysis.is_word & (analysis.ends - analysis.starts >= MIN_LETTERS)
    places: dict[str, list[int]] = {}
    others: list[tuple[int, str]] = []
    for index in np.flatnonzero(is_long).tolist():
        start, word = int(analysis.starts[index]), analysis.words[index]
        if not text[start].isupper():
            others.append((index, word))
            continue
        end = int(analysis.ends[index])
        if text[start + 1 : end].islower() and word not in vocabulary.extra:
            neighbours = text[max(0, start - 1) : start], text[end : end + 1]
            if not _HANDLE_MARKS.intersection(neighbours):
                places.setdefault(word, []).append(index)
    for index, word in others:
        if word in places and text[analysis.starts[index] : analysis.ends[index]].islower():
            del places[word]
    return places


def _inconsistent(places: Mapping[str, list[int]], vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
    """Pairs (wrong, right) of nearly equal names, the wrong one rarer in the document and little known."""
    for word, found in places.items():
        known = vocabulary.frequency(word)
        if known > KNOWN:
            continue
        rivals = [
            (len(places[other]), vocabulary.frequency(other), other)
            for other in places
            if other != word and abs(len(other) - len(word)) <= MAX_EDITS
        ]
        right = [
            (times, support, other)
            for times, support, other in rivals
            if _is_settled(len(found), known, times, support) and is_corruption(word, other, known, support)
        ]
        if right:
            yield word, max(right)[2]


def _is_settled(own: int, known: float, times: int, support: float) -> bool:
    """Whether of two spellings with their counts in the document and log10 frequencies the other is right."""
    if known == -math.inf and support > KNOWN:
        return times >= own
    return times >= 2 * own and (support >= known or times >= 3 * own)


def is_corruption(word: str, other: str, known: float, support: float) -> bool:
    """Whether the first spelling (with log10 frequencies) is the second with an edit or, in longer names, two;
    and not a related form or another name."""
    word, other = plain(word), plain(other)
    if word == other or (word[0] != other[0] and word[1:] != other[1:]):
        return False
    stem = 0
    while stem < min(len(word), len(other)) and word[stem] == other[stem]:
        stem += 1
    ends = word[stem:], other[stem:]
    if known == -math.inf and support > KNOWN:  # an unknown spelling of a known name
        if ends[0] in _DERIVED and len(ends[1]) <= 1:
            return False
        edits = MAX_EDITS if min(len(word), len(other)) >= 6 else 1
    else:
        if all(end == "" or end in _ENDINGS for end in ends):
            return False
        edits = MAX_EDITS if min(len(word), len(other)) >= 7 else 1
    return distance(word, other, MAX_EDITS) <= edits


def distance(left: str, right: str, limit: int) -> int:
    """Edits (insert, delete, replace, swap neighbours) between two words; `limit + 1` when there are more."""
    if abs(len(left) - len(right)) > limit:
        return limit + 1
    before, above = [0] * (len(right) + 1), list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        row = [i]
        for j, b in enumerate(right, 1):
            cost = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before, above = above, row
    return min(above[-1], limit + 1)


def _mismatched(
    analysis: Analysis, places: Mapping[str, list[int]], models: Models, vocabulary: Vocabulary
) -> Iterator[tuple[int, str]]:
    """Unknown names one edit from the surname that belongs to the first name before them, or from a name that
    everybody knows."""
    floor = vocabulary.lexicon.floor
    for word, found in places.items():
        if vocabulary.frequency(word) > floor or not word.isascii():
            continue
        near = [
            other
            for other in vocabulary.near(word)
            if vocabulary.frequency(other) > floor and is_corruption(word, other, -math.inf, math.inf)
        ]
        for index in found if near else ():
            right = _surname(analysis, index, near, models)
            if right is None and len(found) <= MAX_REPEATS and _is_famous(near[0], word, vocabulary):
                right = near[0]
            if right is not None:
                yield index, right


def _is_famous(name: str, word: str, vocabulary: Vocabulary) -> bool:
    return (
        len(word) >= MIN_FAMOUS_LETTERS
        and name[0] == word[0]
        and name not in vocabulary.extra
        and vocabulary.frequency(name) > FAMOUS
    )


def _surname(analysis: Analysis, index: int, near: Sequence[str], models: Models) -> str | None:
    """The one of some surnames that is fixed to the word before the place, None where none is."""
    if (
        not index
        or analysis.sentence[index - 1] != analysis.sentence[index]
        or not analysis.is_word[index - 1]
    ):
        return None
    first = analysis.words[index - 1]
    if len(first) < 4 or models.lexicon.syntax_class(first) == first:
        return None
    probability, right = max((models.forward.scores((first, other))[0][1], other) for other in near[:8])
    return right if probability > MIN_PAIR else None


def _evidence(extraction: Extraction, index: int, right: str) -> Evidence:
    analysis, text = extraction.analysis, extraction.text
    start, end = int(analysis.starts[index]), int(analysis.ends[index])
    sentence = analysis.sentences[int(analysis.sentence[index])].span
    return Evidence(
        start, end, text[start:end], "corrupted_name", NAME_WEIGHT, sentence, (right.capitalize(),)
    )
