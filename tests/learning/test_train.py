from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import QUICK

from mtscore import ModelError
from mtscore.arrays.quantile import weighted_quantiles
from mtscore.arrays.trees import export
from mtscore.learning import train
from mtscore.learning.model_card import write_card
from mtscore.model import base_features as base
from mtscore.model.base_features import BaseFeatures, component_number

ROWS = 400
NAMES = ("a", "b", "c", "d", "e")


def features() -> BaseFeatures:
    """Two registers and classes; the first column tells the classes apart in 9 rows of 10."""
    generator = np.random.default_rng(1)
    label = (np.arange(ROWS) % 2).astype(np.uint8)
    matrix = generator.normal(size=(ROWS, len(NAMES)))
    matrix[:, 0] += np.where(generator.random(ROWS) < 0.9, label * 6.0, 0.0)
    return BaseFeatures(
        NAMES,
        matrix.astype(np.float16),
        label,
        np.ones(ROWS, np.float32),
        np.arange(ROWS) % 4 < 2,
        np.array([component_number(str(i // 2)) for i in range(ROWS)]),
        np.zeros(ROWS, np.float32),
        tuple("ab"[i % 8 == 0] for i in range(ROWS)),
        tuple("xy"[i % 8 == 0] for i in range(ROWS)),
    )


def test_base_features_survive_their_file(tmp_path: Path) -> None:
    for name in ("one", "two"):
        base.save(features(), tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    again, expected = base.load(tmp_path / "one"), features()
    assert again.names == expected.names
    assert (again.matrix == expected.matrix).all()
    assert again.group == expected.group
    assert again.register == expected.register
    assert (again.component == expected.component).all()


def test_other_files_hold_no_base_features(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"no")
    with pytest.raises(ModelError, match="base features"):
        base.load(tmp_path / "x")


def test_classes_weigh_the_same_and_matched_human_rows_more() -> None:
    rows = features()
    weights = train.example_weights(rows)
    assert weights[rows.label == 0].sum() == pytest.approx(weights[rows.label == 1].sum())
    group = np.array(rows.group)
    unmatched = (rows.label == 0) & ~rows.is_matched
    per_row = {g: weights[unmatched & (group == g)] for g in "a"}
    assert np.ptp(per_row["a"]) == pytest.approx(0.0)
    matched = weights[(rows.label == 0) & rows.is_matched & (group == "a")]
    assert matched[0] / per_row["a"][0] == pytest.approx(train.MATCHED_BOOST)


def test_registers_weigh_the_same_inside_a_class() -> None:
    rows = features()
    weights = train.register_weights(rows)
    register = np.array(rows.register)
    kinds = ((0, "x"), (0, "y"), (1, "x"))
    sums = {(c, r): weights[(rows.label == c) & (register == r)].sum() for c, r in kinds}
    assert sums == pytest.approx({(0, "x"): 0.5, (0, "y"): 0.5, (1, "x"): 1.0})


def test_weighted_quantiles_by_hand() -> None:
    values, weights = np.array([3.0, 1.0, 2.0]), np.array([1.0, 1.0, 2.0])
    assert weighted_quantiles(values, weights, (0.25, 0.75, 0.99)) == [1.0, 2.0, 3.0]


def test_fit_finds_the_signal_out_of_fold_and_keeps_to_its_false_positive_rates() -> None:
    rows = features()
    fitted = train.fit(rows, [], settings=QUICK)
    human = rows.label == 0
    assert fitted.out_of_fold[~human].mean() > fitted.out_of_fold[human].mean() + 1
    weights = train.register_weights(rows)[human]
    flagged = fitted.out_of_fold[human] > fitted.garbled
    assert np.average(flagged, weights=weights) <= train.GARBLED_FPR
    assert fitted.suspect <= fitted.garbled


def test_fit_is_repeatable() -> None:
    one, two = (train.fit(features(), [], settings=QUICK) for _ in range(2))
    assert (one.out_of_fold == two.out_of_fold).all()
    assert one.garbled == two.garbled


def test_quantiles_of_coarse_columns_give_the_trees_of_scikit_learn() -> None:
    generator = np.random.default_rng(3)
    rows = generator.integers(0, 12, size=(ROWS, 4)).astype(np.float64)
    label = (rows[:, 0] + generator.normal(size=ROWS) > 5).astype(np.uint8)
    weights = np.where(label == 1, 2.0, 0.5)
    plain = export(train._boosting(QUICK).fit(rows, label, sample_weight=weights))
    assert train._boosted(rows, label, weights, QUICK).evaluate(rows) == pytest.approx(plain.evaluate(rows))


def test_edges_part_a_column_into_equal_weights() -> None:
    edges = train._weighted_edges(np.arange(10_000.0)[::-1], np.ones(10_000))
    assert len(edges) == 254
    assert np.ptp(np.diff(edges)) <= 1
    assert train._weighted_edges(np.array([2.0, 1.0, 1.0]), np.array([1.0, 1.0, 1.0])).tolist() == [1.0, 2.0]


# The card

MANIFEST: dict[str, Any] = {
    "name": "mine",
    "threshold_fpr": {"garbled": 0.02, "suspect": 0.1},
    "corpora": [{"name": "Own letters", "used_for": "classifier numbers", "licence": "not redistributed"}],
    "held_out": {
        "what": "out of fold",
        "rows": {"garbled": 30, "not_garbled": 40},
        "auroc": 0.9,
        "tpr_at_garbled": 0.5,
        "calibration_error": {},
        "fpr_per_register": {"letters": {"n": 40, "fpr": 0.025}},
    },
}
RETRAINED = {"texts": 60, "garbled": 20, "base": "en", "base_digest": "0" * 64, "base_replaced": False}


def test_a_card_states_facts_of_its_own_model_only(tmp_path: Path) -> None:
    write_card(tmp_path / "CARD.md", {**MANIFEST, "retrained": RETRAINED})
    card = (tmp_path / "CARD.md").read_text(encoding="utf-8")
    for own in ("mtscore `mine`", "2 % and 10 % of held-out", "| Own letters |", "| letters | 40 | 2.5% |"):
        assert own in card
    assert "Retrained from model `en` (000000000000) with 60 labelled texts (20 garbled)" in card
    for of_the_shipped_model in ("a fifth to four fifths", "Pidgin", "Wikipedia", "2021", "1 %"):
        assert of_the_shipped_model not in card


def test_what_was_found_out_about_one_model_stands_in_its_card(tmp_path: Path) -> None:
    write_card(tmp_path / "CARD.md", MANIFEST, "## Known failures\n- Pidgin.\n")
    card = (tmp_path / "CARD.md").read_text(encoding="utf-8")
    assert card.endswith("\n\n## Known failures\n- Pidgin.\n")
    assert "Retrained" not in card
