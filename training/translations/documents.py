"""A document cut to whole sentences, and put together again from their translations, in line with the original."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import sentencex

from mtscore.records import Span
from mtscore.text.segmentation import split_sentences

WINDOW = (160, 300)
"""Words of a piece: what a reader takes in at once. More documents teach more than longer ones."""

MIN_WORDS = 60
LONGEST = 60
"""Words of a sentence; longer ones (speech written down without stops) are cut, because a neural engine takes minutes
for a thousand words and then loses most of them."""

_WORD = re.compile(r"\S+")

SENTENCE_LANGUAGES = {"hbs": "hr"}
"""Languages that the sentence splitter knows by another code."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Whole sentences of a document: the text, and the sentences' spans in it."""

    text: str
    sentences: tuple[Span, ...]


def sentence_spans(text: str, language: str) -> list[Span]:
    """Sentences without the blanks around them; a line break always ends one."""
    if language == "en":
        found = list(split_sentences(text))
    else:
        code = SENTENCE_LANGUAGES.get(language, language)
        found = [
            Span(line.start + inner["start_index"], line.start + inner["end_index"])
            for line in _lines(text)
            for inner in sentencex.get_sentence_boundaries(code, text[line.start : line.end])
        ]
    short = (part for span in found for part in _short(text, span))
    return [stripped for span in short if (stripped := _strip(text, span)).start < stripped.end]


def _short(text: str, span: Span) -> Iterator[Span]:
    """The sentence, or parts of it of at most `LONGEST` words that end at the last comma of their second half."""
    words = [
        Span(span.start + m.start(), span.start + m.end())
        for m in _WORD.finditer(text[span.start : span.end])
    ]
    low, start = 0, span.start
    while len(words) - low > LONGEST:
        ends = range(low + LONGEST - 1, low + LONGEST // 2, -1)
        last = next((n for n in ends if text[words[n].end - 1] in ",;:"), low + LONGEST - 1)
        yield Span(start, words[last].end)
        low, start = last + 1, words[last].end
    yield Span(start, span.end)


def _lines(text: str) -> list[Span]:
    spans, start = [], 0
    for line in text.splitlines(keepends=True):
        if line.strip():
            spans.append(Span(start, start + len(line.rstrip())))
        start += len(line)
    return spans


def _strip(text: str, span: Span) -> Span:
    part = text[span.start : span.end]
    start = span.start + len(part) - len(part.lstrip())
    return Span(start, start + len(part.strip()))


def cut(text: str, language: str, generator: random.Random, window: tuple[int, int] = WINDOW) -> Piece:
    """Whole sentences of about as many words as the generator draws from `window`, from a random place."""
    spans = sentence_spans(text, language)
    lengths = [len(text[span.start : span.end].split()) for span in spans]
    wanted = generator.randint(*window)
    spare = sum(lengths) - wanted
    first = _first_at(lengths, generator.randint(0, spare)) if spare > 0 else 0
    last, words = first, 0
    while last < len(spans) and (words < wanted or last == first):
        words += lengths[last]
        last += 1
    if not spans:
        return Piece("", ())
    start = spans[first].start
    chosen = tuple(Span(span.start - start, span.end - start) for span in spans[first:last])
    return Piece(text[start : spans[last - 1].end], chosen)


def _first_at(lengths: Sequence[int], words: int) -> int:
    """The sentence in which the word with this number stands."""
    for number, length in enumerate(lengths):
        words -= length
        if words < 0:
            return number
    return max(len(lengths) - 1, 0)


def joined(piece: Piece, translated: Sequence[str]) -> tuple[str, list[tuple[int, int, int, int]]]:
    """The translated sentences with the line breaks of the original between them.

    Returned beside the text: for each sentence its start and end in the piece and in the text.
    """
    out = ""
    places = []
    for span, sentence, following in zip(
        piece.sentences, translated, (*piece.sentences[1:], None), strict=True
    ):
        start = len(out)
        out += sentence
        places.append((span.start, span.end, start, len(out)))
        if following is not None:
            gap = piece.text[span.end : following.start]
            breaks = "\n" * gap.count("\n")
            out += breaks or (" " if sentence else "")
    return out, places
