"""From base features to a calibrated classifier with thresholds.

Examples are weighted so that no source decides: each class counts the same, inside a class a large group counts less
than its size, and human text whose translation is in the data counts more. Calibration and thresholds come from
out-of-fold margins, with every register weighted equally.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from mtscore.arrays.network import CLIP, Network, averaged_networks, standardised
from mtscore.arrays.quantile import weighted_quantiles
from mtscore.arrays.trees import Trees, averaged_trees, export
from mtscore.model.base_features import BaseFeatures
from mtscore.model.classifier import Classifier, Contrast, column_names, model_inputs

Floats = npt.NDArray[np.float64]

MATCHED_BOOST = 9.0
"""How much more a human example counts when its machine translation is in the data too."""

GROUP_EXPONENT = 0.3
"""The examples of a group of n count n ** -0.3 each."""

ADDED_SHARE = 0.4
"""What the trees of added examples count among all trees: the more, the more is found in other registers and the less
in the corpora."""

HIDDEN_INPUTS = 0.2
"""Share of the inputs that an example has hidden from the network (set to the mean) each time that it is drawn."""

GARBLED_FPR, SUSPECT_FPR = 0.01, 0.05
"""False-positive rates on held-out human text that the two thresholds stand for."""

FOLDS = 5
_SEED = 0
_EDGES = 254  # what scikit-learn's 255 bins have between them


@dataclass(frozen=True, slots=True)
class Settings:
    """How large the two models are."""

    trees: int = 160
    """Boosted trees."""
    members: int = 4
    """Small networks that are averaged."""
    units: int = 64
    """Hidden units of each of them."""
    epochs: int = 7
    """How often each of them sees the examples that were drawn for it."""
    draws: int = 2
    """How many times as many examples are drawn, by weight, as there are."""


SETTINGS = Settings()
"""The settings of the shipped model."""


@dataclass(frozen=True, slots=True)
class Fit:
    """A classifier, its thresholds as calibrated log-odds at equal priors, and the out-of-fold log-odds of
    the examples it was fitted on."""

    classifier: Classifier
    garbled: float
    suspect: float
    out_of_fold: Floats


def example_weights(base: BaseFeatures) -> Floats:
    """Training weights, of mean 1: see the module's docstring."""
    keys = np.array(
        [f"{label} {group}" for label, group in zip(base.label.tolist(), base.group, strict=True)]
    )
    _, inverse = np.unique(keys, return_inverse=True)
    weights = base.weight.astype(np.float64)
    totals = np.bincount(inverse, weights)
    weights *= (totals**-GROUP_EXPONENT)[inverse]
    weights[base.is_matched & (base.label == 0)] *= MATCHED_BOOST
    for label in (0, 1):
        of_class = base.label == label
        if of_class.any():
            weights[of_class] *= len(base) / 2 / weights[of_class].sum()
    return weights


def register_weights(base: BaseFeatures) -> Floats:
    """Weights under which every register counts the same inside its class, and both classes the same."""
    keys = np.array([f"{label} {r}" for label, r in zip(base.label.tolist(), base.register, strict=True)])
    _, inverse, counts = np.unique(keys, return_inverse=True, return_counts=True)
    weights: Floats = 1.0 / counts[inverse]
    for label in (0, 1):
        of_class = base.label == label
        if of_class.any():
            weights[of_class] /= weights[of_class].sum()
    return weights


def fit_models(
    base: BaseFeatures, contrasts: Sequence[Contrast], settings: Settings = SETTINGS
) -> Classifier:
    """Both models on all examples, without calibration (slope 1, offset 0).

    One thread: sums in a fixed order, and no threads that wait for each other on a busy machine.
    """
    import sklearn.ensemble  # first: a limit only reaches the libraries that are loaded
    import sklearn.neural_network  # noqa: F401
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        return _fit_models(base, contrasts, settings)


def _fit_models(base: BaseFeatures, contrasts: Sequence[Contrast], settings: Settings) -> Classifier:
    rows, label = model_inputs(base.matrix, base.strength), base.label
    scaling = rows.mean(axis=0), rows.std(axis=0) + 1e-6
    chosen = experts(base)
    trees = [_boosted(rows[i], label[i], example_weights(base.rows(i)), settings) for i in chosen.trees]
    networks = [
        fit_network(rows[i], label[i], example_weights(base.rows(i)), settings, scaling=scaling)
        for i in chosen.networks
    ]
    return Classifier(
        signal_names=base.names[: len(base.names) - len(column_names(contrasts))],
        contrasts=tuple(contrasts),
        trees=averaged_trees(trees, chosen.shares),
        network=averaged_networks(networks),
        calibration=(1.0, 0.0, 0.0),
    )


class Experts(NamedTuple):
    """The examples that each ensemble of trees and each network learns from, and what the ensembles count."""

    trees: list[npt.NDArray[np.int64]]
    networks: list[npt.NDArray[np.int64]]
    shares: tuple[float, ...]


def experts(base: BaseFeatures) -> Experts:
    """Where examples were added to those of the corpora: trees of the corpora, trees of what was added and of all
    text that is surely human, a network of everything, and one of the corpora; else trees and a network of everything.

    What one model learns of other registers costs it garbled text of the corpora. The average of several loses less.
    """
    everything, added = np.arange(len(base)), base.is_added
    first = np.flatnonzero(~added)
    other = np.flatnonzero(added | ((base.label == 0) & (base.weight >= 1.0)))
    if min(len(set(base.label[part].tolist())) for part in (first, other)) < 2:
        return Experts([everything], [everything], (1.0,))
    return Experts([first, other], [everything, first], (1 - ADDED_SHARE, ADDED_SHARE))


def fit_network(
    rows: Floats,
    label: npt.NDArray[np.uint8],
    weights: Floats,
    settings: Settings = SETTINGS,
    *,
    scaling: tuple[Floats, Floats] | None = None,
) -> Network:
    """The average of several small networks, each of examples drawn by weight with a part of their inputs hidden.
    `scaling` is the mean and the deviation of each input, by default those of the rows."""
    from sklearn.neural_network import MLPClassifier

    mean, scale = scaling or (rows.mean(axis=0), rows.std(axis=0) + 1e-6)
    scaled = standardised(rows, mean, scale, CLIP).astype(np.float32)
    members = []
    for seed in range(settings.members):
        generator = np.random.default_rng(seed)
        drawn = generator.choice(len(rows), settings.draws * len(rows), p=weights / weights.sum())
        inputs = scaled[drawn]
        inputs[generator.random(inputs.shape, np.float32) < HIDDEN_INPUTS] = 0.0
        model = MLPClassifier(
            (settings.units,), alpha=1.0, batch_size=min(256, len(inputs)), random_state=seed
        )
        for _ in range(settings.epochs):
            model.partial_fit(inputs, label[drawn], classes=(0, 1))
        members.append(model)
    return Network(
        mean,
        scale,
        np.concatenate([m.coefs_[0] for m in members], axis=1).astype(np.float32),
        np.concatenate([m.intercepts_[0] for m in members]).astype(np.float32),
        np.concatenate([m.coefs_[1][:, 0] for m in members]).astype(np.float32)
        / np.float32(settings.members),
        float(np.mean([m.intercepts_[1][0] for m in members])),
    )


def _boosted(rows: Floats, label: npt.NDArray[np.uint8], weights: Floats, settings: Settings) -> Trees:
    """Gradient-boosted trees over weighted quantiles of every column.

    The columns are cut into quantiles here, once each: scikit-learn 1.8 and later sort a column again for each
    quantile as soon as rows have weights, which takes several times as long as the trees.
    """
    edges = [_weighted_edges(column, weights) for column in rows.T]
    codes = np.stack([np.searchsorted(e, c) for e, c in zip(edges, rows.T, strict=True)], axis=1)
    trees = export(_boosting(settings).fit(codes.astype(np.float64), label, sample_weight=weights))
    table = np.full((len(edges), max(map(len, edges))), np.inf)
    for column, found in enumerate(edges):
        table[column, : len(found)] = found
    asks = trees.left > 0
    code = np.clip(np.where(asks, trees.threshold, 0.0).astype(np.int64), 0, table.shape[1] - 1)
    return replace(trees, threshold=np.where(asks, table[trees.feature, code], 0.0))


def _weighted_edges(column: Floats, weights: Floats) -> Floats:
    """At most `_EDGES` values of the column that part it into equal shares of the weight; code k of
    `searchsorted` is then "above edge k - 1, at most edge k"."""
    order = np.argsort(column, kind="stable")
    cumulated = np.cumsum(weights[order])
    shares = np.linspace(0.0, cumulated[-1], _EDGES + 2)[1:-1]
    places = np.minimum(np.searchsorted(cumulated, shares), len(order) - 1)
    edges: Floats = np.unique(column[order][places])
    return edges


def _boosting(settings: Settings) -> Any:
    from sklearn.ensemble import HistGradientBoostingClassifier

    return HistGradientBoostingClassifier(
        max_iter=settings.trees, learning_rate=0.08, max_leaf_nodes=16, min_samples_leaf=40, l2_regularization=5.0,
        max_features=0.3, random_state=_SEED,
    )  # fmt: skip


def fit(
    base: BaseFeatures,
    contrasts: Sequence[Contrast],
    *,
    jobs: int = 1,
    folds: int = FOLDS,
    settings: Settings = SETTINGS,
) -> Fit:
    """Train, calibrate on out-of-fold margins, and choose the thresholds; the result does not depend on
    `jobs`."""
    from joblib import Parallel, delayed

    fold = base.component % folds
    outer = [(np.flatnonzero(fold != k), np.flatnonzero(fold == k)) for k in range(folds)]
    tasks = [delayed(_held_out_margins)(base, contrasts, rest, inside, settings) for rest, inside in outer]
    margins = np.zeros(len(base))
    for (_, inside), values in zip(outer, Parallel(jobs)(tasks), strict=True):
        margins[inside] = values
    calibration = _calibrate(margins, base)
    slope, offset, strength_slope = calibration
    log_odds = slope * margins + offset + strength_slope * base.strength
    human = base.label == 0
    weights = register_weights(base)[human]
    garbled, suspect = weighted_quantiles(log_odds[human], weights, (1 - GARBLED_FPR, 1 - SUSPECT_FPR))
    return Fit(
        replace(fit_models(base, contrasts, settings), calibration=calibration), garbled, suspect, log_odds
    )


def _held_out_margins(
    base: BaseFeatures,
    contrasts: Sequence[Contrast],
    rest: npt.NDArray[np.int64],
    inside: npt.NDArray[np.int64],
    settings: Settings,
) -> Floats:
    """Margins of the examples `inside` from a model of the `rest`."""
    if not len(inside):
        return np.zeros(0)
    held_out = base.rows(inside)
    model = fit_models(base.rows(rest), contrasts, settings)
    return model.margin(held_out.matrix.astype(np.float64), held_out.strength.astype(np.float64))


def _calibrate(margins: Floats, base: BaseFeatures) -> tuple[float, float, float]:
    """Slope, offset and strength slope of the logistic map to log-odds, registers weighted equally.

    Examples with uncertain or made labels count as much as the sure ones: they cover the registers for which there
    is no real garbled text.
    """
    from sklearn.linear_model import LogisticRegression

    weights = register_weights(base) * len(base)
    garbled, sure = base.label == 1, base.weight >= 1.0
    if (garbled & sure).any() and (garbled & ~sure).any():
        for part in (garbled & sure, garbled & ~sure):
            weights[part] *= 0.5 * len(base) / weights[part].sum()
    inputs = np.stack([margins, base.strength.astype(np.float64)], axis=1)
    model = LogisticRegression(C=1e6, max_iter=1000).fit(inputs, base.label, sample_weight=weights)
    return float(model.coef_[0, 0]), float(model.intercept_[0]), max(0.0, float(model.coef_[0, 1]))
