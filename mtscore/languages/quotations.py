"""Where a line quotes: between quotation marks of any sort, or in brackets.

A quotation ends at the first mark that can end it. Each sort of mark is looked for once along the line, however many
open and never close: the time is linear.
"""

from __future__ import annotations

import re
from typing import NamedTuple

MAX_LETTERS = 1500
"""Characters of the longest quotation: beyond, a mark was forgotten."""


class _Sort(NamedTuple):
    """A sort of quotation marks: where it stops, which of those marks end it, and how long it is at least."""

    stop: re.Pattern[str]
    closing: str
    shortest: int = 2


_SORTS = {
    "“": _Sort(re.compile("[”“]"), "”“"),
    "„": _Sort(re.compile('[”“"]'), '”“"'),
    "«": _Sort(re.compile("»"), "»"),
    '"': _Sort(re.compile('"'), '"'),
    "‘": _Sort(re.compile("’"), "’", 12),
    "(": _Sort(re.compile("[()]"), ")"),
}
_OPENING = re.compile('[“„«"‘(]')


def quotations(line: str) -> list[tuple[int, int]]:
    """The quotations of a line, in order and without overlaps, with their marks."""
    found: list[tuple[int, int]] = []
    stops = dict.fromkeys(_SORTS, -1)
    opening = _OPENING.search(line)
    while opening:
        start, sort = opening.start(), _SORTS[opening[0]]
        if stops[opening[0]] <= start:
            stop = sort.stop.search(line, start + 1)
            stops[opening[0]] = stop.start() if stop else len(line)
        end = stops[opening[0]]
        is_closed = end < len(line) and line[end] in sort.closing
        if is_closed and sort.shortest <= end - start - 1 <= MAX_LETTERS:
            found.append((start, end + 1))
            opening = _OPENING.search(line, end + 1)
        else:
            opening = _OPENING.search(line, start + 1)
    return found
