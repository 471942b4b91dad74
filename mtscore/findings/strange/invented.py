"""Words that are no English: made up from foreign parts, or left in the other language.

A string that is unknown, not formed of known parts, no slip of the keyboard and no name was made up by the
translator ("stabilicitants"), or not translated at all. Human text is full of unknown strings too: terms
that the document keeps using, spellings of old print, identifiers, names of sites (`brands`), quoted foreign words.
Each has its own exemption, and a document in which slips are the rule has no findings of this kind; chats (`chat`) are
not asked.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from mtscore.findings.customs.brands import Products
from mtscore.findings.strange.capitals import foreign_nouns, misplaced_capitals, ordinary_capitals
from mtscore.findings.strange.words import (
    MAX_REPEATS,
    Strange,
    inflected_meanings,
    is_marked,
    kind_of,
    listed_foreign,
    strange_words,
)
from mtscore.records import Evidence, EvidenceKind, Pivot
from mtscore.signals.extraction import Extraction
from mtscore.words.resources import Resources

MIN_SLIPS, MAX_SLIP_SHARE, MAX_SLIPS_PER_1000 = 4, 0.45, 4.0
"""From so many misspelt and glued words on, if they are more than this share of the strange words and more frequent
than this per 1,000 words, the writer's spelling is the cause and nothing is reported."""

NEAR_WEIGHT, LONE_WEIGHT, COMPANY_WEIGHT = 1.3, 2.4, 3.3
"""Nats of an invented word, measured per word on garbled text of four sources against 50 of human text (OCR and
pidgin left out): one letter from a known word and alone, 0.58 to 0.15 per 1,000 words; others alone, 3.1 to 0.25;
with company, 2.9 to 0.10."""

LONE_MEANING_WEIGHT, MEANING_WEIGHT, FOREIGN_LETTERS_WEIGHT = 2.6, 3.7, 3.9
"""Nats of a word that a dictionary has, alone (0.26 to 0.02 per 1,000 words) and with company; and of other words with
letters beyond a to z (0.49 to 0.005 alone; cut down to just below a foreign passage, because they are the mark of a
few systems)."""

_GENUS = re.compile(r"(?:[A-Z][a-z]{2,}|[A-Z]\.) ")
_LATIN_ENDING = re.compile("(?:us|um|is|ii|ae|[aio]ta|ana|ica|ola|ina|osa|ens|ans)$")


def find_invented(extraction: Extraction, unknown: Sequence[int], resources: Resources) -> Iterator[Evidence]:
    """Made-up and untranslated words, in no particular order; `unknown` is what `unknown_words` gives for the
    document."""
    strange = list(strange_words(extraction, unknown, resources))
    if _has_slips(extraction, strange):
        return
    languages = Counter(language for found in strange for language in found.meanings)
    products = Products(extraction, {found.index for found in strange}, resources.lexicon)
    counts = Counter(found.word for found in strange)
    for found in strange:
        if found.is_meant or counts[found.word] > MAX_REPEATS:
            continue
        if not found.meanings and found.index in products:
            continue
        if not found.has_company and _is_species(extraction, found):
            continue
        explained, kind = _explained(found, resources)
        if kind and not is_marked(extraction.analysis, extraction.text, found.index):
            yield _with_originals(_evidence(extraction, explained, kind, languages), found.word, resources)
    yield from _untranslated(extraction, unknown, resources, languages)
    capitals = {
        *misplaced_capitals(extraction, unknown, resources.vocabulary),
        *ordinary_capitals(extraction, unknown, resources.vocabulary),
    }
    for index in sorted(capitals):
        yield _evidence(extraction, Strange(index, "", False, False, (), {}), "invented_word", languages)


def _has_slips(extraction: Extraction, strange: Sequence[Strange]) -> bool:
    """Whether the writer's spelling is the cause of most strange words."""
    slips = sum(found.is_slip for found in strange)
    return (
        slips >= MIN_SLIPS
        and slips > MAX_SLIP_SHARE * len(strange)
        and 1000 * slips > MAX_SLIPS_PER_1000 * int(extraction.analysis.is_word.sum())
    )


def _explained(found: Strange, resources: Resources) -> tuple[Strange, EvidenceKind | None]:
    """A strange word with what it means, and the kind of finding that it is (None: none)."""
    if found.meanings:
        return found, "untranslated"
    kind = kind_of(found.word, resources.vocabulary, found.has_company)
    meanings = inflected_meanings(found.word, resources.pivots) if kind == "invented_word" else {}
    return (replace(found, meanings=meanings), "untranslated") if meanings else (found, kind)


def _untranslated(
    extraction: Extraction, unknown: Sequence[int], resources: Resources, languages: Mapping[str, int]
) -> Iterator[Evidence]:
    """Foreign words that the word table has, and nouns with a capital, those that somebody is called left out."""
    people = resources.whos_who
    for listed in listed_foreign(extraction, resources):
        yield _evidence(extraction, listed, "untranslated", languages)
    for noun in foreign_nouns(extraction, unknown, resources.vocabulary, resources.pivots):
        if people is None or not people.is_borne(noun.word):
            yield _evidence(extraction, noun, "untranslated", languages)


def _is_species(extraction: Extraction, found: Strange) -> bool:
    """Whether the word is the second of a Latin name ("Homo floresiensis", "H. floresiensis")."""
    analysis, text = extraction.analysis, extraction.text
    before = text[analysis.starts[found.index - 1] : analysis.starts[found.index]] if found.index else ""
    if before[:1] in (".", "") and found.index > 1:
        before = text[analysis.starts[found.index - 2] : analysis.starts[found.index]]
    return bool(_GENUS.fullmatch(before) and _LATIN_ENDING.search(found.word))


def _with_originals(finding: Evidence, word: str, resources: Resources) -> Evidence:
    """The finding, with what translators are known to have made this word of among the intended words."""
    originals = resources.word_pairs.originals(word) if resources.word_pairs else ()
    if not originals:
        return finding
    return replace(finding, intended=tuple(dict.fromkeys((*finding.intended, *originals))))


def _evidence(
    extraction: Extraction, found: Strange, kind: EvidenceKind, languages: Mapping[str, int]
) -> Evidence:
    """The finding; of several languages that have the word, the one that explains most of the document's
    strange words is named, the first in alphabetical order at a tie."""
    analysis = extraction.analysis
    start, end = int(analysis.starts[found.index]), int(analysis.ends[found.index])
    sentence = analysis.sentences[int(analysis.sentence[found.index])].span
    language = max(found.meanings, key=lambda code: languages[code], default=None)
    intended = found.meanings[language] if language else found.near
    pivot = Pivot(language, found.word) if language else None
    return Evidence(
        start, end, extraction.text[start:end], kind, _weight(found, kind), sentence, intended, pivot
    )


def _weight(found: Strange, kind: EvidenceKind) -> float:
    if found.meanings:
        return MEANING_WEIGHT if found.has_company else LONE_MEANING_WEIGHT
    if kind == "untranslated":
        return FOREIGN_LETTERS_WEIGHT
    if found.has_company:
        return COMPANY_WEIGHT
    return NEAR_WEIGHT if found.is_slip else LONE_WEIGHT
