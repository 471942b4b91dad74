"""Quality by the close reading: how good raters would call the English of an article, 0 to 100.

A linear model over the signals of the close reading, trained on people's ratings of translated documents, passed
through a monotone map on which people's own text of any register is good and garbled translation is not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from mtscore.arrays.tensors import finite
from mtscore.reading.sense import SENSE_NAMES

CLIP = 4.0
"""Signals count up to so many deviations."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class CloseQuality:
    """`mean`, `scale` and `weights` are those of `SENSE_NAMES`; `knots` are (rating, quality) pairs, ascending in
    both."""

    mean: tuple[float, ...]
    scale: tuple[float, ...]
    weights: tuple[float, ...]
    knots: tuple[tuple[float, float], ...]

    def ratings(self, sense: Floats) -> Floats:
        """The ratings of rows of signals, in deviations of what raters give."""
        scaled = np.clip((sense - np.array(self.mean)) / np.array(self.scale), -CLIP, CLIP)
        found: Floats = scaled @ np.array(self.weights)
        return found

    def of(self, sense: Floats) -> float:
        """The quality, 0 to 100."""
        low, high = zip(*self.knots, strict=True)
        return float(np.interp(self.ratings(sense), low, high))

    def stated(self) -> dict[str, Any]:
        """As JSON takes it."""
        return {
            "mean": list(self.mean),
            "scale": list(self.scale),
            "weights": list(self.weights),
            "knots": [list(knot) for knot in self.knots],
        }


def quality_of(stated: Mapping[str, Any]) -> CloseQuality:
    """What `stated` gave. Raises ValueError, KeyError or TypeError for anything else."""
    mean, scale, weights = (
        tuple(finite(value, name) for value in stated[name]) for name in ("mean", "scale", "weights")
    )
    knots = tuple((finite(a, "knot"), finite(b, "knot")) for a, b in stated["knots"])
    if not len(mean) == len(scale) == len(weights) == len(SENSE_NAMES) or min(scale) <= 0 or not knots:
        raise ValueError("its quality does not fit the signals")
    if any(not (a < c and b <= d) for (a, b), (c, d) in pairwise(knots)):
        raise ValueError("its map of quality does not ascend")
    return CloseQuality(mean, scale, weights, knots)
