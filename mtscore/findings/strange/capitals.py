"""Capitalised words that are no names: foreign nouns, and made-up words where no name can stand."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from mtscore.findings.strange.words import MAX_REPEATS, Strange, is_glued, is_marked, kind_of
from mtscore.languages.identification import FOREIGN_ONLY
from mtscore.signals.analysis import Analysis
from mtscore.signals.extraction import Extraction
from mtscore.words.lexicon import suffix_class
from mtscore.words.morphology import Vocabulary
from mtscore.words.pivots import Pivots

MIN_CAPITAL_LETTERS, MIN_NOUN_LETTERS = 8, 5
"""Shorter capitalised words are names as a rule, and so are those of a dictionary."""

DETERMINERS = frozenset(
    "a an the this that these those his her its their our my your no every some any each".split()
)
"""Words behind which a noun stands, or its adjective."""

_ORDINARY_ENDINGS = frozenset(
    """ization isation ational ation ition tion sion ness ment ments ical ious eous ity isms ized ised izes izing
    ising ingly ally ably ive ous ful ize ise""".split()
)
"""Endings of ordinary words that hardly any name has."""

GERMAN_NOUN = re.compile("(?:[^t]ung(?:en)?|[hk]eit(?:en)?|schaft(?:en)?|erei(?:en)?|kassen?)$")
"""Endings of German nouns that names hardly have."""

_DEGREE = frozenset("very too extremely so quite rather more most highly really is was are were be".split())


def foreign_nouns(
    extraction: Extraction, unknown: Sequence[int], vocabulary: Vocabulary, pivots: Pivots | None
) -> Iterator[Strange]:
    """Unknown capitalised words that a dictionary has, or that are built as German nouns: "a Versicherung", "the
    Reederei". Where no article or the like stands before them, only between words in small letters."""
    analysis, text = extraction.analysis, extraction.text
    counts = Counter(analysis.words[index] for index in unknown)
    for index in unknown:
        word = analysis.words[index]
        if not index or len(word) < MIN_NOUN_LETTERS or counts[word] > MAX_REPEATS:
            continue
        if analysis.sentence[index - 1] != analysis.sentence[index] or word in vocabulary:
            continue
        start, end = int(analysis.starts[index]), int(analysis.ends[index])
        if not text[start:end].istitle():
            continue
        is_noun = analysis.words[index - 1] in DETERMINERS
        if not is_noun and not (
            len(word) >= MIN_CAPITAL_LETTERS and _is_between_small(analysis, text, index)
        ):
            continue
        meanings = pivots.translations(word) if pivots and is_noun else {}
        built = meanings or german_meanings(word, vocabulary, pivots if is_noun else None)
        if built is not None and not is_marked(analysis, text, index):
            yield Strange(index, word, False, False, (), built)


def _is_between_small(analysis: Analysis, text: str, index: int) -> bool:
    """Whether words in small letters of one sentence stand on both sides of a word, none of them a name's particle."""
    if index + 1 >= len(analysis.words):
        return False
    beside = (index - 1, index + 1)
    return all(
        analysis.sentence[other] == analysis.sentence[index]
        and text[analysis.starts[other] : analysis.ends[other]].islower()
        and analysis.words[other] not in FOREIGN_ONLY
        for other in beside
    )


def german_meanings(
    word: str, vocabulary: Vocabulary, pivots: Pivots | None
) -> Mapping[str, tuple[str, ...]] | None:
    """What a word means that is built as a German noun, empty where that is not known; None for other words."""
    if len(word) >= MIN_CAPITAL_LETTERS and GERMAN_NOUN.search(word):
        return {"de": ()}
    if pivots is None or len(word) < MIN_CAPITAL_LETTERS:
        return None
    for cut in range(4, len(word) - 4):
        right = _german(word[cut:], pivots)
        left = word[:cut]
        if (
            right
            and len(right[0]) > 2
            and (_german(left, pivots) or (left in vocabulary.extra and len(left) > 5))
        ):
            return {"de": right}
    return None


def _german(word: str, pivots: Pivots) -> tuple[str, ...]:
    """What a German word means, also with an ending or a linking letter."""
    for ending in ("", "n", "en", "s", "es", "e", "er"):
        if word.endswith(ending) and len(word) - len(ending) > 3:
            meant = pivots.translations(word.removesuffix(ending) if ending else word).get("de", ())
            if meant:
                return meant
    return ()


def ordinary_capitals(
    extraction: Extraction, unknown: Sequence[int], vocabulary: Vocabulary
) -> Iterator[int]:
    """Unknown capitalised words that end as ordinary words do and names do not: "the Balbodment"."""
    analysis, text = extraction.analysis, extraction.text
    counts = Counter(analysis.words[index] for index in unknown)
    for index in unknown:
        word = analysis.words[index]
        start, end = int(analysis.starts[index]), int(analysis.ends[index])
        if len(word) < MIN_CAPITAL_LETTERS or not text[start:end].istitle() or counts[word] > MAX_REPEATS:
            continue
        if suffix_class(word)[1:] not in _ORDINARY_ENDINGS or word in vocabulary or vocabulary.near(word):
            continue
        if is_glued(text, start, end, vocabulary) or is_marked(analysis, text, index):
            continue
        if kind_of(word, vocabulary) == "invented_word":
            yield index


def misplaced_capitals(
    extraction: Extraction, unknown: Sequence[int], vocabulary: Vocabulary
) -> Iterator[int]:
    """Unknown capitalised words where only an adjective can stand: "was very useful and Xxxx."."""
    analysis, text = extraction.analysis, extraction.text
    words, same = analysis.words, analysis.sentence
    for index in unknown:
        raw = text[analysis.starts[index] : analysis.ends[index]]
        if index < 3 or same[index - 3] != same[index] or not raw.istitle() or not raw.isascii():
            continue
        if words[index - 1] not in ("and", "or", "but") or words[index - 3] not in _DEGREE:
            continue
        before = text[analysis.starts[index - 2] : analysis.ends[index - 2]]
        after = words[index + 1] if index + 1 < len(words) and same[index + 1] == same[index] else "."
        is_adjective = before.islower() and not analysis.words[index - 2].endswith("s")
        if (
            is_adjective
            and not after[0].isalpha()
            and after != "-"
            and not vocabulary.is_formed(words[index])
        ):
            yield index
