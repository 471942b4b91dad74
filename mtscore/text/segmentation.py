"""Body spans to sentences and tokens that keep their place in the original text.

One tokenisation serves the language models' training and all scoring: `tokenize` decides what a token
is, `normalize` what the models see of it. Both are deliberately blind to what only distinguishes sources:
detached punctuation ("two -hour", "said ,"), curly or straight quotes, stripped apostrophes and the value
of numbers all give the same tokens. Such debris is counted by the surface signals, which read the raw
text instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import accumulate, compress

import sentencex

from mtscore.records import Sentence, Span

MAX_SENTENCE_TOKENS = 120
"""Longer runs without a sentence end (tables, stripped punctuation) are cut here, so that one line of
5 MB costs no more than the same words in sentences."""

MAX_PARAGRAPH_CHARS = 20_000
"""Paragraphs beyond this go to the sentence segmenter in pieces."""

MAX_QUOTING_CHARS, MAX_MARKS = 2_000, 500
"""Pieces with more opening quotation marks than this are cut into smaller ones: its time grows with the square of
their number."""

# A letter run with its combining marks, a number with inner separators, or one other visible character.
_TOKEN = re.compile(r"([^\W\d_]+(?:[\u0300-\u036f]+[^\W\d_]*)*|\d+(?:[.,:]\d+)*|[^\w\s]|_)")
_ASCII_TOKEN = re.compile(
    r"([A-Za-z]+|[0-9]+(?:[.,:][0-9]+)*|[^\w\s]|_)"
)  # the same in ASCII text, and faster
_PARAGRAPH = re.compile(r"[^\r\n\u2028\u2029\x0b\x0c\x85]+")
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")

_PUNCTUATION = {
    **dict.fromkeys('"“”„‟«»″〝〞＂', '"'),
    **dict.fromkeys("-‐‑‒–—―−", "-"),
    **{c: c for c in ".,;:?!()%$€£&/"},
    "…": ".",
    "[": "(",
    "]": ")",
    "{": "(",
    "}": ")",
}


@lru_cache(maxsize=1 << 15)
def normalize(raw: str) -> str:
    """What the language models see of one raw token: lower case, numbers folded, quotes and dashes unified.

    The empty string means that the models do not see the token at all (apostrophes, rare symbols).
    """
    first = raw[0]
    if first.isalpha():
        return raw.lower()
    if first.isdigit():
        return "<year>" if _YEAR.fullmatch(raw) else "<num>"
    return _PUNCTUATION.get(first, "")


def tokenize(text: str, start: int = 0, end: int | None = None) -> tuple[list[str], list[int], list[int]]:
    """Normalised tokens of `text[start:end]` with their start and end offsets in `text` (code points)."""
    part = text[start:end]
    pieces = (_ASCII_TOKEN if part.isascii() else _TOKEN).split(part)  # tokens, and what stands between them
    words = list(map(normalize, pieces[1::2]))
    bounds = list(accumulate(map(len, pieces), initial=start))
    starts, ends = bounds[1:-1:2], bounds[2::2]
    if "" in words:
        return list(filter(None, words)), list(compress(starts, words)), list(compress(ends, words))
    return words, starts, ends


def split_sentences(text: str, start: int = 0, end: int | None = None) -> Iterator[Span]:
    """Sentence spans of `text[start:end]`, paragraph by paragraph; a line break always ends a sentence."""
    for paragraph in _PARAGRAPH.finditer(text, start, len(text) if end is None else end):
        for low, high in _pieces(text, paragraph.start(), paragraph.end()):
            piece = text[low:high]
            if len(piece) < 30:
                yield Span(low, low + len(piece))
                continue
            for found in sentencex.get_sentence_boundaries("en", piece):
                yield Span(low + found["start_index"], low + found["end_index"])


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """What goes to the sentence segmenter at a time of a paragraph."""
    for low in range(start, end, MAX_PARAGRAPH_CHARS):
        high = min(low + MAX_PARAGRAPH_CHARS, end)
        is_dense = high - low > MAX_MARKS and sum(text.count(m, low, high) for m in "“„«‘") > MAX_MARKS
        size = MAX_QUOTING_CHARS if is_dense else MAX_PARAGRAPH_CHARS
        for first in range(low, high, size):
            yield first, min(first + size, high)


def segment(text: str, spans: Iterable[Span]) -> tuple[Sentence, ...]:
    """The sentences inside `spans`, in order, each with at least one token and at most
    `MAX_SENTENCE_TOKENS`."""
    out: list[Sentence] = []
    for span in spans:
        for found in split_sentences(text, span.start, span.end):
            words, starts, ends = tokenize(text, found.start, found.end)
            for low in range(0, len(words), MAX_SENTENCE_TOKENS):
                high = low + MAX_SENTENCE_TOKENS
                out.append(Sentence(tuple(words[low:high]), tuple(starts[low:high]), tuple(ends[low:high])))
    return tuple(out)
