"""The n-gram contrasts, and their out-of-fold values of the rows that teach them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from mtscore.learning import train
from mtscore.model.base_features import BaseFeatures
from mtscore.model.classifier import Contrast
from mtscore.signals.columns import SENTENCE_QUANTILES
from training.extracted import LINE_SPACES, SPACES, Extracted, by_row
from training.line_pairs import LinePairs, fit_line_contrast, line_matrix, line_pairs

CONTRAST_FOLDS = 3
ALPHA, EPOCHS = 4e-6, 4


@dataclass(frozen=True, slots=True)
class Lines:
    """The pairs of lines that the contrasts by sentence learn from, and the lines' n-grams per contrast."""

    pairs: LinePairs
    matrices: dict[str, Any]


def read_lines_of(data: Path, folder: Path, jobs: int) -> Lines:
    """The pairs of the aligned corpus in `data`; word classes come from the model folder."""
    pairs = line_pairs(data / "train" / "aligned.jsonl.xz", jobs)
    table = folder / "lexicon.tsv.gz"
    matrices = {
        name: line_matrix(pairs.lines, tokens, space, table, jobs)
        for name, (tokens, space) in LINE_SPACES.items()
    }
    return Lines(pairs, matrices)


def fit_contrast(matrix: Any, base: BaseFeatures) -> tuple[npt.NDArray[np.float64], float]:
    """Weights and intercept of the linear model over one n-gram space."""
    from sklearn.linear_model import SGDClassifier

    model = SGDClassifier(
        loss="log_loss", alpha=ALPHA, max_iter=EPOCHS, tol=None, average=True, random_state=0
    )
    model.fit(matrix, base.label, sample_weight=train.example_weights(base))
    return model.coef_[0], float(model.intercept_[0])


def fit_contrasts(
    extracted: Extracted, base: BaseFeatures, lines: Lines, usable: npt.NDArray[np.bool_]
) -> tuple[list[Contrast], npt.NDArray[np.float64]]:
    """All contrasts, and their out-of-fold values of every row (folds by component). `usable` says which pairs of
    lines may teach."""
    fold = (base.component // 7) % CONTRAST_FOLDS
    by_document, columns = _document_contrasts(extracted, base, fold)
    by_sentence, more = _sentence_contrasts(extracted, fold, lines, usable)
    return by_document + by_sentence, np.concatenate([columns, more], axis=1)


def _document_contrasts(
    extracted: Extracted, base: BaseFeatures, fold: npt.NDArray[np.int64]
) -> tuple[list[Contrast], npt.NDArray[np.float64]]:
    contrasts, columns = [], []
    for name, (tokens, space, matched_only) in SPACES.items():
        matrix = extracted.ngrams[name]
        usable = base.is_matched if matched_only else np.ones(len(base), np.bool_)
        column = np.zeros(len(base))
        for k in range(CONTRAST_FOLDS):
            inside, rest = np.flatnonzero(fold == k), np.flatnonzero((fold != k) & usable)
            weights, intercept = fit_contrast(matrix[rest], base.rows(rest))
            column[inside] = matrix[inside] @ weights.astype(np.float16).astype(np.float64) + intercept
        everything = np.flatnonzero(usable)
        weights, intercept = fit_contrast(matrix[everything], base.rows(everything))
        contrasts.append(Contrast(name, tokens, space, weights.astype(np.float16), intercept))
        columns.append(column)
    return contrasts, np.stack(columns, axis=1)


def _sentence_contrasts(
    extracted: Extracted, fold: npt.NDArray[np.int64], lines: Lines, usable: npt.NDArray[np.bool_]
) -> tuple[list[Contrast], npt.NDArray[np.float64]]:
    line_fold = (lines.pairs.component // 7) % CONTRAST_FOLDS
    contrasts, columns = [], []
    for name, (tokens, space) in LINE_SPACES.items():
        matrix = lines.matrices[name]
        column = np.zeros((len(fold), 1 + len(SENTENCE_QUANTILES)))
        for k in range(CONTRAST_FOLDS):
            weights = fit_line_contrast(matrix, lines.pairs, usable & (line_fold != k))
            values = by_row(extracted, name, weights)
            column[fold == k] = values[fold == k]
        weights = fit_line_contrast(matrix, lines.pairs, usable)
        contrasts.append(Contrast(name, tokens, space, weights, 0.0, is_by_sentence=True))
        columns.append(column)
    return contrasts, np.concatenate(columns, axis=1)


def contrast_columns(extracted: Extracted, contrasts: Sequence[Contrast]) -> npt.NDArray[np.float64]:
    """The numbers of all contrasts for rows that did not teach them."""
    columns = [
        by_row(extracted, c.name, c.weights)
        if c.is_by_sentence
        else (extracted.ngrams[c.name] @ c.weights.astype(np.float64) + c.intercept)[:, None]
        for c in contrasts
    ]
    return np.concatenate(columns, axis=1)
