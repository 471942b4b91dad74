"""Capitalised words that are no names: foreign nouns, and made-up words where no name can stand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from mtscore.findings.strange.words import MAX_REPEATS, Strange, is_glued, is_marked, kind_of
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

_DEGREE = frozenset("very too extremely so quite rather more most highly really is was are were be".split())


def foreign_nouns(
    extraction: Extraction, unknown: Sequence[int], vocabulary: Vocabulary, pivots: Pivots
) -> Iterator[Strange]:
    """Unknown capitalised words behind an article or the like that a dictionary has: "a Versicherung"."""
    analysis, text = extraction.analysis, extraction.text
    counts = Counter(analysis.words[index] for index in unknown)
    for index in unknown:
        word = analysis.words[index]
        if not index or analysis.words[index - 1] not in DETERMINERS or counts[word] > MAX_REPEATS:
            continue
        if analysis.sentence[index - 1] != analysis.sentence[index] or len(word) < MIN_NOUN_LETTERS:
            continue
        start, end = int(analysis.starts[index]), int(analysis.ends[index])
        if not text[start:end].istitle() or word in vocabulary or is_marked(analysis, text, index):
            continue
        meanings = pivots.translations(word)
        if meanings:
            yield Strange(index, word, False, False, (), meanings)


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
