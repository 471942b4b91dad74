"""How well a model does on labelled texts: metrics with intervals, one model or two side by side.

All metrics come from numbers that a model gave to texts it had not learned from. Shares have Wilson's interval (see
`confidence`); those of the others come from drawing sets of near-copies with replacement (the percentile bootstrap:
Efron 1979, "Bootstrap methods: another look at the jackknife"). Two models are compared on the same draws, so that
what is hard for both cancels out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mtscore.learning.confidence import Interval, correlation, effective_size, newcombe, wilson

Floats = npt.NDArray[np.float64]

DRAWS = 400
"""Bootstrap draws."""

BINS = 10
"""Bins of equal width that predicted probabilities are sorted into for the calibration error."""

LOW_FPR = 0.01

METRICS = ("auroc", "tpr_at_1_fpr", "found", "false_positives", "errors", "calibration_error", "brier")
"""The metrics. `auroc`: the chance that a garbled text scores above a clean one (0.5: guessing).
`tpr_at_1_fpr`: share of the garbled found where 1 % of the clean are flagged. At the model's own `garbled`
threshold: `found`, share of the garbled; `false_positives`, share of the clean; `errors`, share of all texts.
`calibration_error`: mean distance between predicted probability and share of garbled texts, in `BINS` bins,
both classes counting the same; `brier`: mean squared distance between them. All 0..1; the first three are
better high, the others low."""

SHARES = ("found", "false_positives", "errors")
"""Those that are shares of texts at the model's own threshold."""

RANKED = ("auroc", "tpr_at_1_fpr")
"""Those of the ranking alone."""

BETTER_HIGH = frozenset(("auroc", "tpr_at_1_fpr", "found"))


@dataclass(frozen=True, slots=True)
class Scored:
    """Labelled texts (`label` 1: garbled) and what a model said of each: calibrated `log_odds` at equal priors,
    and `threshold`, from which on it says garbled. `unit` numbers the sets of near-copies, `group` names the
    kind of text, `weight` says how much each counts."""

    label: npt.NDArray[np.uint8]
    log_odds: Floats
    threshold: float
    unit: npt.NDArray[np.int64]
    group: tuple[str, ...]
    weight: Floats

    def __len__(self) -> int:
        return len(self.label)

    @property
    def is_flagged(self) -> npt.NDArray[np.bool_]:
        """Whether the model calls each text garbled."""
        return self.log_odds >= self.threshold

    @property
    def probability(self) -> Floats:
        """The predicted probability of garbled, at equal priors."""
        from scipy.special import expit

        values: Floats = expit(self.log_odds)
        return values


@dataclass(frozen=True, slots=True)
class Metric:
    """A measured value and its 95 % interval; all None where the texts do not allow it."""

    value: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """Figures of one model by name, in the order of `METRICS`, and its false positives by group: how many of
    how many clean texts."""

    metrics: Mapping[str, Metric]
    false_positives: Mapping[str, tuple[int, int]]
    texts: int
    garbled: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two models on the same texts; `change` is new minus old."""

    old: Report
    new: Report
    change: Mapping[str, Metric]


def evaluate(scored: Scored, *, seed: int = 0) -> Report:
    """Measure one model."""
    return _report(scored, _drawn([scored], seed)[0])


def compare(old: Scored, new: Scored, *, seed: int = 0) -> Comparison:
    """Measure two models on the same texts in the same order."""
    drawn_old, drawn_new = _drawn([old, new], seed)
    first, second = _report(old, drawn_old), _report(new, drawn_new)
    change = {}
    for name in METRICS:
        a, b = first.metrics[name].value, second.metrics[name].value
        if a is None or b is None:
            change[name] = Metric(None)
        elif name in SHARES:
            change[name] = Metric(b - a, *_change_interval(name, old, new, a, b))
        else:
            change[name] = _metric(b - a, drawn_new[name] - drawn_old[name])
    return Comparison(first, second, change)


def worst(scored: Scored, limit: int) -> list[int]:
    """The texts that the model judges wrongly, by index: at most `limit`, farthest from its threshold first."""
    wrong = np.flatnonzero(scored.is_flagged != (scored.label == 1))
    order = np.argsort(-np.abs(scored.log_odds[wrong] - scored.threshold), kind="stable")
    return [int(i) for i in wrong[order][:limit]]


def all_metrics(scored: Scored, weight: Floats) -> dict[str, float | None]:
    """Every metric, with these weights for the texts; None for what their labels do not allow."""
    values: dict[str, float | None] = dict.fromkeys(METRICS)
    garbled, flagged = scored.label == 1, scored.is_flagged
    positive, negative = weight * garbled, weight * ~garbled
    if weight.sum() > 0:
        values["errors"] = float(np.average(flagged != garbled, weights=weight))
    if positive.sum() > 0:
        values["found"] = float(np.average(flagged, weights=positive))
    if negative.sum() > 0:
        values["false_positives"] = float(np.average(flagged, weights=negative))
    if positive.sum() > 0 and negative.sum() > 0:
        from sklearn.metrics import auc

        fpr, tpr = roc(scored.log_odds, scored.label, weight)
        values["auroc"], values["tpr_at_1_fpr"] = float(auc(fpr, tpr)), float(tpr[fpr <= LOW_FPR].max())
        balanced = balance(scored.label, weight)
        values["calibration_error"] = calibration_error(scored, balanced)
        values["brier"] = float(np.average((scored.probability - garbled) ** 2, weights=balanced))
    return values


def roc(scores: Floats, label: npt.NDArray[np.uint8], weight: Floats) -> tuple[Floats, Floats]:
    """False- and true-positive rates at every threshold, from the strictest (0, 0) to (1, 1); equal scores
    are passed together."""
    from sklearn.metrics import roc_curve

    fpr, tpr, _ = roc_curve(label, scores, sample_weight=weight, drop_intermediate=False)
    return fpr, tpr


def reliability(scored: Scored, weight: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """For each of `BINS` bins that holds a text: its middle, the mean predicted probability, the share of
    garbled texts, and its share of the weight."""
    probability = scored.probability
    place = np.minimum((probability * BINS).astype(int), BINS - 1)
    mass = np.bincount(place, weight, BINS)
    held = mass > 0
    predicted = np.bincount(place, weight * probability, BINS)[held] / mass[held]
    observed = np.bincount(place, weight * (scored.label == 1), BINS)[held] / mass[held]
    return (np.arange(BINS)[held] + 0.5) / BINS, predicted, observed, mass[held] / mass.sum()


def calibration_error(scored: Scored, weight: Floats) -> float:
    """Mean distance between predicted probability and share of garbled texts over the bins of `reliability`."""
    _, predicted, observed, mass = reliability(scored, weight)
    return float((mass * np.abs(predicted - observed)).sum())


def balance(label: npt.NDArray[np.uint8], weight: Floats) -> Floats:
    """The weights, scaled so that each class that is there weighs the same."""
    scaled = weight.astype(np.float64)
    for value in (0, 1):
        of_class = label == value
        total = scaled[of_class].sum()
        if total > 0:
            scaled[of_class] /= total
    return scaled


def false_positives(scored: Scored) -> dict[str, tuple[int, int]]:
    """How many of how many clean texts of each group are called garbled, by name of the group."""
    clean, flagged = scored.label == 0, scored.is_flagged
    groups = np.array(scored.group)
    found = {}
    for group in sorted(set(groups[clean].tolist())):
        inside = clean & (groups == group)
        found[group] = (int(flagged[inside].sum()), int(inside.sum()))
    return found


def rank_correlation(one: Floats, other: Floats) -> float | None:
    """Spearman's rank correlation; None with fewer than three pairs, or if one side is all alike."""
    from scipy.stats import rankdata

    if len(one) < 3 or np.ptp(one) == 0 or np.ptp(other) == 0:
        return None
    return float(np.corrcoef(rankdata(one), rankdata(other))[0, 1])


def _drawn(models: list[Scored], seed: int) -> list[dict[str, Floats]]:
    """The metrics of each model in every draw (NaN where a draw has none)."""
    first = models[0]
    names, member = np.unique(first.unit, return_inverse=True)
    generator = np.random.default_rng(seed)
    drawn = [{name: np.full(DRAWS, np.nan) for name in METRICS} for _ in models]
    for number in range(DRAWS):
        times = np.bincount(generator.integers(0, len(names), len(names)), minlength=len(names))
        weight = first.weight * times[member]
        for scored, values in zip(models, drawn, strict=True):
            for name, value in all_metrics(scored, weight).items():
                values[name][number] = np.nan if value is None else value
    return drawn


def _report(scored: Scored, drawn: Mapping[str, Floats]) -> Report:
    metrics = {}
    for name, value in all_metrics(scored, scored.weight).items():
        if value is None or name not in SHARES:
            metrics[name] = _metric(value, drawn[name])
        else:
            _, weight = _claims(name, scored)
            metrics[name] = Metric(value, *wilson(value, effective_size(weight, scored.unit)))
    for name in RANKED:
        metrics[name] = _not_too_sure(metrics[name], scored, garbled_only=name == "tpr_at_1_fpr")
    return Report(metrics, false_positives(scored), len(scored), int((scored.label == 1).sum()))


def _claims(name: str, scored: Scored) -> tuple[npt.NDArray[np.bool_], Floats]:
    """What a share counts, text by text, and what each text weighs in it."""
    garbled = scored.label == 1
    if name == "errors":
        return scored.is_flagged != garbled, scored.weight
    return scored.is_flagged, scored.weight * (garbled if name == "found" else ~garbled)


def _change_interval(name: str, old: Scored, new: Scored, before: float, after: float) -> Interval:
    (one, weight), (other, _) = _claims(name, old), _claims(name, new)
    agreement = correlation(one, other, weight)
    return newcombe(before, after, agreement, effective_size(weight, old.unit))


def _not_too_sure(metric: Metric, scored: Scored, *, garbled_only: bool) -> Metric:
    """A metric of the ranking at an end of its range, where all draws agree, with Wilson's interval for as many texts
    as there are of the rarer class."""
    if metric.value is None or metric.low is None or metric.low != metric.high:
        return metric
    classes = (1,) if garbled_only else (0, 1)
    sizes = [effective_size(scored.weight * (scored.label == label), scored.unit) for label in classes]
    return Metric(metric.value, *wilson(metric.value, min(sizes)))


def _metric(value: float | None, drawn: Floats) -> Metric:
    usable = drawn[~np.isnan(drawn)]
    if value is None or not len(usable):
        return Metric(value)
    low, high = np.percentile(usable, (2.5, 97.5)).tolist()
    return Metric(value, low, high)
