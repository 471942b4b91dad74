"""Names that a version of a story spells otherwise than its siblings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import islice

from mtscore.findings.names.forms import is_corruption
from mtscore.siblings.alignment import Version
from mtscore.siblings.losses import Loss

NAME_LETTERS = 5
"""Letters of a name that is compared."""

MAX_NAMES = 2000
"""Different names on either side that are held against each other: as many as a long article has, and no list of
members."""

COMPANY = 3
"""Tokens before and behind a name that are its company."""

RARE = -3.5
"""log10 relative frequency below which a word beside a name tells whose name it is."""


def misspelt_names(own: Version, siblings: Sequence[Version]) -> Iterator[Loss]:
    """Names that no sibling has and that are nearly a sibling's, in the same company, wherever in the article they
    stand; the article may have the right form elsewhere."""
    theirs: dict[str, list[tuple[int, frozenset[str]]]] = defaultdict(list)
    for number, version in enumerate(siblings):
        for sentence, place, word in _names(version):
            theirs[word].append((number, _company(version, sentence, place)))
    mine = dict.fromkeys(word for _, _, word in _names(own))
    wanted: dict[str, list[str]] = defaultdict(list)
    for other in sorted(islice(theirs, MAX_NAMES)):
        wanted[other[0]].append(other)

    @cache
    def near(word: str) -> list[str]:
        return [other for other in wanted[word[0]] if is_corruption(word, other)]

    looked_up = set(islice((word for word in mine if word not in theirs), MAX_NAMES))
    for sentence, place, word in _names(own):
        if word not in looked_up:
            continue
        company = _company(own, sentence, place)
        for other in near(word):
            meeting = {number for number, around in theirs[other] if around & company}
            if meeting:
                yield Loss(sentence, place, other.capitalize(), min(meeting), len(meeting), 0.0, True)
                break


def _names(version: Version) -> Iterator[tuple[int, int, str]]:
    """Capitalised words of some length: sentence, place and word."""
    for number, sentence in enumerate(version.sentences):
        for place, word in enumerate(sentence.words):
            if len(word) >= NAME_LETTERS and word.isalpha() and version.is_capital(number, place):
                yield number, place, word


def _company(version: Version, sentence: int, place: int) -> frozenset[str]:
    """The telling words just before and behind a name."""
    words = version.sentences[sentence].words
    around = (*words[max(0, place - COMPANY) : place], *words[place + 1 : place + 1 + COMPANY])
    return frozenset(w for w in around if w[0].isalpha() and version.lexicon.log_frequency(w) < RARE)
