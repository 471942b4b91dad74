"""An article as the reader sees it: its sentences one after another, without what stands between its parts."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from mtscore.records import Span
from mtscore.text.article import Article


@dataclass(frozen=True, slots=True)
class Passage:
    """`text` is what is read, `sentences` are the spans of the article's sentences in it; `starts` and `shifts` say
    from where on a place in it is so far behind the same place in the article."""

    text: str
    sentences: tuple[Span, ...]
    starts: Sequence[int]
    shifts: Sequence[int]

    def in_article(self, place: int) -> int:
        """The place in the article's text."""
        return place + self.shifts[bisect_right(self.starts, place) - 1]


def passage_of(article: Article) -> Passage:
    """The sentences of an article. What stands between two sentences of one part of the body is kept; a line break
    stands between those of different parts."""
    text, spans = article.text, [sentence.span for sentence in article.sentences]
    if not spans:
        return Passage("", (), (0,), (0,))
    bounds = [span.start for span in article.body.spans]
    parts = [bisect_right(bounds, span.start) for span in spans]
    pieces, places, starts, shifts = (
        [text[slice(*spans[0])]],
        [Span(0, spans[0].end - spans[0].start)],
        [0],
        [spans[0].start],
    )
    for (before, span), (part, other) in zip(pairwise(spans), pairwise(parts), strict=True):
        gap = text[before.end : span.start] if part == other else "\n"
        start = places[-1].end + len(gap)
        pieces += (gap, text[slice(*span)])
        places.append(Span(start, start + span.end - span.start))
        if span.start - start != shifts[-1]:
            starts.append(start)
            shifts.append(span.start - start)
    return Passage("".join(pieces), tuple(places), starts, shifts)
