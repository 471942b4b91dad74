"""Arrays that hold several documents one after another, and the statistics of each document's part of them.

A call of numpy costs about a microsecond whatever it computes, and the signals of one document need hundreds of
them. So documents are computed together wherever a number depends on its own place only. Sums and orders are still
taken part by part: each is, to the last bit, what the document alone would give, whichever others are beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, cast

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class RowSplits:
    """Where an array is split into parts: part i is `array[..., bounds[i] : bounds[i + 1]]`; parts may be empty."""

    bounds: npt.NDArray[np.int64]

    @classmethod
    def of_sizes(cls, sizes: Iterable[int]) -> RowSplits:
        """Parts of these sizes, one after another."""
        return cls(np.cumsum([0, *sizes], dtype=np.int64))

    def __len__(self) -> int:
        return len(self.bounds) - 1

    @cached_property
    def pairs(self) -> list[tuple[int, int]]:
        """Begin and end of every part."""
        ends: list[int] = self.bounds.tolist()
        return list(pairwise(ends))

    @cached_property
    def sizes(self) -> npt.NDArray[np.int64]:
        """The length of every part."""
        return self.bounds[1:] - self.bounds[:-1]

    @cached_property
    def owner(self) -> npt.NDArray[np.int64]:
        """For every place of the array the number of its part."""
        return np.repeat(np.arange(len(self)), self.sizes)

    def chosen(self, mask: npt.NDArray[np.bool_]) -> RowSplits:
        """The parts of `array[mask]`."""
        bounds = np.zeros(len(self) + 1, np.int64)
        np.cumsum(self.total(mask), out=bounds[1:], dtype=np.int64)
        return RowSplits(bounds)

    def places(self, mask: npt.NDArray[np.bool_]) -> list[list[int]]:
        """Where `mask` holds in each part, counted from the part's begin."""
        found: list[list[int]] = [[] for _ in range(len(self))]
        for part, place in self.located(np.flatnonzero(mask)):
            found[part].append(place)
        return found

    def located(self, places: npt.NDArray[np.integer]) -> Iterator[tuple[int, int]]:
        """For each of some places of the array the number of its part, and the place counted from that part's
        begin."""
        owner = self.owner[places]
        return zip(owner.tolist(), (places - self.bounds[owner]).tolist(), strict=True)

    def total(self, values: npt.NDArray[np.integer] | npt.NDArray[np.bool_]) -> Floats:
        """The sum of whole numbers (or the number of True) in each part."""
        return cast(Floats, np.bincount(self.owner, values, len(self)))

    def sums(self, values: Array) -> Array:
        """The sum of each part, in the type of `values`, along its last axis."""
        add = np.add.reduce
        values = np.ascontiguousarray(values)  # numpy adds up another layout in another order
        return np.array([add(values[..., low:high], -1) for low, high in self.pairs], values.dtype).T

    def means(self, values: Array) -> Array:
        """The mean of each part, in the type of `values`, along its last axis; 0 for an empty part."""
        return (self.sums(values) / np.maximum(self.sizes, 1)).astype(values.dtype)

    def percentiles(self, values: Array, percents: Sequence[int], precision: type = np.float64) -> Floats:
        """The percentiles (0..100) of each part by linear interpolation, as `numpy.percentile` gives them; 0 for
        an empty part. NaN must not occur.

        The result has the shape percents x parts, for rows of values rows x percents x parts. numpy interpolates in
        double `precision` for a list of percentiles, and in that of the values for a single one.
        """
        (filled,) = self.sizes.nonzero()
        place = (self.sizes[filled] - 1) * (np.array(percents)[:, None] / 100)
        low = place.astype(np.int64)
        share = place - low
        low += self.bounds[filled]
        high = np.minimum(low + 1, self.bounds[filled + 1] - 1)
        ordered = self.ordered(values)
        below, above = ordered[..., low], ordered[..., high]
        gap = above - below
        upward, downward = below + gap * share.astype(precision), above - gap * (1 - share).astype(precision)
        out = np.zeros((*values.shape[:-1], len(percents), len(self)))
        out[..., filled] = np.where(share < 0.5, upward, downward)
        return out

    def ordered(self, values: Array) -> Array:
        """The values in ascending order within each part, along their last axis."""
        out = values.copy(order="C")
        for low, high in self.pairs:
            out[..., low:high].sort(axis=-1)
        return out
