"""Debris of translation pipelines in the raw text: turned quotes, detached hyphens, glued words, entities.

Each sign also has harmless causes, and those come in numbers: a tokenised file detaches every hyphen, a
converter turns every quote. What is a property of the file is no finding.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

import numpy as np

from mtscore.findings.debris.signs import ENTITY_WEIGHT, SIGNS
from mtscore.records import Evidence, Sentence, Span
from mtscore.signals.extraction import Extraction
from mtscore.text.article import Article
from mtscore.text.cleaning import undecoded
from mtscore.words.lexicon import Lexicon

PARTED_WEIGHT, MIN_COMPOUND_LIFT = 2.3, 2.0
"""Nats of a compound parted by spaces (0.35 to 0.03 per 1,000 words), and log10 units that its first part must add to
the probability of the second: dashes stand between words that have less to do with each other."""

MAX_SPACED_MARKS, MAX_PARTED = 2, 5
"""Commas and full stops with a space before them, and parted compounds, of which a file that was not tokenised has no
more."""

_PARTED = re.compile("[a-z]{2,} - [a-z]{3,}")
_PARTED_NUMBER = re.compile(
    r"(?<![\w,.-])(?<!- )\d{1,4} - (?:year|month|week|day|hour|minute|mile|foot|feet|inch|met(?:er|re)|square|man"
    r"|member|page|degree|pound|storey|story|point)\b"
)
_SPACED_STOP = re.compile(r"(?<!\w)[A-Za-z]{3,30} \.(?= [A-Z][a-z]|\n)")
SPACED_WEIGHT = 1.2
"""Nats, judged: people's slips of this kind are few, and tokenised files have many."""
_SPACED_MARK = re.compile(r"\w [,.](?:\s|$)")

MAX_PER_1000 = 8.0
"""More often than this per 1,000 words (and more than `MAX_COUNT` times) a sign is a property of the file."""
MAX_COUNT = 8

MAX_WORD = 100
"""Letters of a word that are shown at most."""


def find_debris(extraction: Extraction, lexicon: Lexicon) -> Iterator[Evidence]:
    """Debris inside the body, sign by sign in document order."""
    text = extraction.text
    for sign in SIGNS:
        found = [
            Span(
                _word_start(text, span.start, match.start()) if match[0] == ":”" else match.start(),
                match.end(),
            )
            for span in extraction.body.spans
            if sign.hint.search(text, span.start, span.end)
            for match in sign.pattern.finditer(text, span.start, span.end)
            if _is_debris(sign.name, match, lexicon)
        ]
        if not 0 < len(found) <= sign.most or _is_property(sign.name, extraction, len(found)):
            continue
        for start, end in found:
            yield Evidence(
                start, end, text[start:end], "translation_debris", sign.weight,
                sentence_around(extraction.sentences, start, end),
            )  # fmt: skip
    yield from _parted_compounds(extraction)
    yield from _spaced_stops(extraction)


def _word_start(text: str, start: int, end: int) -> int:
    """Where the word begins that ends at `end`: it is shown with the mark behind it."""
    found = end
    while found > max(start, end - MAX_WORD) and (text[found - 1].isalnum() or text[found - 1] == "_"):
        found -= 1
    return found


def find_undecoded(article: Article) -> Iterator[Evidence]:
    """Entities that stand undecoded in the body of the text as given, unless the file is full of them."""
    if article.view.is_same:
        return
    body = article.given_body
    found = [Span(*place) for place in undecoded(article.view.given) if _is_within(place, body)]
    if not _is_few(len(found), article.words):
        return
    sentences = [article.view.span(*sentence.span) for sentence in article.sentences]
    for span in found:
        place = bisect_right(sentences, span.start, key=lambda sentence: sentence.start) - 1
        inside = place >= 0 and span.start < sentences[place].end
        yield Evidence(
            *span, article.view.given[slice(*span)], "translation_debris", ENTITY_WEIGHT,
            sentences[place] if inside else span,
        )  # fmt: skip


def _is_within(place: tuple[int, int], spans: Sequence[Span]) -> bool:
    number = bisect_right(spans, place[0], key=lambda span: span.start) - 1
    return number >= 0 and place[1] <= spans[number].end


def _is_few(count: int, words: int) -> bool:
    return count <= MAX_COUNT or 1000 * count <= MAX_PER_1000 * words


def _parted_compounds(extraction: Extraction) -> Iterator[Evidence]:
    """Well-known compounds with spaces around their hyphen ("long - term", "25 - mile"), unless the file is
    tokenised."""
    analysis, text = extraction.analysis, extraction.text
    if " - " not in text:
        return
    words, same = analysis.words, analysis.sentence
    has_seen = (analysis.forward_order[2:] >= 3) & (analysis.backward_order[:-2] >= 3)
    lift = (analysis.forward - analysis.alone)[2:], (analysis.backward - analysis.alone)[:-2]
    fits = has_seen & (same[2:] == same[:-2]) & (lift[0] > MIN_COMPOUND_LIFT) & (lift[1] > 0.0)
    found = []
    for index in np.flatnonzero(fits).tolist():
        start, end = int(analysis.starts[index]), int(analysis.ends[index + 2])
        if words[index + 1] == "-" and _PARTED.fullmatch(text, start, end):
            found.append(Span(start, end))
    found += [Span(*match.span()) for match in _PARTED_NUMBER.finditer(text)]
    if not 0 < len(found) <= MAX_PARTED or len(_SPACED_MARK.findall(text)) > MAX_SPACED_MARKS:
        return
    for start, end in found:
        sentence = sentence_around(extraction.sentences, start, end)
        yield Evidence(start, end, text[start:end], "translation_debris", PARTED_WEIGHT, sentence)


def _spaced_stops(extraction: Extraction) -> Iterator[Evidence]:
    """Full stops with a space before them, in a text that has hardly any."""
    text = extraction.text
    if " ." not in text or len(_SPACED_MARK.findall(text)) > MAX_SPACED_MARKS:
        return
    for match in _SPACED_STOP.finditer(text):
        sentence = sentence_around(extraction.sentences, *match.span())
        yield Evidence(*match.span(), match[0], "translation_debris", SPACED_WEIGHT, sentence)


def _is_debris(name: str, match: re.Match[str], lexicon: Lexicon) -> bool:
    if name == "detached_hyphen":
        left, right = match[0].split(" -")
        is_known = right in lexicon or len(right) == 2  # "3 -rd"
        return is_known and (left.isdigit() or left in lexicon)
    return True


def _is_property(name: str, extraction: Extraction, count: int) -> bool:
    if not _is_few(count, int(extraction.analysis.is_word.sum())):
        return True
    if name == "turned_quote":  # German quotation marks, or marks set off by spaces throughout
        text = extraction.text
        return "„" in text or len(re.findall("“ ", text)) > max(3, 3 * count)
    return False


def sentence_around(sentences: tuple[Sentence, ...], start: int, end: int) -> Span:
    """The span of the sentence that holds the start, or the span itself between sentences."""
    place = bisect_right(sentences, start, key=lambda sentence: sentence.starts[0]) - 1
    if place >= 0 and start < sentences[place].ends[-1]:
        return sentences[place].span
    return Span(start, end)
