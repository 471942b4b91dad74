from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mtscore.arrays.network import Network
from mtscore.learning import train


def by_hand() -> Network:
    """Two units: how far the first input is above its mean of 1, in steps of 2, and how far it is below."""
    return Network(
        mean=np.array([1.0, 0.0]),
        scale=np.array([2.0, 1.0]),
        hidden=np.array([[1.0, -1.0], [0.0, 0.0]], np.float32),
        hidden_bias=np.zeros(2, np.float32),
        output=np.array([3.0, 0.5], np.float32),
        intercept=-1.0,
    )


def test_log_odds_by_hand() -> None:
    rows = np.array([[1.0, 7.0], [3.0, 7.0], [-3.0, 7.0], [1e9, 0.0]])  # the last is clipped to 4 deviations
    assert by_hand().log_odds(rows).tolist() == pytest.approx([-1.0, 2.0, 0.0, 11.0])
    assert by_hand().log_odds(rows[:0]).tolist() == []


def test_a_row_gives_the_same_to_the_last_bit_beside_others() -> None:
    generator = np.random.default_rng(0)
    size, units = 190, 256
    network = Network(
        np.zeros(size),
        np.ones(size),
        generator.normal(size=(size, units)).astype(np.float32),
        generator.normal(size=units).astype(np.float32),
        generator.normal(size=units).astype(np.float32),
        0.1,
    )
    rows = generator.normal(size=(67, size))
    together = network.log_odds(rows).tolist()
    assert together == [network.log_odds(row[None])[0] for row in rows]
    assert together[5:9] == network.log_odds(np.asfortranarray(rows)[5:9]).tolist()


def test_arrays_that_do_not_fit_are_refused() -> None:
    network = by_hand()
    network.check(2)
    for broken in (
        replace(network, mean=np.zeros(3)),
        replace(network, hidden=np.zeros((2, 3), np.float32)),
        replace(network, output=np.array([np.nan, 1.0], np.float32)),
        replace(network, scale=np.array([0.0, 1.0])),
    ):
        with pytest.raises(ValueError, match="network"):
            broken.check(2)
    with pytest.raises(ValueError, match="shape"):
        network.check(3)


def test_the_members_are_averaged() -> None:
    generator = np.random.default_rng(3)
    rows = generator.normal(size=(4000, 4))
    label = (rows[:, 0] > 0).astype(np.uint8)
    network = train.fit_network(rows, label, np.ones(4000))
    assert network.output.shape == (train.SETTINGS.units * train.SETTINGS.members,)
    odds = network.log_odds(rows)
    assert odds[label == 1].mean() > odds[label == 0].mean() + 1.0
