"""Trains on the teaching rows of a fold and scores the judged ones; metrics with their intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.metrics import roc_auc_score

from benchmarks.protocol.folds import Data, Mask, Part
from benchmarks.protocol.reading import Numbers
from mtscore.learning import train
from mtscore.model.classifier import column_names
from mtscore.signals.columns import INPUT_NAMES
from training.build_model import base_of
from training.contrasts import contrast_columns, fit_contrasts

BOOTSTRAPS = 300
FALSE_POSITIVES = 0.01

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Judged:
    """Scores of judged rows: calibrated log-odds minus the threshold chosen on the teaching rows."""

    index: npt.NDArray[np.int64]
    excess: Floats


def judge(part: Part, data: Data, fold: str = "", numbers: Numbers | None = None) -> Judged:
    """Train on what teaches, score what is judged: quickly, or closely with a reader's numbers."""
    taught = [data.rows[i] for i in part.teach]
    extracted = data.extracted.rows(part.teach)
    base = base_of(taught, extracted.vectors, extracted.strengths, INPUT_NAMES)
    contrasts, columns = fit_contrasts(extracted, base, data.lines, part.usable)
    matrix = np.concatenate([extracted.vectors, columns], axis=1)
    names = (*INPUT_NAMES, *column_names(contrasts))
    examples = base_of(taught, matrix, extracted.strengths, names)
    fitted = train.fit(examples, contrasts)
    judged = data.extracted.rows(part.judge).as_judged()
    inputs = np.concatenate([judged.vectors, contrast_columns(judged, contrasts)], axis=1)
    inputs = inputs.astype(np.float16).astype(np.float64)
    said = fitted.classifier.log_odds(inputs, judged.strengths)
    if numbers is not None:
        return Judged(part.judge, numbers.excess(fold, part, examples, fitted, said, judged.strengths))
    return Judged(part.judge, said - fitted.garbled)


def joined(parts: Sequence[Judged]) -> Judged:
    """The judgements of several trainings as one."""
    return Judged(np.concatenate([p.index for p in parts]), np.concatenate([p.excess for p in parts]))


def limit(human: Floats) -> float:
    """The score that 1 % of human documents exceed."""
    return float(np.quantile(human, 1 - FALSE_POSITIVES))


def metrics(truth: Mask, scores: Floats) -> tuple[float, float]:
    """AUROC, and the share of garbled documents above all but 1 % of the others."""
    return float(roc_auc_score(truth, scores)), float(np.mean(scores[truth] > limit(scores[~truth])))


def area(garbled: Floats, human: Floats) -> float:
    """AUROC of some scores against others; not a number without either."""
    if not (len(garbled) and len(human)):
        return float("nan")
    truth = np.repeat([1, 0], [len(garbled), len(human)])
    return float(roc_auc_score(truth, np.concatenate([garbled, human])))


def intervals(truth: Mask, scores: Floats, components: npt.NDArray[np.str_]) -> Floats:
    """95 % intervals (2 x 2: low and high of both `metrics`), components drawn with replacement."""
    names, numbers = np.unique(components, return_inverse=True)
    order = np.argsort(numbers, kind="stable")
    members = np.split(order, np.cumsum(np.bincount(numbers))[:-1])
    generator = np.random.default_rng(0)
    drawn = []
    for _ in range(BOOTSTRAPS):
        chosen = np.concatenate([members[i] for i in generator.integers(0, len(names), len(names))])
        if 0 < truth[chosen].sum() < len(chosen):
            drawn.append(metrics(truth[chosen], scores[chosen]))
    bounds: Floats = np.percentile(np.array(drawn), (2.5, 97.5), axis=0)
    return bounds
