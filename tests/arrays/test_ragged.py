"""Statistics of parts are, to the last bit, those of each part alone."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pytest

from mtscore.arrays.ragged import RowSplits

SIZES = (3, 0, 1, 2, 333, 7, 50, 0)
KINDS = [np.float32, np.float64]


def rows_of(kind: type) -> np.ndarray:
    return (np.random.default_rng(0).normal(size=(2, sum(SIZES))) * 3).round(2).astype(kind)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("order", ["C", "F"])
def test_sums_and_means_are_those_of_numpy(kind: type, order: Literal["C", "F"]) -> None:
    parts, rows = RowSplits.of_sizes(SIZES), rows_of(kind)
    sums, means = parts.sums(rows.copy(order=order)), parts.means(rows)
    assert sums.dtype == means.dtype == kind
    for number, (low, high) in enumerate(parts.pairs):
        for row in (0, 1):
            own = rows[row, low:high].copy()
            assert sums[row, number] == own.sum()
            assert means[row, number] == (own.mean() if low < high else 0.0)


@pytest.mark.parametrize("kind", KINDS)
def test_percentiles_are_those_of_numpy(kind: type) -> None:
    parts, rows, percents = RowSplits.of_sizes(SIZES), rows_of(kind), (0, 2, 5, 10, 25, 50, 75, 90, 100)
    found = parts.percentiles(rows, percents)
    assert found.shape == (2, len(percents), len(SIZES))
    for number, (low, high) in enumerate(parts.pairs):
        for row in (0, 1):
            own = rows[row, low:high]
            wanted = np.percentile(own, percents).tolist() if low < high else [0.0] * len(percents)
            assert found[row, :, number].tolist() == wanted


def test_a_percentile_can_be_taken_in_single_precision() -> None:
    # 0.3 of the way from 0.1 to 1.1, in single precision throughout.
    found = RowSplits.of_sizes([2]).percentiles(np.array([1.1, 0.1], np.float32), (30,), np.float32)
    low, high = np.float32(0.1), np.float32(1.1)
    assert found.tolist() == [[float(low + (high - low) * np.float32(0.3))]]


def test_parts_of_what_a_mask_chooses() -> None:
    parts = RowSplits.of_sizes([2, 0, 3])
    mask = np.array([True, False, False, True, True])
    assert parts.chosen(mask).sizes.tolist() == [1, 0, 2] == parts.total(mask).tolist()
    assert parts.owner.tolist() == [0, 0, 2, 2, 2]


def test_places_count_from_the_begin_of_their_part() -> None:
    parts = RowSplits.of_sizes([2, 0, 3])
    assert parts.places(np.array([True, False, False, True, True])) == [[0], [], [1, 2]]
    assert list(parts.located(np.array([4, 0, 1]))) == [(2, 2), (0, 0), (0, 1)]
