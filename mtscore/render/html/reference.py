"""What a verdict is read against: the model's thresholds, what they stand for, and where signals usually lie.

The ranges come from the model's base features, so that a retrained model brings its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from mtscore.arrays.quantile import weighted_quantiles
from mtscore.errors import ModelError
from mtscore.model import base_features as base
from mtscore.signals.columns import STRENGTH

if TYPE_CHECKING:
    from mtscore.model.folder import ModelFolder
    from mtscore.scoring.scorer import Scorer

NOT_HUMAN = frozenset(("fluent_mt", "llm", "llm_base"))
"""Registers of the base features that hold clean texts which no person wrote."""

POINTS = (0.1, 0.5, 0.9)

MIN_SEPARATION = 0.15
"""A signal whose human and garbled medians are closer, in widths of their ranges, tells nothing by itself."""

MAX_LEANING = 2.5


@dataclass(frozen=True, slots=True)
class Typical:
    """Where one signal lies in human and in garbled texts: the 10 %, 50 % and 90 % points, every register
    counting the same."""

    human: tuple[float, float, float]
    garbled: tuple[float, float, float]

    def separation(self) -> float:
        """How far apart the medians are, in widths of the ranges (0: the signal tells nothing by itself)."""
        width = self.human[2] - self.human[0] + self.garbled[2] - self.garbled[0]
        return 2.0 * abs(self.garbled[1] - self.human[1]) / width if width > 0 else 0.0

    def telling(self, value: float) -> float:
        """How far `value` leans to garbled in a signal that tells them apart (negative: to human), else 0."""
        separation = self.separation()
        if separation < MIN_SEPARATION:
            return 0.0
        return separation * min(max(self.leaning(value), -MAX_LEANING), MAX_LEANING)

    def leaning(self, value: float) -> float:
        """Where `value` lies between the medians: 0 at the human one, 1 at the garbled one, beyond also less
        and more; 0 where the medians agree."""
        between = self.garbled[1] - self.human[1]
        return (value - self.human[1]) / between if between else 0.0


@dataclass(frozen=True, slots=True)
class Reference:
    """What the model does not state is missing.

    `thresholds` are the scores where labels begin, at the scorer's prior; `false_positive_rates` the share of
    held-out human texts that gets the label or a worse one, every register counting the same; `typical` the usual
    ranges of signals.
    """

    prior: float
    thresholds: Mapping[str, float]
    false_positive_rates: Mapping[str, float] = field(default_factory=dict)
    typical: Mapping[str, Typical] = field(default_factory=dict)


def reference_of(scorer: Scorer) -> Reference:
    """The reference of the scorer's model. Raises `ModelError` when its base features are damaged."""
    return Reference(scorer.prior, scorer.thresholds, _rates(scorer.model), _typical(scorer.model))


def _rates(model: ModelFolder) -> dict[str, float]:
    """The false-positive rates that the manifest states. Raises `ModelError` for what is none."""
    rates = model.manifest.get("threshold_fpr", {})
    if not isinstance(rates, dict) or not all(
        isinstance(rate, float | int) and 0.0 <= rate <= 1.0 for rate in rates.values()
    ):
        raise ModelError(
            f"the manifest in {model.path} states no usable threshold_fpr; install the model again"
        )
    return {str(label): float(rate) for label, rate in rates.items()}


def _typical(model: ModelFolder) -> dict[str, Typical]:
    """The usual ranges by the model's base features; empty where it has none."""
    if base.FILE not in model.manifest.get("files", {}):
        return {}
    return typical_ranges(base.parse(model.read(base.FILE), f"{model.path / base.FILE}"))


def typical_ranges(features: base.BaseFeatures) -> dict[str, Typical]:
    """The usual ranges of each signal; empty where one of the classes is missing."""
    registers = np.array(features.register)
    is_garbled = features.label == 1
    is_human = ~is_garbled & ~np.isin(registers, sorted(NOT_HUMAN))
    if not is_garbled.any() or not is_human.any():
        return {}
    weights = [_equal_shares(registers[mask]) for mask in (is_human, is_garbled)]
    columns = {
        **dict(zip(features.names, features.matrix.T, strict=True)),
        STRENGTH: features.strength,
    }
    return {
        name: Typical(_points(column[is_human], weights[0]), _points(column[is_garbled], weights[1]))
        for name, column in columns.items()
    }


def _equal_shares(registers: npt.NDArray[np.str_]) -> npt.NDArray[np.float64]:
    """A weight for each row, so that every register weighs 1."""
    _, index, counts = np.unique(registers, return_inverse=True, return_counts=True)
    weights: npt.NDArray[np.float64] = 1.0 / counts[index]
    return weights


def _points(values: npt.NDArray[np.floating], weights: npt.NDArray[np.float64]) -> tuple[float, float, float]:
    """The weighted quantiles at `POINTS`."""
    low, middle, high = weighted_quantiles(values, weights, POINTS)
    return low, middle, high
