"""Names of well-known people with letters changed: "Keir Starrer", "Emmanuel Macaron", "President Trumpf".

Many people have names a letter or two from a famous one, so the name alone says little. Its company decides: hardly
anybody is called Keir, so a Keir Starrer is Keir Starmer; among the thousands of Johns nearly every surname is
somebody's. An office or a country in the sentence adds to that. A name that somebody is known to bear is right.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import OSA

from mtscore.findings.debris.traces import sentence_around
from mtscore.findings.strange.words import plain
from mtscore.signals.extraction import Extraction
from mtscore.words.resources import Resources
from mtscore.words.whos_who import Bearer, WhosWho

MIN_LETTERS, MIN_LONG, MAX_EDITS = 3, 4, 2
"""Letters of a name that is looked at; that both names must have to be two edits apart; edits at most."""

MAX_WORDS = 4
"""Words of a surname at most, particles among them."""

OWN = 3
"""From so many bearers on, a first name is somebody's own and no slip of another."""

WELL_KNOWN_OFFICE = 60
"""Fame from which a title and a surname alone say who is meant."""

WEIGHTS = (-2.95, 1.24, -2.14, 0.1, -0.62, -2.64, -0.87, -0.69, -0.33, 0.8)
"""Weights (nats) of `features`: a logistic regression on surnames of well-known people with a letter or two changed,
against the other names in human news and encyclopedic text that are a letter or two from a well-known one."""

MIN_ODDS = 0.5
"""Nats of that regression from which a name is called corrupted: 1 in 1,000 full names of human news then is (half of
those are truly misspelt), and 9 in 10 of the changed ones."""

BEARERS_OF_TITLES = 30
"""People who, of one known only by title, take the place of those with the same first name."""

NAME = r"[A-ZÀ-ÖØ-ÞŁŚŠŽĆČĐİÇŞ][^\W\d_]+(?:[-'’][^\W\d_]+)*"
_PARTICLE = r"(?:de|da|do|dos|das|di|del|della|der|den|des|du|la|le|van|von|zu|zum|bin|ibn|al|el|ten|ter)"
_RUN = re.compile(rf"(?<![\w@#/-])(?<![^\W\d_]['’]){NAME}(?:[ \xa0](?:{_PARTICLE} ){{0,3}}{NAME})+")
"""It begins nowhere inside a word: else a long word would be read again from each of its letters."""

_POSSESSIVE = re.compile(r"['’][sS]?$")
_SPACE = re.compile(r"[ \xa0]")

TITLES: dict[str, str] = {"president": "P", "chancellor": "C", "premier": "M", "minister": "M", "pope": "O"}
"""Titles that hardly anybody but the well known has, and the letters of their offices. ("Minister" ends "Prime
Minister".)"""

_OFFICE_WORDS = frozenset(
    """president presidential chancellor premier minister ministers prime leader king queen pope secretary senator
    governor government party kremlin parliament spokesman spokeswoman administration campaign""".split()
)
_ADJECTIVES: dict[str, tuple[str, ...]] = {
    "us": ("american", "america", "washington", "united", "u.s", "republican", "democrat"),
    "uk": ("british", "britain", "labour", "conservative", "tory", "london", "united"),
    "fran": ("fren", "fran", "paris"), "germ": ("germ", "berlin"), "spai": ("span", "spai", "madrid"),
    "russ": ("russ", "moscow", "kremlin"), "ukra": ("ukra", "kyiv", "kiev"), "turk": ("turk", "ankara"),
    "neth": ("dutch", "neth"), "isra": ("isra",), "chin": ("chin", "beijing"), "kor": ("korea", "seoul"),
}  # fmt: skip
"""How words begin that name a country, where that is not as its key does."""


class Mistaken(NamedTuple):
    """A misspelt part of a name: where it stands, and what it should be."""

    start: int
    end: int
    right: str


class Candidate(NamedTuple):
    """A part of a name that is nearly a well-known person's."""

    start: int
    end: int
    word: str
    right: str
    bearer: Bearer
    edits: int
    others: int
    """How many people have the part beside it."""


def name_runs(extraction: Extraction) -> list[tuple[int, str]]:
    """The document's runs of capitalised words, with particles between them, and where each begins."""
    return [
        (run.start(), run[0])
        for span in extraction.body.spans
        for run in _RUN.finditer(extraction.text, span.start, span.end)
    ]


def find_well_known(
    extraction: Extraction, runs: Iterable[tuple[int, str]], resources: Resources
) -> Iterator[Mistaken]:
    """The misspelt names of well-known people, in document order; `runs` is what `name_runs` gives."""
    people = resources.whos_who
    if people is None:
        return
    for start, run in runs:
        for candidate in candidates(run, start, people):
            if odds(candidate, extraction, resources) > MIN_ODDS:
                yield Mistaken(candidate.start, candidate.end, candidate.right)


def candidates(run: str, offset: int, people: WhosWho) -> Iterator[Candidate]:
    """The nearly well-known names in a run of capitalised words that begins at `offset`."""
    words = [(match.start(), match.end()) for match in re.finditer(r"[^ \xa0]+", run)]
    place = 0
    while place < len(words) - 1:
        first = _folded(run[slice(*words[place])])
        size = _known_size(run, words, place, first, people) if people.with_first_name(first)[0] else 0
        if size:
            place += size
            continue
        yield from _nearly(run, offset, words, place, people)
        place += 1


def _known_size(run: str, words: list[tuple[int, int]], place: int, first: str, people: WhosWho) -> int:
    """How many of the words from a place on are the name of somebody; 0 if they are none."""
    for last in range(min(len(words), place + 1 + MAX_WORDS), place + 1, -1):
        if people.knows(first, _folded(run[words[place + 1][0] : words[last - 1][1]])):
            return last - place
    return 0


def _nearly(
    run: str, offset: int, words: list[tuple[int, int]], place: int, people: WhosWho
) -> Iterator[Candidate]:
    first = _folded(run[slice(*words[place])])
    if first in TITLES:
        yield from _titled(run, offset, words[place + 1], TITLES[first], people)
        return
    if place and people.with_first_name(_folded(run[slice(*words[place - 1])]))[0] >= OWN:
        return  # a second first name: others than the famous have it
    others, bearers = people.with_first_name(first)
    for last in range(place + 2, min(len(words), place + 1 + MAX_WORDS) + 1):
        start, end = words[place + 1][0], words[last - 1][1]
        rest = _folded(run[start:end])
        for bearer in bearers:
            if rest[:1] == bearer.name[:1] and (edits := _edits(rest, bearer.name)):
                end = start + len(_POSSESSIVE.sub("", run[start:end]))
                yield Candidate(offset + start, offset + end, rest, bearer.shown, bearer, edits, others)
        if others < OWN:
            yield from _nearly_first(offset + words[place][0], offset + words[place][1], first, rest, people)


def _titled(
    run: str, offset: int, place: tuple[int, int], offices: str, people: WhosWho
) -> Iterator[Candidate]:
    """The word behind a title, where it is nearly the surname of a well-known person who has the office."""
    word = _folded(run[slice(*place)])
    bearers = people.with_surname(word)[1]
    if people.with_first_name(word)[0] or any(not set(offices).isdisjoint(b.offices) for b in bearers):
        return
    if place[0] and run[: place[0]].rstrip().endswith("Minister") and "Prime Minister" not in run:
        return
    start, end = place[0], place[0] + len(_POSSESSIVE.sub("", run[slice(*place)]))
    for surname, bearer in people.officials:
        if bearer.fame < WELL_KNOWN_OFFICE or set(offices).isdisjoint(bearer.offices):
            continue
        if edits := _edits(word, surname):
            right = surname.title()
            yield Candidate(offset + start, offset + end, word, right, bearer, edits, BEARERS_OF_TITLES)


def _nearly_first(start: int, end: int, first: str, rest: str, people: WhosWho) -> Iterator[Candidate]:
    others, bearers = people.with_surname(rest)
    for bearer in bearers:
        if first[:1] == bearer.name[:1] and (edits := _edits(first, bearer.name)):
            yield Candidate(start, end, first, bearer.shown, bearer, edits, others)


@lru_cache(maxsize=1 << 14)
def _folded(name: str) -> str:
    return plain(_POSSESSIVE.sub("", _SPACE.sub(" ", name))).lower()


def _edits(word: str, name: str) -> int:
    """Edits between two names of as many words, 0 where there are more than is usual or none that matters."""
    shortest = min(len(word), len(name))
    if shortest < MIN_LETTERS or word.count(" ") != name.count(" ") or word[:1] != name[:1]:
        return 0
    limit = MAX_EDITS if shortest >= MIN_LONG and "-" not in name else 1
    edits = OSA.distance(word, name, score_cutoff=limit)
    return edits if 0 < edits <= limit and not _is_same(word, name) else 0


_ALIKE = tuple(
    (re.compile(pattern), instead)
    for pattern, instead in (
        ("[iy]+|[ei][iy]|ij|yj", "i"), (r"(.)\1", r"\1"), ("ck|c|q", "k"), ("ph", "f"), ("w", "v"), ("kh|gh", "k"),
        ("[-'’.]", ""),
    )
)  # fmt: skip
"""What people write either way when they write names from another script or with fewer letters."""


def _is_same(word: str, name: str) -> bool:
    """Whether two names are one as different people spell it, or one continues the other by an ending of English."""
    if word.rstrip("s") == name.rstrip("s"):
        return True
    for pattern, instead in _ALIKE:
        word, name = pattern.sub(instead, word), pattern.sub(instead, name)
    return word == name


def features(candidate: Candidate, extraction: Extraction, resources: Resources) -> tuple[float, ...]:
    """The inputs of `WEIGHTS`."""
    people, vocabulary = resources.whos_who, resources.vocabulary
    assert people is not None
    word = candidate.word.rpartition(" ")[2]
    bearers = people.with_surname(word)[0]
    known = max(vocabulary.frequency(word), vocabulary.lexicon.floor)
    return (
        1.0,
        min(candidate.bearer.fame, 120) / 50.0,
        candidate.edits - 1.0,
        min(len(candidate.word), 12),
        math.log10(1 + candidate.others),
        math.log10(1 + bearers),
        known,
        float(word in resources.gazetteer),
        float(word in vocabulary.extra),
        float(_has_company(candidate, extraction)),
    )


def odds(candidate: Candidate, extraction: Extraction, resources: Resources) -> float:
    """Nats for the well-known person's name and against another person's."""
    values = features(candidate, extraction, resources)
    return sum(weight * value for weight, value in zip(WEIGHTS, values, strict=True))


def _has_company(candidate: Candidate, extraction: Extraction) -> bool:
    """Whether the sentence names an office, for one who has one, or the person's country."""
    span = sentence_around(extraction.sentences, candidate.start, candidate.end)
    words = re.findall(r"[^\W\d_]+", extraction.text[span.start : span.end].lower())
    bearer = candidate.bearer
    if bearer.offices and not _OFFICE_WORDS.isdisjoint(words):
        return True
    stems = _ADJECTIVES.get(bearer.country, (bearer.country,) if bearer.country else ())
    return bool(stems) and any(word.startswith(stems) for word in words)
