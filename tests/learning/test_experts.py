"""Several experts where examples were added to those of the corpora."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from mtscore.arrays.network import averaged_networks
from mtscore.arrays.trees import averaged_trees
from mtscore.errors import ModelError
from mtscore.learning import train
from mtscore.learning.retrain import join
from mtscore.model import base_features as bases
from mtscore.model.base_features import BaseFeatures
from mtscore.model.classifier import model_inputs

SMALL = train.Settings(trees=5, members=1, units=4, epochs=1, draws=1)


def base(added: bool = True) -> BaseFeatures:
    generator = np.random.default_rng(1)
    label = np.arange(240) % 2
    matrix = generator.normal(size=(240, 3)) + label[:, None] * np.array([1.0, 0.0, 0.0])
    is_added = np.arange(240) >= 160
    matrix[is_added] = matrix[is_added][:, ::-1]  # there the last column tells
    return BaseFeatures(
        ("a", "b", "c"), matrix.astype(np.float16), label.astype(np.uint8), np.ones(240, np.float32),
        np.zeros(240, np.bool_), np.arange(240), np.zeros(240, np.float32), ("g",) * 240, ("r",) * 240,
        is_added if added else None,
    )  # fmt: skip


def test_the_margin_is_that_of_the_experts_together() -> None:
    examples = base()
    first, other = list(range(160)), [i for i in range(240) if i >= 160 or i % 2 == 0]
    chosen = train.experts(examples)
    assert [part.tolist() for part in chosen.trees] == [first, other]
    assert [part.tolist() for part in chosen.networks] == [list(range(240)), first]
    rows = model_inputs(examples.matrix, examples.strength)
    scaling = rows.mean(axis=0), rows.std(axis=0) + 1e-6

    def trees(part: list[int]) -> npt.NDArray[np.float64]:
        alone = train.fit_models(replace(examples.rows(np.array(part)), added=None), (), SMALL)
        return alone.trees.evaluate(rows)

    def network(part: list[int]) -> npt.NDArray[np.float64]:
        weights = train.example_weights(examples.rows(np.array(part)))
        return train.fit_network(rows[part], examples.label[part], weights, SMALL, scaling=scaling).log_odds(
            rows
        )

    of_trees = 0.6 * trees(first) + 0.4 * trees(other)
    wanted = (of_trees + (network(list(range(240))) + network(first)) / 2) / 2
    together = train.fit_models(examples, (), SMALL)
    found = together.margin(examples.matrix.astype(np.float64), examples.strength.astype(np.float64))
    assert found == pytest.approx(wanted, abs=1e-5)
    assert np.abs(trees(first) - trees(other)).max() > 0.1


def test_without_added_examples_there_is_one_expert() -> None:
    nobody, all_added = np.zeros(240, np.bool_), np.ones(240, np.bool_)
    only_human = base().rows([*np.flatnonzero(np.arange(160) % 2 == 0), *range(160, 240)])
    for examples in (
        base(added=False),
        replace(base(), added=nobody),
        replace(base(), added=all_added),
        only_human,
    ):
        chosen = train.experts(examples)
        everything = list(range(len(examples)))
        assert [part.tolist() for part in chosen.trees + chosen.networks] == [everything, everything]


def test_doubtful_human_text_of_the_corpora_teaches_no_trees_of_other_registers() -> None:
    doubtful = replace(base(), weight=np.where(np.arange(240) == 0, 0.2, 1.0).astype(np.float32))
    assert 0 not in train.experts(doubtful).trees[1]


def test_one_model_averaged_is_itself() -> None:
    model = train.fit_models(base(added=False), (), SMALL)
    rows = model_inputs(base().matrix, base().strength)
    assert averaged_trees([model.trees]) is model.trees
    twice = averaged_trees([model.trees, model.trees])
    assert twice.evaluate(rows) == pytest.approx(model.trees.evaluate(rows), abs=1e-12)
    double = averaged_networks([model.network, model.network])
    assert double.log_odds(rows) == pytest.approx(model.network.log_odds(rows), abs=1e-5)


def test_which_examples_were_added_is_kept(tmp_path: Path) -> None:
    for examples in (base(), base(added=False)):
        bases.save(examples, tmp_path / "base")
        found = bases.load(tmp_path / "base")
        assert np.array_equal(found.is_added, examples.is_added)
        assert (found.added is None) == (examples.added is None)
    mine = replace(base(added=False), matrix=base().matrix + np.float16(1))
    assert join(base(), mine).is_added.sum() == 80
    assert join(base(added=False), mine).added is None


def test_a_damaged_column_is_refused(tmp_path: Path) -> None:
    bases.save(replace(base(), added=np.ones(7, np.bool_)), tmp_path / "base")
    with pytest.raises(ModelError, match="does not hold base features"):
        bases.load(tmp_path / "base")
