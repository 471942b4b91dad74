"""Probabilities and log-odds of single numbers.

Not `scipy.special`: its results differ in the last bit, and scores must not depend on SciPy's version.
"""

from __future__ import annotations

import math


def logit(probability: float) -> float:
    """The log-odds of a probability between 0 and 1 (exclusive)."""
    return math.log(probability / (1.0 - probability))


def sigmoid(log_odds: float) -> float:
    """The probability with these log-odds."""
    if log_odds >= 0:
        return 1.0 / (1.0 + math.exp(-log_odds))
    return math.exp(log_odds) / (1.0 + math.exp(log_odds))
