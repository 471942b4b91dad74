"""Which language an article was probably translated from, by what the translator left of it.

Words that English does not have keep the letters and endings of the original ("andkandamas"): together they are a
short text in that language, which langdetect can name, and dictionaries have some of them word for word. Letters of
another script name it at once. Words made up of English parts ("photoscope") say nothing, but langdetect takes them
for Italian or Dutch: it is heard as far as there are others. Names say where a story happens, not what it was written
in, and are left out unless they are corrupted or stand where a noun stands. One stray word proves little: a share of
doubt stands against all languages, and where none beats it there is no answer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

import numpy as np

from mtscore.findings.strange.capitals import DETERMINERS
from mtscore.findings.strange.words import MIN_LETTERS
from mtscore.languages.identification import FOREIGN_ONLY, NON_LATIN, language_probabilities, script_language
from mtscore.records import Evidence
from mtscore.signals.extraction import Extraction
from mtscore.words.morphology import LetterModel
from mtscore.words.resources import Resources

KINDS = ("invented_word", "untranslated", "corrupted_name")
"""Kinds of evidence whose words may be in the source language or keep its endings."""

ENOUGH_WORDS = 4
"""From so many words on that do not look English, langdetect's opinion of them all counts as one vote."""

ENGLISH_LETTERS = -1.2
"""Mean log10 probability per letter from which a word looks English."""

DOUBT, MIN_SHARE, MIN_SHOWN = 0.4, 0.5, 0.05
"""Votes for no language at all; the share of all votes that the first language must have for an answer to be given;
and the share from which other languages are named beside it."""

_UNNAMED = frozenset(("en", "und"))


def source_languages(
    found: Iterable[Evidence], extraction: Extraction, resources: Resources
) -> dict[str, float]:
    """Probabilities of source languages (ISO 639-1), most probable first; what is missing to 1 is doubt. Empty when
    nothing points anywhere clearly."""
    votes: dict[str, float] = defaultdict(float)
    for span in extraction.body.foreign:
        votes[span.language] += not span.is_quoted
    telling = [item.text.lower() for item in found if item.kind in KINDS]
    # The short words that many languages share ("og", "de") mislead more than they tell.
    telling = [word for word in telling if word not in FOREIGN_ONLY]
    words = list(dict.fromkeys([*telling, *_unknown_words(extraction, resources)]))
    for language, vote in _votes_of_letters(words, resources.vocabulary.letters).items():
        votes[language] += vote
    pivots = resources.pivots
    for word in words:
        meanings = pivots.translations(word) if pivots else {}
        for language in meanings:
            votes[language] += 1 / len(meanings)
    return _shares({language: vote for language, vote in votes.items() if language not in _UNNAMED})


def _votes_of_letters(words: list[str], english: LetterModel) -> dict[str, float]:
    """Votes by what the words are written in: one for each word with letters of another script, one at most for
    what langdetect says of the others."""
    votes: dict[str, float] = defaultdict(float)
    others = [word for word in words if NON_LATIN.search(word)]
    script = script_language("".join(NON_LATIN.findall(" ".join(others)))) if others else None
    if script:
        votes[script] += len(others)
    latin = [word for word in words if not NON_LATIN.search(word)]
    telling = sum(not word.isascii() or english.mean_log10(word) < ENGLISH_LETTERS for word in latin)
    if telling:
        weight = min(1.0, telling / ENOUGH_WORDS)
        for language, probability in language_probabilities(" ".join(latin)).items():
            votes[language] += weight * probability
    return votes


def _unknown_words(extraction: Extraction, resources: Resources) -> Iterator[str]:
    """Words in lower case, or behind an article or the like, that are no English and no names."""
    analysis, text = extraction.analysis, extraction.text
    vocabulary, gazetteer = resources.vocabulary, resources.gazetteer
    for index in np.flatnonzero(analysis.is_word & (analysis.alone <= resources.lexicon.floor)).tolist():
        word, raw = analysis.words[index], text[analysis.starts[index] : analysis.ends[index]]
        if len(word) < MIN_LETTERS or word in vocabulary or word in gazetteer:
            continue
        if raw.islower() or (raw.istitle() and index and analysis.words[index - 1] in DETERMINERS):
            yield word


def _shares(votes: Mapping[str, float]) -> dict[str, float]:
    total = sum(votes.values()) + DOUBT
    ordered = sorted(votes.items(), key=lambda pair: (-pair[1], pair[0]))
    if not ordered or ordered[0][1] / total < MIN_SHARE:
        return {}
    return {language: vote / total for language, vote in ordered if vote / total >= MIN_SHOWN}
