"""Boosted trees as plain arrays, evaluated with numpy alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

FIELDS = ("feature", "threshold", "left", "right", "value")


@dataclass(frozen=True, slots=True)
class Trees:
    """A boosted ensemble: node tables of shape (trees, nodes), node 0 the root, `left == 0` marks a leaf.

    A row goes left where `row[feature] <= threshold`. The result is `baseline` plus the leaves' values.
    """

    feature: npt.NDArray[np.int16]
    threshold: npt.NDArray[np.float64]
    left: npt.NDArray[np.int16]
    right: npt.NDArray[np.int16]
    value: npt.NDArray[np.float64]
    baseline: float

    def evaluate(self, rows: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """One number per row of the matrix rows x features, independent of the other rows."""
        trees = np.arange(len(self.feature))[None, :]
        node = np.zeros((len(rows), len(self.feature)), np.int64)
        document = np.arange(len(rows))[:, None]
        while True:
            left = self.left[trees, node]
            inner = left > 0
            if not inner.any():
                break
            goes_left = rows[document, self.feature[trees, node]] <= self.threshold[trees, node]
            node = np.where(inner, np.where(goes_left, left, self.right[trees, node]), node)
        leaves: npt.NDArray[np.float64] = self.value[trees, node].sum(axis=1)
        return self.baseline + leaves

    def check(self, inputs: int) -> None:
        """Raise ValueError for tables that read outside themselves or `inputs` columns, or go in circles."""
        shape = self.feature.shape
        if any(getattr(self, field).shape != shape for field in FIELDS):
            raise ValueError("tree tables differ in shape")
        children = np.stack([self.left, self.right]).astype(np.int64)
        own = np.arange(shape[1])[None, None, :]
        inner = self.left[None] > 0
        if (inner & ((children <= own) | (children >= shape[1]))).any():
            raise ValueError("a tree points outside itself")
        if (self.feature < 0).any() or (self.feature >= inputs).any():
            raise ValueError("a tree asks for an input that does not exist")


def export(model: Any) -> Trees:
    """The arrays of a fitted scikit-learn histogram gradient boosting model (binary or regression)."""
    predictors = [stage[0].nodes for stage in model._predictors]
    width = max(len(nodes) for nodes in predictors)
    shape = (len(predictors), width)
    tables: dict[str, npt.NDArray[Any]] = {
        "feature": np.zeros(shape, np.int16),
        "threshold": np.zeros(shape, np.float64),
        "left": np.zeros(shape, np.int16),
        "right": np.zeros(shape, np.int16),
        "value": np.zeros(shape, np.float64),
    }
    for row, nodes in enumerate(predictors):
        inner = nodes["is_leaf"] == 0
        size = len(nodes)
        tables["feature"][row, :size] = np.where(inner, nodes["feature_idx"], 0)
        tables["threshold"][row, :size] = np.where(inner, nodes["num_threshold"], 0.0)
        tables["left"][row, :size] = np.where(inner, nodes["left"], 0)
        tables["right"][row, :size] = np.where(inner, nodes["right"], 0)
        tables["value"][row, :size] = nodes["value"]
    baseline = float(np.ravel(model._baseline_prediction)[0])
    return Trees(**tables, baseline=baseline)
