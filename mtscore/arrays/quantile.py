"""Quantiles of weighted values."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def weighted_quantiles(
    values: npt.NDArray[np.floating], weights: npt.NDArray[np.float64], shares: tuple[float, ...]
) -> list[float]:
    """For each share the smallest value with at least that share of the weight at or below it."""
    order = np.argsort(values, kind="stable")
    cumulated = np.cumsum(weights[order]) / weights.sum()
    places = np.minimum(np.searchsorted(cumulated, shares), len(order) - 1)
    found: list[float] = values[order][places].tolist()
    return found
