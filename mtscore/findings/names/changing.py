"""Names that change inside a document although their company says who is meant: "Robert Quinn … Mr. Quin".

The general rule for names that change (`inconsistent`) leaves short names, well-known ones and ordinary words alone.
Where the same first name or title stands before both forms, or the full name before one and only a title before the
other, one person is meant. That holds, too, where one form is what a dictionary has for the other: "Elena Sokolova …
Elena Falcon".
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from rapidfuzz.distance import OSA

from mtscore.findings.names.forms import consonants, is_related
from mtscore.findings.names.translated import find_translated
from mtscore.findings.names.well_known import NAME, TITLES, Mistaken
from mtscore.findings.strange.words import plain
from mtscore.signals.extraction import Extraction
from mtscore.words.resources import Resources

_TITLED = re.compile(rf"(M(?:rs?|s|iss|adam)|Dr|Professor|Judge|Captain)\.? ({NAME})")

MIN_LETTERS, MIN_LONG = 4, 7
"""Letters that both names must have; from which two letters may differ though the consonants do, too."""

MIN_JOINED, MAX_PART = 7, 5
"""Letters of a name that may have been parted in two, and of its parts at most."""

MANY = 8
"""Bearers from which a surname is a common one, and not the other with a letter changed; a well-known one is enough."""


class _Mentions(dict[str, int]):
    """How often a text has a word."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def __missing__(self, word: str) -> int:
        self[word] = len(re.findall(rf"(?<!\w){re.escape(word)}(?!\w)", self._text))
        return self[word]


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
    named = _Mentions(text)
    firsts = {first.lower() for first in full}
    bearers = {word for found in full.values() for word, _, _ in found}
    for found in titled.values():
        rivals = bearers | {word for word, _, _ in found}
        yield from _changed(found, rivals, named, resources)
    for first, found in full.items():
        if len({word for word, _, _ in found}) > 1 and _is_first_name(first, resources):
            yield from _changed(found, {word for word, _, _ in found} - firsts, named, resources)
            yield from find_translated(found, resources)


def find_parted(
    runs: Sequence[tuple[int, str]], places: Mapping[str, Sequence[int]], resources: Resources
) -> Iterator[Mistaken]:
    """Names that the document has in one word and, with other letters, in two: "Qianlong … Gan Long". `places`
    has each name of one word, in small letters, with its tokens."""
    whole = [name for name, found in places.items() if len(name) >= MIN_JOINED and len(found) > 1]
    for start, run in runs if whole else ():
        if not MIN_JOINED < len(run) <= 2 * MAX_PART + 1:
            continue
        parts = run.lower().split(" ")
        if len(parts) != 2 or max(map(len, parts)) > MAX_PART or not places.keys().isdisjoint(parts):
            continue
        joined = plain("".join(parts))
        near = [name for name in whole if 0 < OSA.distance(joined, plain(name), score_cutoff=2) <= 2]
        people = resources.whos_who
        if near and len(joined) >= MIN_JOINED and not (people and people.with_surname(run.lower())[0]):
            yield Mistaken(start, start + len(run), near[0].capitalize())


def _bare(name: str, start: int) -> tuple[str, int, int]:
    name = re.sub("['’]s?$", "", name)
    return name, start, start + len(name)


def _is_first_name(word: str, resources: Resources) -> bool:
    """Whether people bear it; without a who's who, whether it is no ordinary word."""
    if word.lower() in TITLES:
        return False
    if resources.whos_who is None:
        return word.lower() not in resources.vocabulary.extra
    return resources.whos_who.with_first_name(plain(word).lower())[0] > 0


def _changed(
    found: list[tuple[str, int, int]], rivals: set[str], named: Mapping[str, int], resources: Resources
) -> Iterator[Mistaken]:
    for word, start, end in found:
        right = [other for other in rivals if _is_form(word, other, named, resources)]
        if right:
            yield Mistaken(start, end, max(right, key=lambda other: (named[other], other)))


def _is_form(word: str, other: str, named: Mapping[str, int], resources: Resources) -> bool:
    """Whether a surname is another one with its vowels or a letter changed, and rarer in the document; or as often
    there, and no name that many have."""
    if word == other or word[0] != other[0]:
        return False
    mine, theirs = plain(word).lower(), plain(other).lower()
    shortest = min(len(mine), len(theirs))
    limit = 2 if shortest >= MIN_LONG or consonants(mine) == consonants(theirs) else 1
    if shortest < MIN_LETTERS or not 0 < OSA.distance(mine, theirs, score_cutoff=limit) <= limit:
        return False
    if mine.rstrip("s") == theirs.rstrip("s") or is_related(mine, theirs):
        return False
    if named[word] > named[other] or _is_own(mine, resources):
        return False
    return named[word] < named[other] or _is_own(theirs, resources)


def _is_own(name: str, resources: Resources) -> bool:
    """Whether many people have the surname, or a well-known one."""
    if resources.whos_who is None:
        return False
    count, well_known = resources.whos_who.with_surname(name)
    return count >= MANY or bool(well_known)
