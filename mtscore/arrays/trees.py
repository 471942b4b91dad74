"""Boosted trees as plain arrays, evaluated with numpy alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

FIELDS: Mapping[str, type[np.generic]] = {
    "feature": np.int16,
    "threshold": np.float64,
    "left": np.int16,
    "right": np.int16,
    "value": np.float64,
}
"""The tables and their types."""

BLOCK = 256
"""Rows that walk together: enough to share the cost of a call, few enough to stay in the processor's cache."""

COMMON_LEVELS = 4
"""Levels that all rows walk in all trees; from there on, only those that have not reached a leaf."""


class _Nodes(NamedTuple):
    """The nodes of all trees in one row. `child[2 * node]` is where a row goes left and `child[2 * node + 1]`
    where it goes right; a leaf leads to itself."""

    roots: npt.NDArray[np.intp]
    child: npt.NDArray[np.intp]
    feature: npt.NDArray[np.intp]
    threshold: npt.NDArray[np.float64]
    value: npt.NDArray[np.float64]
    is_inner: npt.NDArray[np.bool_]


@dataclass(frozen=True)
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
        inputs = rows.shape[1]
        out = np.empty(len(rows), np.float64)
        for low in range(0, len(rows), BLOCK):
            block = np.ascontiguousarray(rows[low : low + BLOCK], np.float64)
            leaves = self._leaves(block.ravel(), len(block), inputs)
            out[low : low + BLOCK] = self._nodes.value.take(leaves).reshape(len(block), -1).sum(axis=1)
        return self.baseline + out

    def _leaves(self, values: npt.NDArray[np.float64], rows: int, inputs: int) -> npt.NDArray[np.intp]:
        """The leaf that each of `rows` rows reaches in each tree, row by row; `values` are their inputs."""
        nodes = self._nodes
        node = np.tile(nodes.roots, rows)
        offset = np.repeat(np.arange(rows) * inputs, len(nodes.roots))

        def step(at: npt.NDArray[np.intp], offset: npt.NDArray[np.intp]) -> npt.NDArray[np.intp]:
            goes_left = values.take(nodes.feature.take(at) + offset) <= nodes.threshold.take(at)
            return nodes.child.take(2 * at + ~goes_left)

        for _ in range(COMMON_LEVELS):
            node = step(node, offset)
        walking = np.flatnonzero(nodes.is_inner.take(node))
        while len(walking):
            at = step(node[walking], offset[walking])
            node[walking] = at
            walking = walking[nodes.is_inner.take(at)]
        return node

    @cached_property
    def _nodes(self) -> _Nodes:
        trees, width = self.feature.shape
        own = np.arange(trees * width).reshape(trees, width)
        first, is_inner = own[:, :1], self.left > 0
        sides = [np.where(is_inner, first + side, own) for side in (self.left, self.right)]
        return _Nodes(
            roots=first.ravel(),
            child=np.stack(sides, axis=2).ravel(),
            feature=self.feature.astype(np.intp).ravel(),
            threshold=self.threshold.ravel(),
            value=self.value.ravel(),
            is_inner=is_inner.ravel(),
        )

    def check(self, inputs: int) -> None:
        """Raise ValueError for tables that do not fit each other, read outside themselves or `inputs` columns, go in
        circles, or lack a number."""
        shape = self.feature.shape
        if any(getattr(self, field).shape != shape for field in FIELDS):
            raise ValueError("tree tables differ in shape")
        if len(shape) != 2 or 0 in shape:
            raise ValueError(f"the tree tables have the shape {shape}")
        if any(getattr(self, field).dtype != kind for field, kind in FIELDS.items()):
            raise ValueError("a tree table is of another type")
        # A threshold may be infinite: all rows go left.
        if (
            not np.isfinite(self.value).all()
            or np.isnan(self.threshold).any()
            or not np.isfinite(self.baseline)
        ):
            raise ValueError("a number of the trees is missing")
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


def averaged_trees(ensembles: Sequence[Trees], shares: Sequence[float] | None = None) -> Trees:
    """One ensemble whose result is the mean of the results of several, weighted by `shares` (sum 1)."""
    if len(ensembles) == 1:
        return ensembles[0]
    nodes = max(trees.feature.shape[1] for trees in ensembles)
    weights = np.full(len(ensembles), 1 / len(ensembles)) if shares is None else np.array(shares)

    def joined(name: str) -> npt.NDArray[Any]:
        tables = [getattr(trees, name) for trees in ensembles]
        return np.concatenate([np.pad(table, ((0, 0), (0, nodes - table.shape[1]))) for table in tables])

    each = np.repeat(weights, [len(trees.value) for trees in ensembles])
    return Trees(
        **{name: joined(name) for name in ("feature", "threshold", "left", "right")},
        value=joined("value") * each[:, None],
        baseline=float(weights @ [trees.baseline for trees in ensembles]),
    )
