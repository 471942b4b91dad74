"""Figures, against cases worked by hand and against scikit-learn."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import brier_score_loss, roc_auc_score

from mtscore.errors import OutputError
from mtscore.learning.evaluation import (
    METRICS,
    Metric,
    Scored,
    all_metrics,
    compare,
    evaluate,
    rank_correlation,
    reliability,
    roc,
    worst,
)
from mtscore.learning.plots import write_plots

LETTERS = ("letters",) * 3 + ("news",) * 3


def scored(label: list[int], log_odds: list[float], threshold: float = 0.0) -> Scored:
    size = len(label)
    group = (LETTERS * size)[:size]
    return Scored(
        np.array(label, np.uint8), np.array(log_odds), threshold, np.arange(size), group, np.ones(size)
    )


def noisy(shift: float, seed: int = 1, size: int = 300) -> Scored:
    generator = np.random.default_rng(seed)
    label = (np.arange(size) % 2).astype(np.uint8)
    return scored(label.tolist(), (generator.normal(size=size) + shift * label).tolist(), shift / 2)


SIX = scored([0, 0, 0, 1, 1, 1], [-2.0, -1.0, 1.0, -0.5, 2.0, 3.0])


def test_six_texts_by_hand() -> None:
    """Of nine pairs, the garbled text scores lower in one: -0.5 against 1.0."""
    values = all_metrics(SIX, SIX.weight)
    assert values["auroc"] == pytest.approx(8 / 9)
    assert values["tpr_at_1_fpr"] == pytest.approx(2 / 3)
    assert values["found"] == pytest.approx(2 / 3)
    assert values["false_positives"] == pytest.approx(1 / 3)
    assert values["errors"] == pytest.approx(2 / 6)


def test_calibration_by_hand() -> None:
    """One bin with probability 0.75 and half of it garbled, one with 0.25 and nothing garbled."""
    odds = math.log(3)
    rows = scored([1, 0, 0], [odds, odds, -odds])
    middle, predicted, observed, mass = reliability(rows, np.ones(3))
    assert middle == pytest.approx([0.25, 0.75])
    assert predicted == pytest.approx([0.25, 0.75])
    assert observed == pytest.approx([0.0, 0.5])
    assert mass == pytest.approx([1 / 3, 2 / 3])
    balanced = 0.25 * 0.25 + 0.75 * abs(0.75 - 2 / 3)  # the garbled text weighs as much as the two others
    assert all_metrics(rows, np.ones(3))["calibration_error"] == pytest.approx(balanced)


def test_the_metrics_are_those_of_scikit_learn_with_weights_and_ties() -> None:
    generator = np.random.default_rng(2)
    label = generator.integers(0, 2, 200)
    rows = scored(label.tolist(), generator.integers(-3, 4, 200).astype(float).tolist())
    weight = generator.integers(0, 4, 200).astype(float)
    area = all_metrics(rows, weight)["auroc"]
    assert area == pytest.approx(roc_auc_score(label, rows.log_odds, sample_weight=weight))
    fpr, tpr = roc(rows.log_odds, rows.label, weight)
    assert len(fpr) == len(tpr) == len(set(rows.log_odds.tolist())) + 1, "equal scores are passed together"
    ours = all_metrics(scored(rows.label.tolist(), rows.log_odds.tolist()), np.ones(200))["brier"]
    even = np.where(label == 1, 1 / label.sum(), 1 / (1 - label).sum())
    assert ours == pytest.approx(brier_score_loss(label, rows.probability, sample_weight=even))


def test_one_class_leaves_metrics_empty() -> None:
    metrics = evaluate(scored([0, 0, 0], [-1.0, 1.0, -2.0])).metrics
    assert list(metrics) == list(METRICS)
    assert {name for name, metric in metrics.items() if metric.value is not None} == {
        "false_positives",
        "errors",
    }
    assert metrics["auroc"] == Metric(None)


def test_false_positives_are_counted_by_group() -> None:
    report = evaluate(SIX)
    assert report.false_positives == {"letters": (1, 3)}
    assert (report.texts, report.garbled) == (6, 3)


def test_an_interval_holds_its_value_and_narrows_with_more_texts() -> None:
    few, many = (evaluate(noisy(1.0, size=size)).metrics["auroc"] for size in (60, 1000))
    for metric in (few, many):
        assert metric.value is not None
        assert metric.low is not None
        assert metric.high is not None
        assert metric.low < metric.value < metric.high
    assert many.high - many.low < (few.high - few.low) / 2  # type: ignore[operator]


def test_texts_that_agree_do_not_make_a_metric_sure() -> None:
    """Thirty-nine clean texts far below the threshold and six garbled ones far above."""
    sure = scored([0] * 39 + [1] * 6, [-5.0] * 39 + [5.0] * 6)
    metrics = evaluate(sure).metrics
    assert (metrics["false_positives"].value, metrics["false_positives"].low) == (0.0, 0.0)
    assert metrics["false_positives"].high == pytest.approx(0.0897, abs=1e-4)
    for name in ("auroc", "tpr_at_1_fpr", "found"):
        assert metrics[name].value == metrics[name].high == 1.0
        assert metrics[name].low == pytest.approx(6 / (6 + 1.96**2), abs=1e-3)
    change = compare(sure, sure).change
    assert change["false_positives"].low == pytest.approx(-0.0897, abs=1e-4)
    assert change["errors"].high == pytest.approx(0.0787, abs=1e-3)


def test_near_copies_count_as_one_text_for_the_interval() -> None:
    rows = noisy(1.0, size=60)
    tenfold = Scored(
        np.tile(rows.label, 10), np.tile(rows.log_odds, 10), rows.threshold, np.tile(rows.unit, 10),
        rows.group * 10, np.ones(600),
    )  # fmt: skip
    one, ten = evaluate(rows).metrics["auroc"], evaluate(tenfold).metrics["auroc"]
    assert one == pytest.approx(ten)


def test_a_better_model_is_better_beyond_noise_and_the_same_model_is_not() -> None:
    poor, good = noisy(0.5), noisy(3.0)
    change = compare(poor, good).change
    assert change["auroc"].low is not None
    assert change["auroc"].low > 0
    assert change["errors"].high is not None
    assert change["errors"].high < 0
    same = compare(poor, poor).change["auroc"]
    assert (same.value, same.low, same.high) == (0.0, 0.0, 0.0)


def test_the_worst_errors_come_first() -> None:
    rows = scored([0, 0, 1, 1, 0], [0.5, 4.0, -2.0, 3.0, -1.0])
    assert worst(rows, 10) == [1, 2, 0]
    assert worst(rows, 1) == [1]


def test_rank_correlation_by_hand() -> None:
    assert rank_correlation(np.array([1.0, 2.0, 9.0]), np.array([10.0, 20.0, 21.0])) == pytest.approx(1.0)
    assert rank_correlation(np.array([1.0, 2.0, 3.0]), np.array([3.0, 2.0, 1.0])) == pytest.approx(-1.0)
    assert rank_correlation(np.array([1.0, 1.0, 1.0]), np.array([3.0, 2.0, 1.0])) is None
    assert rank_correlation(np.zeros(2), np.ones(2)) is None


def test_plots_are_written_and_those_that_need_both_labels_left_out_without(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    paths = write_plots({"one": noisy(1.0), "two": noisy(2.0)}, tmp_path / "new" / "folder")
    assert [path.name for path in paths] == ["roc.png", "reliability.png", "groups.png"]
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in paths)
    clean = scored([0, 0, 0], [-1.0, 1.0, -2.0])
    assert [path.name for path in write_plots({"one": clean}, tmp_path)] == ["groups.png"]
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(OutputError, match="cannot write"):
        write_plots({"one": clean}, tmp_path / "file")
