"""Forms of names: which pairs are two forms of one name, or a man's and a woman's, and no misspelling."""

from __future__ import annotations

import re

from mtscore.findings.strange.words import plain, simple
from mtscore.words.morphology import distance

MAX_EDITS, MIN_LONG = 2, 7
"""Edits between two spellings of one name at most, and letters that both must have for more than one."""

_ENDINGS = frozenset(
    """s es n an ian i ia a e o r er ers in ine is ists ist ism ish y ly ey ed ing t d l h ov ova va ko na ne la us um
    c k ic ich as os on en ites ite land man men son sen berg burg ville town""".split()
)
"""By which two known or two unknown names may differ and still be two names."""

_DERIVED = frozenset(
    "s es n an ns ans ian ians i is ite ites ist ists ism ish ese esque ic ean eans er ers".split()
)
"""What English puts behind a name: "Alabamans"."""

_DROPPED = frozenset(("", "a", "e", "i", "o", "y"))
"""What a name loses before such an ending."""

_GENDERS = frozenset(
    (("", "a"), ("y", "a"), ("y", "aya"), ("i", "a"), ("i", "aya"), ("a", "ova"), ("s", "u"), ("s", "a"), ("s", "e"),
     ("is", "e"), ("s", ""), ("is", ""), ("as", "a"))
)  # fmt: skip
"""How a man's name ends and a woman's, behind what they share: "Ivanov" and "Ivanova", "Zelensky" and "Zelenska"."""

_LETTERED = re.compile("[iyj]+$")
"""What a name of another alphabet ends in, spelt in several ways: "Zelensky", "Zelenskyy", "Zelenskiy"."""

_CONSONANTS = re.compile("[aeiouyäöüåæø]+")


def different_ends(word: str, other: str) -> tuple[str, str]:
    """What follows the beginning that two words share."""
    stem = 0
    while stem < min(len(word), len(other)) and word[stem] == other[stem]:
        stem += 1
    return word[stem:], other[stem:]


def consonants(word: str) -> str:
    """A word in small letters without its vowels."""
    return _CONSONANTS.sub("", word)


def is_ending(word: str, other: str) -> bool:
    """Whether two words differ by endings that names have."""
    return all(end == "" or end in _ENDINGS for end in different_ends(word, other))


def is_derived(word: str, name: str) -> bool:
    """Whether one of two names continues the other as a related form does ("Mussolini", "Mussolinis"), or both are
    forms or spellings of one ("Ecuadorean", "Ecuadorian")."""
    ends = different_ends(plain(word), name)
    if simple(word) == simple(name) or (ends[0] in _DERIVED and ends[1] in _DERIVED):
        return True
    return (ends[0] in _DERIVED and len(ends[1]) <= 1) or (ends[1] in _DERIVED and len(ends[0]) <= 1)


def is_related(word: str, other: str) -> bool:
    """Whether two names without accents, both of one document, are a country and its people or the like, a man's
    name and a woman's, or one name in letters of two habits."""
    if _LETTERED.sub("y", word) == _LETTERED.sub("y", other):
        return True
    ends = different_ends(word, other)
    if ends in _GENDERS or ends[::-1] in _GENDERS:
        return True
    stem = word[: len(word) - len(ends[0])]
    if "n" in ends and stem[-1:] not in _DROPPED:  # "Cuban", but "Quinn"
        return False
    return any(
        one in _DERIVED and (two in _DROPPED or (two in _DERIVED and not two.endswith(one)))
        for one, two in (ends, ends[::-1])
    )


def is_corruption(word: str, other: str) -> bool:
    """Whether the first spelling is the second with an edit or, in longer names, two; and not a related form or
    another name."""
    word, other = plain(word), plain(other)
    if simple(word) == simple(other) or (word[0] != other[0] and word[1:] != other[1:]):
        return False
    edits = MAX_EDITS if min(len(word), len(other)) >= MIN_LONG else 1
    return not is_ending(word, other) and distance(word, other, MAX_EDITS) <= edits
