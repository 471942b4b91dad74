"""Mixing: what the translator left in the other language.

A whole sentence left as it was, or a stray "und" between English words, is something that hardly any human
writer leaves behind unmarked. Quotations introduced as such and bracketed glosses are shown among the
languages and not counted here; neither is page furniture, which `find_body` left out of the body.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mtscore.arrays.intervals import Intervals
from mtscore.languages import closed_class
from mtscore.languages.identification import FOREIGN_ONLY, NON_LATIN, count_words, has_other_script
from mtscore.records import Body, Evidence, ForeignSpan, Sentence, Span

MIXING_NAMES: tuple[str, ...] = (
    "foreign_share",
    "foreign_passages_per_1000_words",
    "untranslated_per_1000_words",
    "non_latin_per_1000_letters",
    "switches_per_100_sentences",
)
"""All are 0.0 for empty text and for plain English, and worse the higher; none is negative.

`foreign_share`: words inside unquoted foreign passages of the body / words of the body (0..1).
`foreign_passages_per_1000_words`: unquoted foreign passages of the body / words of the body * 1000.
`untranslated_per_1000_words`: foreign function words standing unmarked between lower-case words of English
sentences (see `untranslated_words`) / words of the body * 1000.
`non_latin_per_1000_letters`: letters outside the Latin script, in runs of two or more, neither in brackets
nor in quoted passages / letters of the body * 1000 (0..1000).
`switches_per_100_sentences`: neighbouring sentences of one paragraph of which exactly one lies in an unquoted
foreign passage / sentences * 100 (0..100).
"""

PASSAGE_WEIGHT, WORD_WEIGHT = 4.0, 2.0
"""Nats: prior guesses, not fitted. A foreign sentence unmarked inside an English article is some fifty
times as common in machine translation as in human text, a stray function word seven times."""

_UNTRANSLATED = frozenset(word for word in FOREIGN_ONLY if len(word) > 2) - frozenset(
    closed_class.NAME_PARTICLES.split()
)
_OTHER_SCRIPT = re.compile(rf"(?:{NON_LATIN.pattern}){{2,}}")
_BRACKETED = re.compile(r"\([^()]{0,300}\)|\[[^\[\]]{0,300}\]")
_MARKS = frozenset("\"“”„«»‘’'*_`()[]<>#@/\\{}=|")


def mixing_signals(text: str, body: Body, sentences: tuple[Sentence, ...]) -> dict[str, float]:
    """The signals of `MIXING_NAMES`, in that order."""
    passages = [span for span in body.foreign if not span.is_quoted]
    untranslated = sum(1 for _ in untranslated_words(text, body, sentences))
    non_latin = _non_latin_share(text, body)
    if not (passages or untranslated or non_latin):
        return dict.fromkeys(MIXING_NAMES, 0.0)
    words = sum(count_words(text[span.start : span.end]) for span in body.spans)
    if not words:
        return dict.fromkeys(MIXING_NAMES, 0.0)
    foreign_words = sum(count_words(text[span.start : span.end]) for span in passages)
    values = (
        min(1.0, foreign_words / words),
        1000.0 * len(passages) / words,
        1000.0 * untranslated / words,
        non_latin,
        100.0 * _switches(text, passages, sentences) / len(sentences) if sentences else 0.0,
    )
    return dict(zip(MIXING_NAMES, values, strict=True))


def foreign_evidence(text: str, body: Body, sentences: tuple[Sentence, ...]) -> list[Evidence]:
    """Unquoted foreign passages and untranslated words, in document order."""
    found: list[Evidence] = []
    for passage in body.foreign:
        if not passage.is_quoted:
            span = Span(passage.start, passage.end)
            slice_ = text[passage.start : passage.end]
            found.append(Evidence(*span, slice_, "foreign_passage", PASSAGE_WEIGHT, span))
    for start, end, sentence in untranslated_words(text, body, sentences):
        found.append(Evidence(start, end, text[start:end], "untranslated", WORD_WEIGHT, sentence.span))
    return sorted(found, key=lambda evidence: (evidence.start, evidence.end))


def untranslated_words(
    text: str, body: Body, sentences: tuple[Sentence, ...]
) -> Iterator[tuple[int, int, Sentence]]:
    """Foreign function words of three letters or more inside English sentences: (start, end, sentence).

    In lower case, between two lower-case words, and without a quotation mark, bracket or hyphen beside them:
    "Sturm und Drang", "the word "nicht"" and "raison-d'être" are English.
    """
    foreign = Intervals((span.start, span.end) for span in body.foreign)
    for sentence in sentences:
        if _UNTRANSLATED.isdisjoint(sentence.words):
            continue
        for i, word in enumerate(sentence.words):
            if word in _UNTRANSLATED and _stands_unmarked(text, sentence, i):
                start, end = sentence.starts[i], sentence.ends[i]
                if not foreign.meets(start, end):
                    yield start, end, sentence


def _stands_unmarked(text: str, sentence: Sentence, i: int) -> bool:
    if i == 0 or i + 1 >= len(sentence.words):
        return False
    low, high = sentence.starts[i - 1], sentence.ends[i + 1]
    before, own, after = (text[sentence.starts[k] : sentence.ends[k]] for k in (i - 1, i, i + 1))
    if not (own.islower() and before.islower() and after.islower()):
        return False
    between = (
        text[sentence.ends[i - 1] : sentence.starts[i]] + text[sentence.ends[i] : sentence.starts[i + 1]]
    )
    return between.isspace() and len(between) == 2 and _MARKS.isdisjoint(text[max(0, low - 1) : high + 1])


def _non_latin_share(text: str, body: Body) -> float:
    pieces = [(span.start, text[span.start : span.end]) for span in body.spans]
    quoted = Intervals((span.start, span.end) for span in body.foreign if span.is_quoted)
    others = sum(_non_latin_letters(piece, start, quoted) for start, piece in pieces)
    return 1000.0 * others / sum(sum(map(str.isalpha, piece)) for _, piece in pieces) if others else 0.0


def _non_latin_letters(piece: str, offset: int, quoted: Intervals) -> int:
    """Letters of `piece` (which starts at `offset`) in runs outside the Latin script, unmarked ones only."""
    if not has_other_script(piece):
        return 0
    runs = [found.span() for found in _OTHER_SCRIPT.finditer(piece)]
    bracketed = Intervals(found.span() for found in _BRACKETED.finditer(piece))
    return sum(
        end - start
        for start, end in runs
        if not bracketed.meets(start, start + 1) and not quoted.meets(offset + start, offset + start + 1)
    )


def _switches(text: str, passages: list[ForeignSpan], sentences: tuple[Sentence, ...]) -> int:
    if not passages:
        return 0
    count = 0
    foreign = Intervals((passage.start, passage.end) for passage in passages)
    before: tuple[int, bool] | None = None
    for sentence in sentences:
        start, end = sentence.span
        is_foreign = any(
            2 * (min(end, high) - max(start, low)) > end - start for low, high in foreign.near(start, end)
        )
        if before and before[1] != is_foreign and not any(c in "\r\n" for c in text[before[0] : start]):
            count += 1
        before = (end, is_foreign)
    return count
