"""A text's tokens, cut into windows of whole sentences, all about equally long."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

LONGEST = 255
"""Tokens of a window, without the start mark."""
AIM = 240
Spans = Sequence[tuple[int, int]]

_END = re.compile(r"""(?<=[.!?…])["'”’)\]]*\s+(?=["'“‘(\[]?[A-Z0-9])|\s*\n\s*""")


def sentences_of(text: str) -> list[tuple[int, int]]:
    """Spans between stops and line breaks, for callers that know no better ones."""
    cuts = [0, *(m.end() for m in _END.finditer(text)), len(text)]
    return [(a, b) for a, b in pairwise(cuts) if text[a:b].strip()]


@dataclass(frozen=True, slots=True)
class Cut:
    """Tokens `start` to `end` make a window; `sentences` are the numbers of the sentences in it with their tokens."""

    start: int
    end: int
    sentences: tuple[tuple[int, int, int], ...]


def cuts(first_tokens: Sequence[int], tokens: int) -> Iterator[Cut]:
    """The windows of a text; `first_tokens` are where its sentences begin, in ascending order."""
    bounds = sorted({*(f for f in first_tokens if 0 < f < tokens), tokens})
    low = 0
    for high in window_ends(bounds, tokens):
        inside = [(n, f) for n, f in enumerate(first_tokens) if low < f < high]
        before = [n for n, f in enumerate(first_tokens) if f <= low]
        marks = [(before[-1] if before else 0, low), *inside]
        ends = [f for _, f in marks[1:]] + [high]
        yield Cut(low, high, tuple((n, a, b) for (n, a), b in zip(marks, ends, strict=True) if a < b))
        low = high


def window_ends(bounds: Sequence[int], tokens: int) -> list[int]:
    """Where windows end: at the first end of a sentence after nine tenths of the length that makes all windows equal,
    at the last that fits when there is none, or else in mid-sentence."""
    number = max(1, -(-tokens // AIM))
    aim = tokens / number
    ends, start = [], 0
    while start < tokens:
        fits = [e for e in bounds if start < e <= start + LONGEST]
        enough = [e for e in fits if e >= start + aim * 0.9]
        end = (
            enough[0] if enough else fits[-1] if fits and fits[-1] > start + LONGEST // 2 else start + LONGEST
        )
        start = min(end, tokens)
        ends.append(start)
    return ends
