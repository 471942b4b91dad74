"""Many stretches of a text, asked which of them a place or another stretch meets, in logarithmic time."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from itertools import accumulate


class Intervals:
    """Half-open stretches (start, end) in any order; they may overlap."""

    def __init__(self, stretches: Iterable[tuple[int, int]]) -> None:
        self._stretches = sorted(stretches)
        self._starts = [start for start, _ in self._stretches]
        self._reach = list(accumulate((end for _, end in self._stretches), max))  # of all up to here

    def __bool__(self) -> bool:
        return bool(self._stretches)

    def meets(self, start: int, end: int) -> bool:
        """Whether any stretch has a place in common with start to end."""
        before = bisect_left(self._starts, end)
        return before > 0 and self._reach[before - 1] > start

    def near(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """The stretches that may meet start to end, in order: all that do, and hardly another."""
        for place in range(bisect_right(self._reach, start), bisect_left(self._starts, end)):
            yield self._stretches[place]
