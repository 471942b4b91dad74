"""Percentiles of small arrays: what `numpy.percentile` gives, to the last bit, without its cost for each call."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def percentiles(values: npt.NDArray[np.floating], percents: Sequence[int]) -> list[float]:
    """The percentiles (0..100) of at least one value, none of them NaN, by linear interpolation."""
    low, high, share, is_nearer_high, rest = _places(len(values), tuple(percents))
    ordered = np.sort(values)
    below, above = ordered[low], ordered[high]
    gap = above - below
    found: list[float] = np.where(is_nearer_high, above - gap * rest, below + gap * share).tolist()
    return found


@lru_cache(maxsize=1 << 12)
def _places(
    count: int, percents: tuple[int, ...]
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp], Floats, npt.NDArray[np.bool_], Floats]:
    """Where the percentiles of so many values stand: the neighbours' places and the share of the way between."""
    place = (count - 1) * (np.array(percents) / 100)
    low = np.floor(place).astype(np.intp)
    share = place - low
    return low, np.minimum(low + 1, count - 1), share, share >= 0.5, 1 - share
