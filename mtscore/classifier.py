"""The classifier as plain arrays: evaluated with numpy alone, the same on every scikit-learn version.

Three models see the signals together with the n-gram contrasts: gradient-boosted trees over all rows, trees
over content-matched rows only (machine translation beside the human text of the same lines), and a logistic
regression. Their log-odds are averaged, because they fail differently, and calibrated by a logistic map
(Platt 1999, "Probabilistic outputs for support vector machines").

Every operation works row by row in a fixed order, so a document's score does not depend on the others in its
batch.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from mtscore.analysis import Analysis
from mtscore.errors import ModelError
from mtscore.ngrams import NgramSpace, contrast, ngram_vector
from mtscore.trees import FIELDS as _TREE_FIELDS
from mtscore.trees import Trees


@dataclass(frozen=True, slots=True)
class Logistic:
    """A logistic regression over inputs that are standardised and clipped to +-`CLIP` deviations."""

    mean: npt.NDArray[np.float64]
    scale: npt.NDArray[np.float64]
    weights: npt.NDArray[np.float64]
    intercept: float

    CLIP = 4.0

    def log_odds(self, rows: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """One number per row of the matrix rows x features."""
        scaled = np.clip((rows - self.mean) / self.scale, -self.CLIP, self.CLIP)
        sums: npt.NDArray[np.float64] = (scaled * self.weights).sum(axis=1)
        return sums + self.intercept


@dataclass(frozen=True, slots=True)
class Contrast:
    """One linear human-against-machine model over hashed n-grams of `tokens` ("words" or "classes")."""

    name: str
    tokens: str
    space: NgramSpace
    weights: npt.NDArray[np.float16]
    intercept: float


@dataclass(frozen=True, slots=True)
class Classifier:
    """Signals and contrasts to a calibrated log-odds.

    `calibration` is (slope, offset, strength slope): log-odds at equal priors = slope * mean log-odds + offset
    + strength slope * strength of the findings (`evidence.strength`, nats).
    """

    signal_names: tuple[str, ...]
    contrasts: tuple[Contrast, ...]
    trees: Trees
    matched_trees: Trees
    logistic: Logistic
    calibration: tuple[float, float, float]

    @property
    def input_names(self) -> tuple[str, ...]:
        """The columns of the rows that `margin` takes: the signals, then the contrasts."""
        return self.signal_names + tuple(c.name for c in self.contrasts)

    def contrast_values(self, analysis: Analysis) -> list[float]:
        """The document's log-odds under every contrast, in order."""
        tokens = {"words": analysis.words, "classes": analysis.classes}
        return [
            contrast(ngram_vector(tokens[c.tokens], c.space), c.weights, c.intercept) for c in self.contrasts
        ]

    def margin(self, rows: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Mean log-odds of the three models, not calibrated; `rows` has the columns of `input_names`."""
        rows = np.ascontiguousarray(rows, np.float64)
        parts = (self.trees.evaluate(rows), self.matched_trees.evaluate(rows), self.logistic.log_odds(rows))
        return (parts[0] + parts[1] + parts[2]) / 3.0

    def log_odds(
        self, rows: npt.NDArray[np.float64], strength: npt.NDArray[np.float64]
    ) -> npt.NDArray[np.float64]:
        """Calibrated log-odds of garbled against not garbled, at equal prior probabilities; `strength` is one
        number per row."""
        slope, offset, strength_slope = self.calibration
        return slope * self.margin(rows) + offset + strength_slope * strength


_LOGISTIC_FIELDS = ("mean", "scale", "weights")


def save(classifier: Classifier, path: Path) -> None:
    """Write the arrays as safetensors, what is not an array as JSON in its header. Equal classifiers give
    equal bytes."""
    from safetensors.numpy import save_file

    tensors: dict[str, npt.NDArray[Any]] = {}
    for name in ("trees", "matched_trees"):
        trees: Trees = getattr(classifier, name)
        tensors |= {f"{name}.{field}": getattr(trees, field) for field in _TREE_FIELDS}
    tensors |= {f"logistic.{field}": getattr(classifier.logistic, field) for field in _LOGISTIC_FIELDS}
    tensors |= {f"contrast.{c.name}": c.weights for c in classifier.contrasts}
    scalars = {
        "signal_names": list(classifier.signal_names),
        "contrasts": [
            {
                "name": c.name,
                "tokens": c.tokens,
                "orders": list(c.space.orders),
                "salt": c.space.salt,
                "bits": c.space.bits,
                "intercept": c.intercept,
            }
            for c in classifier.contrasts
        ],
        "baselines": [classifier.trees.baseline, classifier.matched_trees.baseline],
        "logistic_intercept": classifier.logistic.intercept,
        "calibration": list(classifier.calibration),
    }
    ordered = {name: np.ascontiguousarray(tensors[name]) for name in sorted(tensors)}
    save_file(ordered, path, {"classifier": json.dumps(scalars)})


def load(path: Path) -> Classifier:
    """Read what `save` wrote; nothing in the file is executed.

    Raises `ModelError` when the file is not of that form.
    """
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="numpy") as file:
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
            scalars = json.loads(file.metadata()["classifier"])
        classifier = _build(tensors, scalars)
        _check(classifier)
    except (SafetensorError, KeyError, TypeError, ValueError, OSError) as error:
        raise ModelError(f"{path} is not a classifier that this version of mtscore reads: {error}") from error
    return classifier


def _build(tensors: Mapping[str, npt.NDArray[Any]], scalars: Mapping[str, Any]) -> Classifier:
    def trees(name: str, baseline: float) -> Trees:
        return Trees(
            **{field: tensors[f"{name}.{field}"] for field in _TREE_FIELDS}, baseline=float(baseline)
        )

    first, second = scalars["baselines"]
    slope, offset, strength_slope = scalars["calibration"]
    return Classifier(
        signal_names=tuple(scalars["signal_names"]),
        contrasts=tuple(
            Contrast(
                c["name"],
                c["tokens"],
                NgramSpace(tuple(c["orders"]), int(c["salt"]), int(c["bits"])),
                tensors[f"contrast.{c['name']}"],
                float(c["intercept"]),
            )
            for c in scalars["contrasts"]
        ),
        trees=trees("trees", first),
        matched_trees=trees("matched_trees", second),
        logistic=Logistic(
            **{field: tensors[f"logistic.{field}"] for field in _LOGISTIC_FIELDS},
            intercept=float(scalars["logistic_intercept"]),
        ),
        calibration=(float(slope), float(offset), float(strength_slope)),
    )


def _check(classifier: Classifier) -> None:
    """Refuse tables that would read outside themselves or walk in circles."""
    inputs = len(classifier.input_names)
    classifier.trees.check(inputs)
    classifier.matched_trees.check(inputs)
    if classifier.logistic.weights.shape != (inputs,):
        raise ValueError("the logistic regression has another number of signals")
    for c in classifier.contrasts:
        if c.tokens not in ("words", "classes") or c.weights.shape != (1 << c.space.bits,):
            raise ValueError(f"contrast {c.name} does not fit its space")
