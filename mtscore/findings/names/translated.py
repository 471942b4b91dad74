"""Surnames that were translated: "Elena Sokolova … Elena Falcon".

Surnames are words, and a translator may take one for that. Where the document gives the same first name with an English
word behind it and with a surname that a dictionary translates by this word, one person is meant.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mtscore.findings.names.well_known import Mistaken
from mtscore.words.pivots import Pivots
from mtscore.words.resources import Resources

MIN_STEM = 4
"""Letters of a surname that are looked up in the dictionaries."""

_ENDINGS = "a ov ova ev eva in ina ski ska sky skaya enko ko ic ich n s e".split()
"""What makes a surname of a word."""

_DIGRAPHS = (
    ("shch", "щ"),
    ("zh", "ж"),
    ("kh", "х"),
    ("ts", "ц"),
    ("ch", "ч"),
    ("sh", "ш"),
    ("yu", "ю"),
    ("ya", "я"),
)
_CYRILLIC = str.maketrans("abvgdezijklmnoprstufyh", "абвгдезийклмнопрстуфих")


def find_translated(found: Sequence[tuple[str, int, int]], resources: Resources) -> Iterator[Mistaken]:
    """The translated ones of the surnames that stand behind one first name, each with its place."""
    english, pivots = resources.vocabulary.extra, resources.pivots
    foreign = dict.fromkeys(word for word, _, _ in found if word.lower() not in english)
    for word, start, end in found if foreign and pivots else ():
        if word.lower() not in english:
            continue
        right = next(
            (other for other in foreign if pivots and word.lower() in _meanings(other, pivots)), None
        )
        if right:
            yield Mistaken(start, end, right)


def _meanings(surname: str, pivots: Pivots) -> set[str]:
    """What a surname means in the languages of the dictionaries, with what makes a surname of a word or without."""
    word = surname.lower()
    stems = {word, *(word.removesuffix(ending) for ending in _ENDINGS if word.endswith(ending))}
    spelt = [form for stem in stems if len(stem) >= MIN_STEM for form in (stem, cyrillic(stem))]
    return {meaning for form in spelt for meant in pivots.translations(form).values() for meaning in meant}


def cyrillic(word: str) -> str:
    """A word in small letters as Russian writes it, where English writes it by sound."""
    for letters, letter in _DIGRAPHS:
        word = word.replace(letters, letter)
    return word.translate(_CYRILLIC)
