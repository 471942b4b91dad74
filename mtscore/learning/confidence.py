"""95 % intervals: Wilson's for shares, Newcombe's for the difference of two shares of the same texts.

The bootstrap has nothing to draw from where all texts agree: of 39 clean texts without a false positive every draw
has none, and "0.000 to 0.000" claims what 39 texts cannot show. Wilson's interval says 0.000 to 0.090 (Wilson 1927,
"Probable inference, the law of succession, and statistical inference"; Newcombe 1998, "Improved confidence intervals
for the difference between binomial proportions based on paired data", method 10 without the continuity correction).

Weights and near-copies make fewer texts of many: n texts count as (sum w)^2 / sum w^2, with one weight for each set
of near-copies (Kish 1965, "Survey sampling").
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Interval = tuple[float, float]

Z = 1.959963984540054
"""Standard deviations that 95 % of a normal distribution lie within."""


def effective_size(weight: Floats, unit: npt.NDArray[np.int64]) -> float:
    """How many independent texts of equal weight say as much as these; 0 when nothing weighs anything."""
    _, member = np.unique(unit, return_inverse=True)
    by_unit = np.bincount(member, weight)
    squares = float((by_unit**2).sum())
    return float(by_unit.sum()) ** 2 / squares if squares > 0 else 0.0


def wilson(share: float, size: float) -> Interval:
    """The interval of a share seen in so many texts."""
    if size <= 0:
        return 0.0, 1.0
    spread = Z * Z / size
    middle = (share + spread / 2) / (1 + spread)
    half = Z * math.sqrt(share * (1 - share) / size + spread / (4 * size)) / (1 + spread)
    return max(0.0, middle - half), min(1.0, middle + half)


def newcombe(old: float, new: float, agreement: float, size: float) -> Interval:
    """The interval of `new` - `old`, two shares of the same texts; `agreement` is the correlation of what both say
    of each text (0 where one says the same of all)."""
    (low_old, high_old), (low_new, high_new) = wilson(old, size), wilson(new, size)
    change = new - old
    down, up = new - low_new, high_old - old
    low = change - math.sqrt(max(0.0, down**2 - 2 * agreement * down * up + up**2))
    down, up = old - low_old, high_new - new
    high = change + math.sqrt(max(0.0, down**2 - 2 * agreement * down * up + up**2))
    return max(-1.0, low), min(1.0, high)


def correlation(one: npt.NDArray[np.bool_], other: npt.NDArray[np.bool_], weight: Floats) -> float:
    """The weighted correlation of two claims about the same texts; 0 where one of them is the same of all."""
    total = weight.sum()
    if total <= 0:
        return 0.0
    first, second = (float(np.average(claim, weights=weight)) for claim in (one, other))
    variance = first * (1 - first) * second * (1 - second)
    both = float(np.average(one & other, weights=weight))
    return (both - first * second) / math.sqrt(variance) if variance > 0 else 0.0
