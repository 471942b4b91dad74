"""Names that change inside a document although their company says who is meant: "Robert Quinn … Mr. Quin".

The general rule for names that change (`corruption`) leaves short names and family names of two genders alone. Where
the same first name or title stands before both forms, or the full name before one and only a title before the other,
one person is meant.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from rapidfuzz.distance import OSA

from mtscore.findings.names.well_known import NAME, Mistaken
from mtscore.findings.strange.words import plain
from mtscore.signals.extraction import Extraction
from mtscore.words.resources import Resources

_TITLED = re.compile(rf"(M(?:rs?|s|iss|adam)|Dr|Professor|Judge|Captain)\.? ({NAME})")
_VOWELS = re.compile("[aeiouyäöüåæø]+")

MAX_SHORT, MIN_LONG = 7, 7
"""Letters up to which a name must have the same consonants as the other; from which two letters may differ."""

MANY = 8
"""Bearers from which a surname is a common one, and not the other with a letter changed."""


def find_changing(
    extraction: Extraction, runs: Sequence[tuple[int, str]], resources: Resources
) -> Iterator[Mistaken]:
    """Surnames in a form that the document contradicts, by kind of company; `runs` is what `name_runs` gives."""
    text = extraction.text
    titled: dict[str, list[tuple[str, int, int]]] = defaultdict(list)
    full: dict[str, list[tuple[str, int, int]]] = defaultdict(list)
    for span in extraction.body.spans:
        for match in _TITLED.finditer(text, span.start, span.end):
            titled[match[1]].append(_bare(match[2], match.start(2)))
    for start, run in runs:
        words = run.split(" ")
        if len(words) == 2:
            full[words[0]].append(_bare(words[1], start + len(words[0]) + 1))
    named = Counter(word for found in (*full.values(), *titled.values()) for word, _, _ in found)
    firsts = {first.lower() for first in full}
    bearers = {word for found in full.values() for word, _, _ in found}
    for found in titled.values():
        rivals = bearers | {word for word, _, _ in found}
        yield from _changed(found, rivals, named, resources)
    for first, found in full.items():
        if len({word for word, _, _ in found}) > 1 and _is_first_name(first, resources):
            yield from _changed(found, {word for word, _, _ in found} - firsts, named, resources)


def _bare(name: str, start: int) -> tuple[str, int, int]:
    name = re.sub("['’]s?$", "", name)
    return name, start, start + len(name)


def _is_first_name(word: str, resources: Resources) -> bool:
    """Whether people bear it; without a who's who, whether it is no ordinary word."""
    if resources.whos_who is None:
        return word.lower() not in resources.vocabulary.extra
    return resources.whos_who.with_first_name(plain(word).lower())[0] > 0


def _changed(
    found: list[tuple[str, int, int]], rivals: set[str], named: Counter[str], resources: Resources
) -> Iterator[Mistaken]:
    for word, start, end in found:
        right = [other for other in rivals if _is_form(word, other, named, resources)]
        if right:
            yield Mistaken(start, end, max(right, key=lambda other: (named[other], other)))


def _is_form(word: str, other: str, named: Counter[str], resources: Resources) -> bool:
    """Whether a surname is another one with its vowels or a letter changed, and rarer in the document; or as often
    there, and no name that many have."""
    if word == other or named[word] > named[other] or word[0] != other[0]:
        return False
    mine, theirs = plain(word).lower(), plain(other).lower()
    if mine.rstrip("s") == theirs.rstrip("s") or _is_own(mine, resources):
        return False
    if named[word] == named[other] and not _is_own(theirs, resources):
        return False
    limit = 2 if min(len(mine), len(theirs)) >= MIN_LONG else 1
    if _VOWELS.sub("", mine) == _VOWELS.sub("", theirs) and min(len(mine), len(theirs)) >= 4:
        limit = 2
    return 0 < OSA.distance(mine, theirs, score_cutoff=limit) <= limit


def _is_own(name: str, resources: Resources) -> bool:
    """Whether many people have the surname."""
    people = resources.whos_who
    return people is not None and people.with_surname(name)[0] >= MANY
