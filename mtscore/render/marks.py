"""An article cut into what is shown alike: its lines, and in each the pieces that a finding marks, that are plain
article, or furniture. The same for every rendering, so that all mark the same words."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple, TypeVar

from mtscore.records import Evidence, EvidenceKind, Span
from mtscore.render.suspicion import Shade

_LINE = re.compile(r"[^\r\n\u2028\u2029\x0b\x0c\x85]+")


class Mark(NamedTuple):
    """A stretch of the text to mark: one finding, or several that overlap."""

    start: int
    end: int
    kind: EvidenceKind
    numbers: tuple[int, ...]


_SpanT = TypeVar("_SpanT", Mark, Span, Shade)


class Piece(NamedTuple):
    """A stretch of one line that is shown in one way."""

    start: int
    end: int
    mark: Mark | None
    is_body: bool
    level: int = 0
    """How much the sentence is shaded, 0 to 3."""

    def ends_mark(self, text: str) -> bool:
        """Whether nothing of the piece's mark is still to come: it may go on in the next line."""
        return self.mark is not None and not text[self.end : self.mark.end].strip()


def in_text_order(evidence: Iterable[Evidence]) -> list[tuple[int, Evidence]]:
    """The findings in the order of the text, numbered from 1."""
    return list(enumerate(sorted(evidence, key=lambda found: (found.start, found.end)), start=1))


def make_marks(numbered: Iterable[tuple[int, Evidence]]) -> list[Mark]:
    """Marks in the order of the text, none overlapping the next. Overlapping findings share one, of the kind
    of the strongest."""
    marks: list[Mark] = []
    strongest = 0.0
    for number, found in numbered:
        if marks and found.start < marks[-1].end:
            last = marks[-1]
            kind = found.kind if found.weight > strongest else last.kind
            strongest = max(strongest, found.weight)
            marks[-1] = Mark(last.start, max(last.end, found.end), kind, (*last.numbers, number))
        else:
            strongest = found.weight
            marks.append(Mark(found.start, found.end, found.kind, (number,)))
    return marks


def lines_of(text: str) -> Iterator[Span]:
    """The lines that have something in them, without the white space around it."""
    for line in _LINE.finditer(text):
        words = line[0].strip()
        if words:
            start = line.start() + line[0].index(words)
            yield Span(start, start + len(words))


def pieces_of(
    line: Span, body: Sequence[Span], marks: Sequence[Mark], shades: Sequence[Shade] = ()
) -> Iterator[Piece]:
    """The line cut wherever a mark, a shaded sentence or the body begins or ends. Without any body, all counts as
    body."""
    cuts = {line.start, line.end}
    for spans in (body, marks, shades):
        first = max(bisect_right(spans, line.start, key=_start) - 1, 0)
        for span in spans[first : bisect_right(spans, line.end, key=_start)]:
            cuts.update(place for place in span[:2] if line.start < place < line.end)
    for start, end in pairwise(sorted(cuts)):
        shade = _covering(shades, start)
        is_body = not body or _covering(body, start) is not None
        yield Piece(start, end, _covering(marks, start), is_body, shade.level if shade else 0)


def _start(span: _SpanT) -> int:
    return span[0]


def _covering(spans: Sequence[_SpanT], place: int) -> _SpanT | None:
    """The one of the ordered, disjoint `spans` that `place` lies in."""
    index = bisect_right(spans, place, key=_start) - 1
    return spans[index] if index >= 0 and place < spans[index][1] else None
