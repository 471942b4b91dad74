"""Errors planted into documents: from a text to the text with one error of a kind, and the error's place."""

from __future__ import annotations

import itertools
import lzma
import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from mtscore.records import Sentence
from mtscore.signals.extraction import Extraction
from mtscore.words.resources import Resources

_FOREIGN = re.compile("[a-zà-ɏ]{4,}")

PRONOUNS = {"he": "she", "his": "her", "him": "her", "himself": "herself"}
OTHER_PRONOUNS = {"she": "he", "hers": "his", "herself": "himself"}
"""Pronouns and those of the other gender; "her" has two."""

NEAR = 200
"""Code points before a pronoun within which another of its gender says whose it is."""

IDIOMS = {
    "took place": "found place", "take place": "find place", "takes place": "finds place", "of course": "by supposed",
    "at least": "at the less", "in fact": "in the deed", "again and again": "always again", "so far": "until the hour",
    "little by little": "small to small", "from time to time": "of time in time", "at all": "in absolute",
    "as soon as possible": "the before possible", "in the end": "to the end of accounts", "find out": "give account",
    "on the other hand": "by the other side", "as a result": "in the result", "make sure": "go sure",
    "every day": "all the days", "every year": "all the years", "right now": "now same", "as if": "how if",
    "for the first time": "by first time", "in spite of": "to weigh of", "instead of": "in time of",
    "because of": "to cause of", "no longer": "already not", "each other": "one to the other", "such as": "so like",
    "years ago": "years back then", "a lot of": "a heap from", "even though": "although when",
}  # fmt: skip
"""Phrases, and the same word for word as another language says it."""

Plant = Callable[[str, Extraction, Resources, random.Random], "tuple[str, int, int, str] | None"]
"""From a text to the text with one error, the error's span and what stood there; None where none fits."""


def _tokens(
    extraction: Extraction, wanted: Callable[[Sentence, int, str], bool]
) -> list[tuple[int, int, str]]:
    return [
        (sentence.starts[i], sentence.ends[i], extraction.text[sentence.starts[i] : sentence.ends[i]])
        for sentence in extraction.sentences
        if len(sentence.words) >= 6
        for i in range(1, len(sentence.words) - 1)
        if wanted(sentence, i, extraction.text[sentence.starts[i] : sentence.ends[i]])
    ]


def _replace(text: str, span: tuple[int, int, str], new: str) -> tuple[str, int, int, str]:
    start, end, old = span
    return text[:start] + new + text[end:], start, start + len(new), old


def plant_invented(
    text: str, doc: Extraction, models: Resources, rng: random.Random
) -> tuple[str, int, int, str] | None:
    """A blend of two words of the document ("stabili" + "citants")."""
    vocabulary = models.vocabulary
    places = _tokens(doc, lambda _, __, raw: raw.islower() and raw.isascii() and len(raw) >= 6)
    for _ in range(20):
        if len(places) < 2:
            return None
        place, other = rng.sample(places, 2)
        new = place[2][: rng.randint(3, len(place[2]) - 2)] + other[2][-rng.randint(3, 6) :]
        if new not in vocabulary and len(new) >= 7:
            return _replace(text, place, new)
    return None


def plant_untranslated(
    text: str, doc: Extraction, models: Resources, rng: random.Random
) -> tuple[str, int, int, str] | None:
    """A content word in another language, from the model folder's dictionaries."""
    return _plant_other(text, doc, models, rng, _foreign_words(models))


def plant_unlisted(
    text: str, doc: Extraction, models: Resources, rng: random.Random, *, dictionary: Mapping[str, list[str]]
) -> tuple[str, int, int, str] | None:
    """A content word in another language, from a dictionary that the model folder does not have."""
    return _plant_other(text, doc, models, rng, dictionary)


def plant_sense(
    text: str, doc: Extraction, models: Resources, rng: random.Random
) -> tuple[str, int, int, str] | None:
    """Another English meaning of a foreign word that a word of the document translates."""
    return _plant_other(text, doc, models, rng, _other_meanings(models))


def _plant_other(
    text: str, doc: Extraction, models: Resources, rng: random.Random, others: Mapping[str, list[str]]
) -> tuple[str, int, int, str] | None:
    """A content word replaced by one of the words that `others` has for it."""
    lexicon = models.lexicon
    places = _tokens(
        doc,
        lambda sentence, i, raw: raw.islower() and raw in others and lexicon.syntax_class(raw) != raw
        and text[sentence.starts[i] - 1] in " (“\"",
    )  # fmt: skip
    if not places:
        return None
    place = rng.choice(places)
    return _replace(text, place, rng.choice(others[place[2]]))


@lru_cache(maxsize=2)
def _foreign_words(models: Resources) -> dict[str, list[str]]:
    """English words and the foreign words whose most frequent translation they are, without those that English
    text has often enough to be in the word table ("foto")."""
    lexicon = models.lexicon
    out: dict[str, list[str]] = defaultdict(list)
    for foreign, meanings in _dictionary(models):
        if _FOREIGN.fullmatch(foreign) and foreign not in lexicon:
            out[meanings[0]].append(foreign)
    return out


@lru_cache(maxsize=2)
def _other_meanings(models: Resources) -> dict[str, list[str]]:
    """English words and the words that share a foreign word with them, but no beginning."""
    out: dict[str, list[str]] = defaultdict(list)
    for _, meanings in _dictionary(models):
        for right, wrong in itertools.permutations(meanings, 2):
            if right[:4] != wrong[:4]:
                out[right].append(wrong)
    return out


def _dictionary(models: Resources) -> Iterator[tuple[str, tuple[str, ...]]]:
    pivots = models.pivots
    if pivots is None:
        return
    words = pivots._tables.foreign
    for foreign in sorted({words[number] for number in range(len(words))}):
        for meanings in pivots.translations(foreign).values():
            yield foreign, meanings


def unlisted_words(path: Path, models: Resources) -> dict[str, list[str]]:
    """English words and words of a foreign dictionary that neither the word table nor the model folder has."""
    pivots = models.pivots
    out: dict[str, list[str]] = defaultdict(list)
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            foreign, english, _ = line.split("\t")
            is_listed = foreign in models.lexicon or bool(pivots and pivots.translations(foreign))
            if _FOREIGN.fullmatch(foreign) and not is_listed:
                out[english.removeprefix("to ")].append(foreign)
    return out


def plant_repetition(
    text: str, doc: Extraction, models: Resources, rng: random.Random
) -> tuple[str, int, int, str] | None:
    """A lower-case word said twice, or three words said three times."""
    places = _tokens(doc, lambda _, __, raw: raw.islower() and len(raw) > 2)
    if not places:
        return None
    start, end, raw = rng.choice(places)
    phrase = re.compile(r"\w+ \w+ \w+").match(text, start)
    if phrase and rng.random() < 0.5:
        return _replace(text, (start, phrase.end(), phrase[0]), " ".join([phrase[0]] * 3))
    return _replace(text, (start, end, raw), f"{raw} {raw}")


def plant_order(
    text: str, doc: Extraction, models: Resources, rng: random.Random
) -> tuple[str, int, int, str] | None:
    """Two neighbouring words changed places."""
    places = _tokens(doc, lambda _, __, raw: raw.islower() and len(raw) > 1)
    pairs = [
        (a[0], b[1], text[a[0] : b[1]]) for a, b in itertools.pairwise(places) if text[a[1] : b[0]] == " "
    ]
    if not pairs:
        return None
    pair = rng.choice(pairs)
    left, right = pair[2].split(" ")
    return _replace(text, pair, f"{right} {left}")


def plant_name(
    text: str, doc: Extraction, models: Resources, rng: random.Random, *, elsewhere: bool
) -> tuple[str, int, int, str] | None:
    """A name with one or two letters wrong; its right form stands elsewhere in the document or not."""
    vocabulary = models.vocabulary
    counts = Counter(re.findall(r"\w+", text))
    places = _tokens(
        doc,
        lambda _, __, raw: raw.istitle() and raw.isascii() and len(raw) >= 5 and raw.lower() not in vocabulary.extra
        and (counts[raw] > 1) == elsewhere,
    )  # fmt: skip
    if not places:
        return None
    place = rng.choice(places)
    new = place[2]
    for _ in range(rng.randint(1, 2)):
        i, letter = rng.randrange(1, len(new)), rng.choice("aeioulnrst")
        new = rng.choice(
            (new[:i] + letter + new[i:], new[:i] + letter + new[i + 1 :], new[:i] + new[i + 1 :])
        )
    return None if new == place[2] else _replace(text, place, new)


def plant_pronoun(
    text: str, doc: Extraction, models: Resources, rng: random.Random
) -> tuple[str, int, int, str] | None:
    """A pronoun of the other gender, where one of the right gender stands shortly before and none of the other one
    anywhere."""
    words = Counter(word.lower() for word in re.findall(r"\w+", text))
    for own, other in ((PRONOUNS, {*OTHER_PRONOUNS, "her"}), (OTHER_PRONOUNS, PRONOUNS)):
        if sum(words[word] for word in other):
            continue
        places = _tokens(doc, lambda _, __, raw, own=own: raw in own)  # type: ignore[misc]
        near = [b for a, b in itertools.pairwise(places) if b[0] - a[0] <= NEAR]
        if near:
            place = rng.choice(near)
            return _replace(text, place, own[place[2]])
    return None


def plant_idiom(
    text: str, doc: Extraction, models: Resources, rng: random.Random
) -> tuple[str, int, int, str] | None:
    """A phrase word for word as another language says it."""
    found = [match for phrase in IDIOMS for match in re.finditer(rf"\b{phrase}\b", text)]
    if not found:
        return None
    match = rng.choice(found)
    return _replace(text, (*match.span(), match[0]), IDIOMS[match[0]])


PLANTS: tuple[tuple[str, Plant], ...] = (
    ("invented_word", plant_invented),
    ("untranslated", plant_untranslated),
    ("repetition", plant_repetition),
    ("wrong_sense", plant_sense),
    ("broken_order", plant_order),
    ("name, right form elsewhere", lambda *a: plant_name(*a, elsewhere=True)),
    ("name, right form nowhere", lambda *a: plant_name(*a, elsewhere=False)),
)

READ_CLOSELY: tuple[tuple[str, Plant], ...] = (
    ("wrong_sense", plant_sense),
    ("pronoun", plant_pronoun),
    ("idiom", plant_idiom),
)
"""What only a close reading can find."""
