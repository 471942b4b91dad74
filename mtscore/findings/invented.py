"""Words that are no English: made up from foreign parts, or left in the other language.

A string that is unknown, not formed of known parts, no slip of the keyboard and no name was made up by the
translator ("demilitacicians"), or not translated at all. Human text is full of unknown strings too: terms
that the document keeps using, spellings of chat and old print, identifiers, quoted foreign words. Each has
its own way out below, and a document in which slips are the rule has no findings of this kind.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from mtscore.analysis import Analysis
from mtscore.features import Extraction
from mtscore.morphology import COMMON, Vocabulary
from mtscore.records import Evidence, EvidenceKind

MAX_REPEATS = 2
"""A strange word used oftener than this is a term of the document."""

MIN_LETTERS = 4

MIN_SLIPS, MAX_SLIP_SHARE, MAX_SLIPS_PER_1000 = 3, 0.5, 4.0
"""From so many misspelt and glued words on, if they are more than this share of the strange words and oftener
than this per 1,000 words, the writer's spelling is the cause and nothing is reported."""

MIN_LETTER_SCORE = -2.5
"""Below this mean log10 probability per letter an ASCII string is an identifier, not a word."""

INVENTED_WEIGHT, UNTRANSLATED_WEIGHT = 3.6, 3.6

_GLUE_BEFORE = frozenset("_@#/\\<>=&$0123456789*~|+-.'’^`¬¨´-")
_GLUE_AFTER = frozenset("_@/\\<>=(0123456789*~|+-'’^`¬¨´-")
_QUOTED = re.compile(r"[“\"«„‘(\[*]([^“”\"«»()\[\]*\r\n]{1,60})[”\"»“’)\]*]")
_MARKS = frozenset("“”\"«»„()[]")
_DEGREE = frozenset("very too extremely so quite rather more most highly really is was are were be".split())


@dataclass(frozen=True, slots=True)
class _Strange:
    """A lower-case token that the vocabulary does not know."""

    index: int
    word: str
    is_slip: bool


def find_invented(extraction: Extraction, vocabulary: Vocabulary) -> Iterator[Evidence]:
    """Made-up and untranslated words, in document order."""
    analysis, text = extraction.analysis, extraction.text
    strange = list(_strange_words(extraction, vocabulary))
    counts = Counter(found.word for found in strange)
    slips = sum(found.is_slip for found in strange)
    words = max(int(analysis.is_word.sum()), 1)
    if slips >= MIN_SLIPS and slips > MAX_SLIP_SHARE * len(strange) and 1000 * slips > MAX_SLIPS_PER_1000 * words:
        return
    for found in strange:
        if found.is_slip or counts[found.word] > MAX_REPEATS:
            continue
        kind = _kind(found.word, vocabulary)
        if kind and not _is_marked(analysis, text, found.index):
            yield _evidence(extraction, found.index, kind)
    for index in _misplaced_capitals(extraction, vocabulary):
        yield _evidence(extraction, index, "invented_word")


def _evidence(extraction: Extraction, index: int, kind: EvidenceKind) -> Evidence:
    analysis = extraction.analysis
    start, end = int(analysis.starts[index]), int(analysis.ends[index])
    sentence = analysis.sentences[int(analysis.sentence[index])].span
    weight = INVENTED_WEIGHT if kind == "invented_word" else UNTRANSLATED_WEIGHT
    return Evidence(start, end, extraction.text[start:end], kind, weight, sentence)


def _strange_words(extraction: Extraction, vocabulary: Vocabulary) -> Iterator[_Strange]:
    analysis, text = extraction.analysis, extraction.text
    known = extraction.analysis.alone > vocabulary.lexicon.floor
    for index in np.flatnonzero(analysis.is_word & ~known).tolist():
        start, end = int(analysis.starts[index]), int(analysis.ends[index])
        raw = text[start:end]
        word = unicodedata.normalize("NFKC", raw)
        if len(word) < MIN_LETTERS or not raw.islower() or word in vocabulary or plain(word) in vocabulary:
            continue
        if _GLUE_BEFORE.intersection(text[max(0, start - 1) : start]) or _GLUE_AFTER.intersection(text[end : end + 1]):
            continue
        if end < len(text) - 1 and text[end] == "." and text[end + 1].isalnum():  # a domain or file name
            continue
        yield _Strange(index, word, is_slip(word, vocabulary))


def plain(word: str) -> str:
    """The word without its accents."""
    if word.isascii():
        return word
    return "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))


def is_slip(word: str, vocabulary: Vocabulary) -> bool:
    """Whether an unknown word is a misspelling or two words run together, which people write too."""
    if vocabulary.is_compound(word):
        return True
    near = vocabulary.near(word)
    return bool(near) and (len(word) < 6 or vocabulary.frequency(near[0]) > COMMON - 1.5)


def _kind(word: str, vocabulary: Vocabulary) -> EvidenceKind | None:
    if re.search(r"(.)\1\1|^(.{1,3})\2{2}", word):  # drawn out, as in chat
        return None
    if not word.isascii():
        return "untranslated"
    if not re.search("[aeiouy]", word) or vocabulary.is_formed(word):
        return None
    return "invented_word" if vocabulary.letters.mean_log10(word) > MIN_LETTER_SCORE else None


def _is_marked(analysis: Analysis, text: str, index: int) -> bool:
    """Whether the word stands in a short quotation or in brackets, as foreign words and coinages do."""
    sentence = analysis.sentences[int(analysis.sentence[index])].span
    start, end = int(analysis.starts[index]), int(analysis.ends[index])
    before, after = text[max(sentence.start - 1, 0) : start], text[end : sentence.end + 1]
    if not (_MARKS.intersection(before) and _MARKS.intersection(after)):
        return False
    return any(
        match.start() < len(before) <= match.end() and len(match[1].split()) <= 4
        for match in _QUOTED.finditer(before + text[start:end] + after)
    )


def _misplaced_capitals(extraction: Extraction, vocabulary: Vocabulary) -> Iterator[int]:
    """Unknown capitalised words where only an adjective can stand: "was very useful and Xxxx."."""
    analysis, text = extraction.analysis, extraction.text
    words, same = analysis.words, analysis.sentence
    for index in np.flatnonzero(analysis.is_word & (analysis.alone <= vocabulary.lexicon.floor)).tolist():
        raw = text[analysis.starts[index] : analysis.ends[index]]
        if index < 3 or same[index - 3] != same[index] or not raw.istitle() or not raw.isascii():
            continue
        if words[index - 1] not in ("and", "or", "but") or words[index - 3] not in _DEGREE:
            continue
        before = text[analysis.starts[index - 2] : analysis.ends[index - 2]]
        after = words[index + 1] if index + 1 < len(words) and same[index + 1] == same[index] else "."
        is_adjective = before.islower() and not analysis.words[index - 2].endswith("s")
        if is_adjective and not after[0].isalpha() and after != "-" and not vocabulary.is_formed(words[index]):
            yield index
