"""Intervals of shares, against published values and by simulation."""

from __future__ import annotations

import numpy as np
import pytest

from mtscore.learning.confidence import correlation, effective_size, newcombe, wilson
from mtscore.render.metrics import share_of


@pytest.mark.parametrize(
    ("count", "size", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_as_in_newcombes_table(count: int, size: int, low: float, high: float) -> None:
    """Newcombe 1998, "Two-sided confidence intervals for the single proportion", table I, method 3."""
    assert wilson(count / size, size) == pytest.approx((low, high), abs=5e-5)


def test_nothing_of_39_is_not_nothing_for_sure() -> None:
    low, high = wilson(0.0, 39)
    assert low == 0.0
    assert high == pytest.approx(0.0897, abs=1e-4)
    assert wilson(0.5, 0.0) == (0.0, 1.0)
    assert share_of(0, 39) == "0 of 39 (0.0 %, 0.0 to 9.0 %)"


def test_the_difference_of_two_shares_holds_the_truth_as_often_as_it_says() -> None:
    generator = np.random.default_rng(4)
    size, held, runs = 40, 0, 3000
    for _ in range(runs):
        hard = generator.random(size) < 0.1
        one, other = hard | (generator.random(size) < 0.05), hard | (generator.random(size) < 0.15)
        agreement = correlation(one, other, np.ones(size))
        low, high = newcombe(one.mean(), other.mean(), agreement, size)
        held += low <= 0.9 * 0.1 <= high
    assert 0.93 < held / runs < 0.99


def test_two_models_without_an_error_may_still_differ() -> None:
    low, high = newcombe(0.0, 0.0, 0.0, 39)
    assert (low, high) == pytest.approx((-0.0897, 0.0897), abs=1e-4)


def test_near_copies_and_weights_make_fewer_texts() -> None:
    unit = np.array([0, 1, 2, 3])
    assert effective_size(np.ones(4), unit) == pytest.approx(4.0)
    assert effective_size(np.ones(4), unit // 2) == pytest.approx(2.0)
    assert effective_size(np.array([1.0, 1.0, 0.0, 0.0]), unit) == pytest.approx(2.0)
    assert effective_size(np.zeros(4), unit) == 0.0


def test_correlation_by_hand() -> None:
    one, other = np.array([1, 1, 0, 0], np.bool_), np.array([1, 0, 0, 0], np.bool_)
    assert correlation(one, one, np.ones(4)) == pytest.approx(1.0)
    assert correlation(one, other, np.ones(4)) == pytest.approx((0.25 - 0.125) / np.sqrt(0.25 * 0.1875))
    assert correlation(one, np.ones(4, np.bool_), np.ones(4)) == 0.0
