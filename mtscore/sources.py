"""Which language an article was probably translated from, by what the translator left of it.

Invented and untranslated words keep the letters and endings of the original ("andkandamas"): together they are a
short text in that language, which langdetect can name, and dictionaries have some of them word for word. One
stray word proves little; a share of doubt stands against all languages, and where none beats it there is no answer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from mtscore.lexicon import Lexicon
from mtscore.pivots import pivots_in
from mtscore.records import Body, Evidence
from mtscore.signals.languages import language_probabilities

KINDS = ("invented_word", "untranslated", "corrupted_name")
"""Kinds of evidence whose words may be in the source language or keep its endings."""

ENOUGH_WORDS = 3
"""From so many words on, langdetect's opinion of them counts as one vote."""

DOUBT, MIN_SHARE, MIN_SHOWN = 0.3, 0.5, 0.05
"""Votes for no language at all; the share of all votes that the first language must have for an answer to be given;
and the share from which other languages are named beside it."""

_UNNAMED = frozenset(("en", "und"))


def source_languages(found: Iterable[Evidence], body: Body, lexicon: Lexicon) -> dict[str, float]:
    """Probabilities of source languages (ISO 639-1), most probable first; what is missing to 1 is doubt. Empty when
    nothing points anywhere clearly."""
    words = list(dict.fromkeys(item.text.lower() for item in found if item.kind in KINDS))
    votes: dict[str, float] = defaultdict(float)
    for span in body.foreign:
        votes[span.language] += not span.is_quoted
    if words:
        weight = min(1.0, len(words) / ENOUGH_WORDS)
        for language, probability in language_probabilities(" ".join(words)).items():
            votes[language] += weight * probability
    pivots = pivots_in(Path(lexicon.path).parent)
    for word in words:
        meanings = pivots.translations(word) if pivots else {}
        for language in meanings:
            votes[language] += 1 / len(meanings)
    return _shares({language: vote for language, vote in votes.items() if language not in _UNNAMED})


def _shares(votes: Mapping[str, float]) -> dict[str, float]:
    total = sum(votes.values()) + DOUBT
    ordered = sorted(votes.items(), key=lambda pair: (-pair[1], pair[0]))
    if not ordered or ordered[0][1] / total < MIN_SHARE:
        return {}
    return {language: vote / total for language, vote in ordered if vote / total >= MIN_SHOWN}
