"""Which language an article was probably translated from, by what the translator left of it.

Words that English does not have keep the letters and endings of the original ("andkandamas"): together they are a
short text in that language, which langdetect can name, and dictionaries have some of them word for word. Letters of
another script name it at once. Words made up of English parts ("photoscope") say nothing, but langdetect takes them
for Italian or Dutch: it is heard as far as there are others, and as far as half of the words say the same as all.
Names say where a story happens, not what it was written in, and are left out unless they are corrupted or stand where
a noun stands. One stray word proves little: a share of doubt stands against all languages, and where none beats it
there is no answer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

import numpy as np

from mtscore.findings.strange.capitals import DETERMINERS
from mtscore.findings.strange.words import MIN_LETTERS
from mtscore.languages.identification import (
    FOREIGN_ONLY,
    NON_LATIN,
    language_of_script,
    language_probabilities,
)
from mtscore.records import Evidence
from mtscore.signals.extraction import Extraction
from mtscore.words.morphology import LetterModel
from mtscore.words.resources import Resources

KINDS = ("invented_word", "untranslated", "corrupted_name")
"""Kinds of evidence whose words may be in the source language or keep its endings."""

WORDS_A_VOTE, MOST_VOTES = 3, 2.0
"""langdetect has a vote for so many words that do not look English, and never more votes than these."""

TRIALS = 3
"""langdetect's trials for each of its opinions, each of which takes some milliseconds."""

DICTIONARY_VOTE = 0.5
"""The vote of a word that dictionaries have: any made-up word may be one in some language ("hangi")."""

ENGLISH_LETTERS = -1.2
"""Mean log10 probability per letter from which a word looks English."""

DOUBT, MIN_SHARE, MIN_SHOWN = 0.7, 0.45, 0.05
"""Votes for no language at all; the share of all votes that the first language must have for an answer to be given;
and the share from which other languages are named beside it."""

_UNNAMED = frozenset(("en", "und"))


def source_languages(
    found: Iterable[Evidence], extraction: Extraction, resources: Resources
) -> dict[str, float]:
    """Probabilities of source languages (ISO 639-1), most probable first; what is missing to 1 is doubt. Empty when
    nothing points anywhere clearly."""
    found = list(found)
    votes: dict[str, float] = defaultdict(float)
    for span in extraction.body.foreign:
        votes[span.language] += not span.is_quoted
    # The short words that many languages share ("og", "de") mislead more than they tell.
    telling = {
        word: item.kind
        for item in reversed(found)
        if item.kind in KINDS and (word := item.text.lower()) not in FOREIGN_ONLY
    }
    words = list(dict.fromkeys([*reversed(telling), *_unknown_words(extraction, resources)]))
    for language, vote in _votes_of_letters(words, resources.vocabulary.letters).items():
        votes[language] += vote
    pivots = resources.pivots
    # Compounds are in no dictionary; the finding knows what they are made of ("Ersatzschiff").
    explained = {item.text.lower(): {item.pivot.language: ()} for item in found if item.pivot}
    for word in words:
        if telling.get(word) == "corrupted_name":
            continue
        meanings = (pivots.translations(word) if pivots else {}) or explained.get(word, {})
        for language in meanings:
            votes[language] += DICTIONARY_VOTE / len(meanings)
    return _shares({language: vote for language, vote in votes.items() if language not in _UNNAMED})


def _votes_of_letters(words: list[str], english: LetterModel) -> dict[str, float]:
    """Votes by what the words are written in: one for each word with letters of another script, and what langdetect
    says of the others."""
    votes: dict[str, float] = defaultdict(float)
    others = [word for word in words if NON_LATIN.search(word)]
    for language, share in _languages_of_letters(
        "".join(NON_LATIN.findall(" ".join(others))), others
    ).items():
        votes[language] += share * len(others)
    latin = [word for word in words if not NON_LATIN.search(word)]
    telling = sum(not word.isascii() or english.mean_log10(word) < ENGLISH_LETTERS for word in latin)
    if telling > 1:
        weight = min(MOST_VOTES, telling / WORDS_A_VOTE)
        # What a word or two say alone, both halves do not say.
        opinions = [
            language_probabilities(" ".join(part), TRIALS)
            for part in (latin, latin[::2], latin[1::2])
            if part
        ]
        for language, probability in (pair for opinion in opinions for pair in opinion.items()):
            votes[language] += weight * probability / 3
    return votes


def _languages_of_letters(letters: str, words: list[str]) -> dict[str, float]:
    """The languages that letters outside the Latin script stand for, and the share of each; `words` have them."""
    if not letters:
        return {}
    if not all(_is_kana(letter) or "\u3400" <= letter <= "\u9fff" for letter in letters):
        return {language_of_script(letters, " ".join(words)): 1.0}
    if any(map(_is_kana, letters)):
        return {"ja": 1.0}
    # The old encodings tell the two apart: Chinese ones lack what only Japanese writes, the Japanese one lacks what
    # China has simplified.
    chinese = any(not _is_in(letter, "shift_jis") for letter in letters)
    japanese = any(
        _is_in(letter, "shift_jis") and not _is_in(letter, "gb2312") and not _is_in(letter, "big5")
        for letter in letters
    )
    if chinese == japanese:
        return {"zh": 0.5, "ja": 0.5}
    return {"zh" if chinese else "ja": 1.0}


def _is_kana(letter: str) -> bool:
    return "\u3040" <= letter <= "\u30ff"


def _is_in(letter: str, encoding: str) -> bool:
    """Whether an encoding has a letter."""
    try:
        letter.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


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
