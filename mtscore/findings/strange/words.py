"""Strange words: what the vocabulary does not know, and what it may be a slip of.

A string that is unknown, not formed of known parts and no code, address or known word without its accents is strange.
Whether it was made up, left in another language or only misspelt is for `invented` to say.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from mtscore.findings.customs.brands import is_address
from mtscore.records import EvidenceKind
from mtscore.signals.analysis import Analysis, Group, support_of
from mtscore.signals.extraction import Extraction
from mtscore.words.lexicon import Lexicon
from mtscore.words.morphology import Vocabulary
from mtscore.words.pivots import Pivots
from mtscore.words.resources import Resources

MIN_LETTERS = 4
"""Shorter strings are abbreviations or codes as a rule."""

MAX_REPEATS = 2
"""A strange word used more often than this is a term of the document."""

MIN_LIFT, MIN_SLIP_LIFT = 1.0, 2.0
"""log10 units of support from which a known word one edit away is what the writer probably meant: it is named as
intended, and a word that is short or has no company is taken for a slip of it; and from which any word is."""

LONGEST = 60
"""Letters of the longest word that is looked into: what is longer has lost its spaces, or is a cry or a code."""

COMPANY = 6
"""A strange word has company if another one stands in its sentence, at most so many tokens away. Made-up and
untranslated words come together; slips and rare terms come alone."""

MAX_NEAR = 5
"""Known words one edit away that are tried in the place, the most frequent first."""

MIN_LONG = 6
"""Shorter strings are one letter from some word as a rule."""

MIN_TARGET = -5.9
"""log10 relative frequency from which the language models know a word, so that they can say whether it fits."""

MIN_GLUED_LIFT, MIN_GLUED = 1.0, -2.0
"""log10: what its left neighbour must add to the probability of a word, or that probability, for the two to have
run together by a slip."""

RARE, MIN_LISTED = -6.7, 6
"""log10 relative frequency up to which English text may have a foreign word without borrowing it, and letters of such
a word."""

ENGLISH_ENDINGS = ("s", "es", "ed", "ing", "d")
"""What a translator puts behind a word that it does not know."""

MIN_LETTER_SCORE = -2.5
"""Below this mean log10 probability per letter an ASCII string is an identifier, not a word."""

_GLUE_BEFORE = frozenset("_@#/\\<>=&$0123456789*~|+-.'’^`¬¨´-")
_GLUE_AFTER = frozenset("_@/\\<>=(0123456789*~|+-'’^`¬¨´-")

_MEDICINE = re.compile(
    """(?:[aeiou]mab|[aei]nib|arib|[aeo]vir|buvir|oxacin|penem|zolid|glitazone|statin|sartan|olol|azole|cillin|mycin|micin
    |tidine|caine|barbital|azepam|azolam|oxetine|platin|rubicin|taxel|tecan|parin|gliptin|gliflozin|triptan|setron
    |dronate|ciclib|citabine|mustine|cycline|prazole|tropin|solone|glutide|reotide|poetin|kinra|[bn]ercept|grel|xaban
    |gatran|lukast|terol|dipine|profen|coxib|fibrate|vudine|trexate|semide|racetam|stigmine|zomib)$""",
    re.VERBOSE,
)
"""Endings of names of medicines: stems of the World Health Organization's international nonproprietary names."""

MIN_MEDICINE_LETTERS = 7

_QUOTED = re.compile(r"[“\"«„‘(\[*]([^“”\"«»()\[\]*\r\n]{1,60})[”\"»“’)\]*]")
_MARKS = frozenset('“”"«»„()[]')
_HYPHENATED_BEFORE = re.compile(r"(?:[^\W\d_]|-)+$")
_HYPHENATED_AFTER = re.compile(r"(?:[^\W\d_]|-)+")
_POSSESSIVE = re.compile(r"['’](?:s\b|\s)")
_BORROWED = frozenset("abcdefghijklmnopqrstuvwxyzéèêëïîöôçñüûâàäáóíæœ")
_LIGATURES = str.maketrans({"æ": "ae", "œ": "oe", "Æ": "Ae", "Œ": "Oe"})
PARTED_LIGATURES = frozenset("æœ")


@dataclass(frozen=True, slots=True)
class Strange:
    """A token that the vocabulary does not know, in lower case as a rule, and what dictionaries say it means."""

    index: int
    word: str
    is_slip: bool
    """Whether it is near a known word or two words run together."""
    is_meant: bool
    """Whether what it is near to fits its context well: a slip, then, and no invention."""
    near: tuple[str, ...]
    """Known words one edit away that fit its context, best first."""
    meanings: Mapping[str, tuple[str, ...]]
    has_company: bool = False
    """Whether another strange word stands close by, see `COMPANY`."""


def unknown_words(group: Group, lexicon: Lexicon) -> list[list[int]]:
    """For each document the numbers of the tokens that are words of at most `LONGEST` letters and not in the word
    table."""
    whole = group.whole
    is_short = whole.ends - whole.starts <= LONGEST
    return group.tokens.places(whole.is_word & is_short & (whole.alone <= lexicon.floor))


def strange_words(
    extraction: Extraction,
    unknown: Sequence[int],
    resources: Resources,
) -> Iterator[Strange]:
    """The strange words of a document in lower case, in its order; `unknown` is what `unknown_words` gives for it."""
    candidates = list(_candidates(extraction, unknown, resources.vocabulary, resources.pivots))
    company = _company(extraction.analysis, [index for index, _, _ in candidates])
    for (index, word, meanings), has_company in zip(candidates, company, strict=True):
        yield _strange(extraction.analysis, resources, index, word, meanings, has_company)


def _candidates(
    extraction: Extraction, unknown: Sequence[int], vocabulary: Vocabulary, pivots: Pivots | None
) -> Iterator[tuple[int, str, Mapping[str, tuple[str, ...]]]]:
    """Tokens in lower case that no list has, with what dictionaries say they mean."""
    analysis, text = extraction.analysis, extraction.text
    for index in unknown:
        start, end = int(analysis.starts[index]), int(analysis.ends[index])
        raw = text[start:end]
        word = unicodedata.normalize("NFKC", raw)
        if len(word) < MIN_LETTERS or not raw.islower() or word in vocabulary:
            continue
        if is_glued(text, start, end, vocabulary) or _is_cut_off(text, start, end):
            continue
        meanings = pivots.translations(word) if pivots else {}
        if not meanings and len(word) >= MIN_MEDICINE_LETTERS and _MEDICINE.search(word):
            continue
        if _has_english_letters(word, vocabulary) and not _is_foreign_spelling(word, meanings):
            continue
        yield index, word, meanings


def listed_foreign(extraction: Extraction, resources: Resources) -> Iterator[Strange]:
    """Words in lower case that the word table has, from names and quotations in English text, and no English list:
    foreign ones, by a dictionary, where no neighbour was ever seen beside them."""
    analysis, text, pivots = extraction.analysis, extraction.text, resources.pivots
    if pivots is None or not resources.vocabulary.extra:
        return
    is_rare = (analysis.alone > resources.lexicon.floor) & (analysis.alone <= RARE) & analysis.is_word
    is_new = (analysis.forward_order <= 1) & (analysis.backward_order <= 1)
    counts: Counter[str] = Counter()
    found = []
    for index in np.flatnonzero(is_rare & is_new).tolist():
        word = analysis.words[index]
        start, end = int(analysis.starts[index]), int(analysis.ends[index])
        if len(word) < MIN_LISTED or word in resources.vocabulary.extra or not text[start:end].islower():
            continue
        counts[word] += 1
        meanings = pivots.translations(word)
        if not meanings or word in resources.gazetteer or resources.vocabulary.is_formed(word):
            continue
        if is_glued(text, start, end, resources.vocabulary) or is_marked(analysis, text, index):
            continue
        found.append(Strange(index, word, False, False, (), meanings))
    yield from (strange for strange in found if counts[strange.word] <= MAX_REPEATS)


def inflected_meanings(word: str, pivots: Pivots | None) -> dict[str, tuple[str, ...]]:
    """What a foreign word means that has an ending of English, by the languages that have it without."""
    if pivots is None:
        return {}
    for ending in ENGLISH_ENDINGS:
        stem = word.removesuffix(ending)
        if stem != word and len(stem) >= MIN_LONG and (meanings := pivots.translations(stem)):
            return dict(meanings)
    return {}


def _has_english_letters(word: str, vocabulary: Vocabulary) -> bool:
    """Whether the word is known without its accents, or with ligatures parted or simplified ("mediæval")."""
    if plain(word) in vocabulary:
        return True
    return len(word) >= MIN_LONG and not PARTED_LIGATURES.isdisjoint(word) and simple(word) in vocabulary


def _company(analysis: Analysis, places: list[int]) -> list[bool]:
    """For each of the places, in order, whether another one is close by in the same sentence."""
    is_close = [
        after - before <= COMPANY and analysis.sentence[before] == analysis.sentence[after]
        for before, after in itertools.pairwise(places)
    ]
    pairs = zip([False, *is_close], [*is_close, False], strict=True)
    return [before or after for before, after in pairs][: len(places)]  # without any place, there is one pair


def is_glued(text: str, start: int, end: int, vocabulary: Vocabulary) -> bool:
    """Whether a mark of code, of an address or of a file name stands right beside the token."""
    before, after = text[max(0, start - 1) : start], text[end : end + 1]
    if is_address(text, start, end):
        return True
    if _POSSESSIVE.match(text, end) and before not in _GLUE_BEFORE:
        return False
    if (before == "-" or after == "-") and _is_hyphenated(text, start, end, vocabulary):
        return False
    return (
        before in _GLUE_BEFORE or after in _GLUE_AFTER or (after == "." and text[end + 1 : end + 2].isalnum())
    )


def _is_hyphenated(text: str, start: int, end: int, vocabulary: Vocabulary) -> bool:
    """Whether the other part of a word with one hyphen is an English one of four letters or more."""
    before = _HYPHENATED_BEFORE.search(text, max(0, start - 2 * LONGEST), start)
    after = _HYPHENATED_AFTER.match(text, end, end + 2 * LONGEST)
    parts = f"{before[0] if before else ''}{text[start:end]}{after[0] if after else ''}".split("-")
    return len(parts) == 2 and any(len(part) >= 4 and part in vocabulary.extra for part in parts)


def _is_cut_off(text: str, start: int, end: int) -> bool:
    """Whether the token opens a line or ends the text: the first letter or the rest may have been lost."""
    return end == len(text) or text[max(0, start - 1) : start] in ("", "\n", "\r")


def _is_foreign_spelling(word: str, meanings: Mapping[str, tuple[str, ...]]) -> bool:
    """Whether a word whose bare letters English has is no way to write that English word: it has letters that English
    never borrows ("visās"), or is in a dictionary and means something else ("také", while "élite" is "elite")."""
    if not meanings:
        return not _BORROWED.issuperset(word)
    return not any(plain(word) in meant for meant in meanings.values())


def _strange(
    analysis: Analysis,
    resources: Resources,
    index: int,
    word: str,
    meanings: Mapping[str, tuple[str, ...]],
    has_company: bool,
) -> Strange:
    """An unknown word with what it may be a slip of: two words run together, or a known word one edit away."""
    vocabulary = resources.vocabulary
    if _is_two_words(word, meanings, resources):
        return Strange(index, word, True, True, (), meanings, has_company)
    near = [other for other in vocabulary.near(word) if other in vocabulary.extra or not vocabulary.extra]
    tried = [other for other in near[:MAX_NEAR] if vocabulary.frequency(other) > MIN_TARGET]
    lifts = sorted((-context_lift(analysis, resources, index, other), other) for other in tried)
    is_short = len(word) < (MIN_LETTERS if meanings else MIN_LONG)
    is_ordinary = is_short or (not (has_company or meanings) and word.isascii())
    limit = MIN_LIFT if is_ordinary else MIN_SLIP_LIFT
    is_meant = bool(lifts) and -lifts[0][0] > limit and not (meanings and _is_no_slip(word, lifts[0][1]))
    fitting = tuple(other for lift, other in lifts if -lift > MIN_LIFT)
    return Strange(index, word, bool(near), is_meant, fitting, meanings, has_company)


def _is_no_slip(word: str, near: str) -> bool:
    """Whether a word that another language has is no slip of the English one beside it: people forget letters and
    take wrong ones, and put none behind a word ("terrorismo"), nor do they hit letters with accents."""
    return not word.isascii() or (word[:-1] == near and word[-1] in "aeiou")


def _is_two_words(word: str, meanings: Mapping[str, tuple[str, ...]], resources: Resources) -> bool:
    """Whether two English words make it. What a dictionary of another language has may be that by chance."""
    vocabulary = resources.vocabulary
    if meanings and all(min(len(left), len(right)) < MIN_LETTERS for left, right in vocabulary.halves(word)):
        return False
    return vocabulary.is_compound(word) or _is_run_together(word, resources)


def _is_run_together(word: str, resources: Resources) -> bool:
    """Whether two words that often follow each other make it ("yearof")."""
    for left, right in resources.vocabulary.halves(word):
        probabilities, orders = resources.forward.scores((left, right))
        lift = probabilities[1] - resources.lexicon.log_frequency(right)
        if orders[1] > 1 and (lift > MIN_GLUED_LIFT or probabilities[1] > MIN_GLUED):
            return True
    return False


def kind_of(word: str, vocabulary: Vocabulary, has_company: bool = False) -> EvidenceKind | None:
    """What a strange word that no dictionary has is: invented, left untranslated, or (None) neither."""
    if re.search(r"(.)\1\1|^(.{1,3})\2{2}", word):  # drawn out, as in chat
        return None
    if not word.isascii():
        is_formed = not PARTED_LIGATURES.isdisjoint(word) and vocabulary.is_formed(plain(word))
        return None if is_formed else "untranslated"
    if not re.search("[aeiouy]", word) or vocabulary.is_formed(word):
        return None
    is_word = has_company or vocabulary.letters.mean_log10(word) > MIN_LETTER_SCORE
    return "invented_word" if is_word else None


def is_marked(analysis: Analysis, text: str, index: int) -> bool:
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


def plain(word: str) -> str:
    """The word, in small letters, without its accents, its ligatures parted."""
    if word.isascii():
        return word
    parted = unicodedata.normalize("NFKD", word.translate(_LIGATURES))
    # Mathematical capitals ("𝐁") are capitals only once they are letters of the alphabet.
    return "".join(c for c in parted if not unicodedata.combining(c)).lower()


def simple(word: str) -> str:
    """The plain word with "e" for "ae" and "oe", as Americans write ("archeology")."""
    return plain(word).replace("ae", "e").replace("oe", "e")


def context_lift(analysis: Analysis, resources: Resources, index: int, word: str) -> float:
    """What the neighbours of a place would add to the probability of a word there, from the left and from the
    right together: log10 units."""
    words = analysis.sentences[int(analysis.sentence[index])].words
    place = index - int(np.searchsorted(analysis.sentence, analysis.sentence[index]))
    return support_of(words, place, word, resources)
