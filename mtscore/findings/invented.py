"""Words that are no English: made up from foreign parts, or left in the other language.

A string that is unknown, not formed of known parts, no slip of the keyboard and no name was made up by the
translator ("stabilicitants"), or not translated at all. Human text is full of unknown strings too: terms
that the document keeps using, spellings of old print, identifiers, names of sites (`brands`), quoted foreign words.
Each has its own way out, and a document in which slips are the rule has no findings of this kind; chats (`chat`) are
not asked.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from mtscore.findings.brands import Products, is_address
from mtscore.records import Evidence, EvidenceKind, Pivot
from mtscore.signals.analysis import Analysis, Group, support_of
from mtscore.signals.extraction import Extraction
from mtscore.words.lexicon import Lexicon, suffix_class
from mtscore.words.morphology import Vocabulary
from mtscore.words.pivots import Pivots
from mtscore.words.resources import Resources

MAX_REPEATS = 2
"""A strange word used oftener than this is a term of the document."""

MIN_LETTERS = 4

MIN_SLIPS, MAX_SLIP_SHARE, MAX_SLIPS_PER_1000 = 4, 0.45, 4.0
"""From so many misspelt and glued words on, if they are more than this share of the strange words and oftener
than this per 1,000 words, the writer's spelling is the cause and nothing is reported."""

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

MIN_CAPITAL_LETTERS, MIN_NOUN_LETTERS = 8, 5
"""Shorter capitalised words are names as a rule, and so are those of a dictionary."""

MIN_LETTER_SCORE = -2.5
"""Below this mean log10 probability per letter an ASCII string is an identifier, not a word."""

NEAR_WEIGHT, LONE_WEIGHT, COMPANY_WEIGHT = 1.3, 2.4, 3.3
"""Nats of an invented word, measured per word on garbled text of four sources against 50 of human text (OCR and
pidgin left out): one letter from a known word and alone, 0.58 to 0.15 per 1,000 words; others alone, 3.1 to 0.25;
with company, 2.9 to 0.10."""

LONE_MEANING_WEIGHT, MEANING_WEIGHT, FOREIGN_LETTERS_WEIGHT = 2.6, 3.7, 3.9
"""Nats of a word that a dictionary has, alone (0.26 to 0.02 per 1,000 words) and with company; and of other words with
letters beyond a to z (0.49 to 0.005 alone; cut down to just below a foreign passage, because they are the mark of a
few systems)."""

MIN_TARGET = -5.9
"""log10 relative frequency from which the language models know a word, so that they can say whether it fits."""

MIN_GLUED_LIFT, MIN_GLUED = 1.0, -2.0
"""log10: what its left neighbour must add to the probability of a word, or that probability, for the two to have
run together by a slip."""

DETERMINERS = frozenset(
    "a an the this that these those his her its their our my your no every some any each".split()
)
"""Words behind which a noun stands, or its adjective."""

_GLUE_BEFORE = frozenset("_@#/\\<>=&$0123456789*~|+-.'’^`¬¨´-")
_GLUE_AFTER = frozenset("_@/\\<>=(0123456789*~|+-'’^`¬¨´-")
_ORDINARY_ENDINGS = frozenset(
    """ization isation ational ation ition tion sion ness ment ments ical ious eous ity isms ized ised izes izing
    ising ingly ally ably ive ous ful ize ise""".split()
)
"""Endings of ordinary words that hardly any name has."""

_MEDICINE = re.compile(
    """(?:[aeiou]mab|[aei]nib|arib|[aeo]vir|buvir|oxacin|penem|zolid|glitazone|statin|sartan|olol|azole|cillin|mycin|micin
    |tidine|caine|barbital|azepam|azolam|oxetine|platin|rubicin|taxel|tecan|parin|gliptin|gliflozin|triptan|setron
    |dronate|ciclib|citabine|mustine|cycline|prazole|tropin|solone|glutide|reotide|poetin|kinra|[bn]ercept|grel|xaban
    |gatran|lukast|terol|dipine|profen|coxib|fibrate|vudine|trexate|semide|racetam|stigmine|zomib)$""",
    re.VERBOSE,
)
"""Endings of names of medicines: stems of the World Health Organization's international nonproprietary names."""

MIN_MEDICINE_LETTERS = 7

_POSSESSIVE = re.compile(r"['’](?:s\b|\s)")
_QUOTED = re.compile(r"[“\"«„‘(\[*]([^“”\"«»()\[\]*\r\n]{1,60})[”\"»“’)\]*]")
_BORROWED = frozenset("abcdefghijklmnopqrstuvwxyzéèêëïîöôçñüûâàäáóíæœ")
_LIGATURES = str.maketrans({"æ": "ae", "œ": "oe", "Æ": "Ae", "Œ": "Oe"})
_PARTED = frozenset("æœ")
_GENUS = re.compile(r"(?:[A-Z][a-z]{2,}|[A-Z]\.) ")
_LATIN_ENDING = re.compile("(?:us|um|is|ii|ae|[aio]ta|ana|ica|ola|ina|osa|ens|ans)$")
_MARKS = frozenset('“”"«»„()[]')
_DEGREE = frozenset("very too extremely so quite rather more most highly really is was are were be".split())


@dataclass(frozen=True, slots=True)
class _Strange:
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


def find_invented(extraction: Extraction, unknown: Sequence[int], resources: Resources) -> Iterator[Evidence]:
    """Made-up and untranslated words, in document order; `unknown` is what `unknown_words` gives for the document."""
    if not unknown:
        return
    vocabulary, pivots = resources.vocabulary, resources.pivots
    strange = list(_strange_words(extraction, unknown, resources))
    counts = Counter(found.word for found in strange)
    slips = sum(found.is_slip for found in strange)
    if (
        slips >= MIN_SLIPS
        and slips > MAX_SLIP_SHARE * len(strange)
        and 1000 * slips > MAX_SLIPS_PER_1000 * int(extraction.analysis.is_word.sum())
    ):
        return
    languages = Counter(language for found in strange for language in found.meanings)
    products = Products(extraction, {found.index for found in strange}, resources.lexicon)
    for found in strange:
        if found.is_meant or counts[found.word] > MAX_REPEATS:
            continue
        if not found.meanings and found.index in products:
            continue
        if not found.has_company and _is_species(extraction, found):
            continue
        kind = "untranslated" if found.meanings else _kind(found.word, vocabulary, found.has_company)
        if kind and not _is_marked(extraction.analysis, extraction.text, found.index):
            yield _evidence(extraction, found, kind, languages)
    for noun in _foreign_nouns(extraction, unknown, vocabulary, pivots) if pivots else ():
        yield _evidence(extraction, noun, "untranslated", languages)
    capitals = {
        *_misplaced_capitals(extraction, unknown, vocabulary),
        *_ordinary_capitals(extraction, unknown, vocabulary),
    }
    for index in sorted(capitals):
        yield _evidence(extraction, _Strange(index, "", False, False, (), {}), "invented_word", languages)


def _is_species(extraction: Extraction, found: _Strange) -> bool:
    """Whether the word is the second of a Latin name ("Homo floresiensis", "H. floresiensis")."""
    analysis, text = extraction.analysis, extraction.text
    before = text[analysis.starts[found.index - 1] : analysis.starts[found.index]] if found.index else ""
    if before[:1] in (".", "") and found.index > 1:
        before = text[analysis.starts[found.index - 2] : analysis.starts[found.index]]
    return bool(_GENUS.fullmatch(before) and _LATIN_ENDING.search(found.word))


def _evidence(
    extraction: Extraction, found: _Strange, kind: EvidenceKind, languages: Mapping[str, int]
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


def _weight(found: _Strange, kind: EvidenceKind) -> float:
    if found.meanings:
        return MEANING_WEIGHT if found.has_company else LONE_MEANING_WEIGHT
    if kind == "untranslated":
        return FOREIGN_LETTERS_WEIGHT
    if found.has_company:
        return COMPANY_WEIGHT
    return NEAR_WEIGHT if found.is_slip else LONE_WEIGHT


def _strange_words(
    extraction: Extraction,
    unknown: Sequence[int],
    resources: Resources,
) -> Iterator[_Strange]:
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
        if _is_glued(text, start, end, vocabulary) or _is_cut_off(text, start, end):
            continue
        meanings = pivots.translations(word) if pivots else {}
        if not meanings and len(word) >= MIN_MEDICINE_LETTERS and _MEDICINE.search(word):
            continue
        if _has_english_letters(word, vocabulary) and not _is_foreign_spelling(word, meanings):
            continue
        yield index, word, meanings


def _has_english_letters(word: str, vocabulary: Vocabulary) -> bool:
    """Whether the word is known without its accents, or with ligatures parted or simplified ("mediæval")."""
    if plain(word) in vocabulary:
        return True
    return len(word) >= MIN_LONG and not _PARTED.isdisjoint(word) and simple(word) in vocabulary


def _company(analysis: Analysis, places: list[int]) -> list[bool]:
    """For each of the places, in order, whether another one is close by in the same sentence."""
    is_close = [
        after - before <= COMPANY and analysis.sentence[before] == analysis.sentence[after]
        for before, after in itertools.pairwise(places)
    ]
    pairs = zip([False, *is_close], [*is_close, False], strict=True)
    return [before or after for before, after in pairs][: len(places)]  # without any place, there is one pair


def _is_glued(text: str, start: int, end: int, vocabulary: Vocabulary) -> bool:
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
    low, high = start, end
    while low and (text[low - 1].isalpha() or text[low - 1] == "-"):
        low -= 1
    while high < len(text) and (text[high].isalpha() or text[high] == "-"):
        high += 1
    parts = text[low:high].split("-")
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
) -> _Strange:
    """An unknown word with what it may be a slip of: two words run together, or a known word one edit away."""
    vocabulary = resources.vocabulary
    if vocabulary.is_compound(word) or _is_run_together(word, resources):
        return _Strange(index, word, True, True, (), meanings, has_company)
    near = [other for other in vocabulary.near(word) if other in vocabulary.extra or not vocabulary.extra]
    tried = [other for other in near[:MAX_NEAR] if vocabulary.frequency(other) > MIN_TARGET]
    lifts = sorted((-context_lift(analysis, resources, index, other), other) for other in tried)
    is_short = len(word) < (MIN_LETTERS if meanings else MIN_LONG)
    is_ordinary = is_short or (not (has_company or meanings) and word.isascii())
    limit = MIN_LIFT if is_ordinary else MIN_SLIP_LIFT
    is_meant = bool(lifts) and -lifts[0][0] > limit
    fitting = tuple(other for lift, other in lifts if -lift > MIN_LIFT)
    return _Strange(index, word, bool(near), is_meant, fitting, meanings, has_company)


def _is_run_together(word: str, resources: Resources) -> bool:
    """Whether two words that often follow each other make it ("yearof")."""
    for left, right in resources.vocabulary.halves(word):
        probabilities, orders = resources.forward.scores((left, right))
        lift = probabilities[1] - resources.lexicon.log_frequency(right)
        if orders[1] > 1 and (lift > MIN_GLUED_LIFT or probabilities[1] > MIN_GLUED):
            return True
    return False


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


def _kind(word: str, vocabulary: Vocabulary, has_company: bool = False) -> EvidenceKind | None:
    if re.search(r"(.)\1\1|^(.{1,3})\2{2}", word):  # drawn out, as in chat
        return None
    if not word.isascii():
        is_formed = not _PARTED.isdisjoint(word) and vocabulary.is_formed(plain(word))
        return None if is_formed else "untranslated"
    if not re.search("[aeiouy]", word) or vocabulary.is_formed(word):
        return None
    is_word = has_company or vocabulary.letters.mean_log10(word) > MIN_LETTER_SCORE
    return "invented_word" if is_word else None


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


def _foreign_nouns(
    extraction: Extraction, unknown: Sequence[int], vocabulary: Vocabulary, pivots: Pivots
) -> Iterator[_Strange]:
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
        if not text[start:end].istitle() or word in vocabulary or _is_marked(analysis, text, index):
            continue
        meanings = pivots.translations(word)
        if meanings:
            yield _Strange(index, word, False, False, (), meanings)


def _ordinary_capitals(
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
        if _is_glued(text, start, end, vocabulary) or _is_marked(analysis, text, index):
            continue
        if _kind(word, vocabulary) == "invented_word":
            yield index


def _misplaced_capitals(
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
