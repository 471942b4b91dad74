"""Builds the classifier of a model folder: quality model, contrasts, base features, classifier, manifest.

    python -m training.build_model --data DATA --lm WORK --model models/en --corpora training/corpora.json

The model folder must hold the language models and the word table already, and WORK is the folder that
`training.build_lm` worked in: it tells which documents the language models have seen, and these are left out.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from joblib import Parallel, delayed

from mtscore.arrays.ngrams import NgramSpace, ngram_vector, owned_ngrams
from mtscore.findings.collection import find_evidence
from mtscore.findings.strength import finding_signals, strength
from mtscore.learning import train
from mtscore.learning.model_writer import finish
from mtscore.model.base_features import BaseFeatures, component_number
from mtscore.model.classifier import Contrast, column_names, summarise
from mtscore.signals import quality as qualities
from mtscore.signals.analysis import sentence_tokens
from mtscore.signals.columns import FINDING_NAMES, INPUT_NAMES, SENTENCE_QUANTILES
from mtscore.signals.extraction import extract
from mtscore.signals.quality import Quality
from training.build_lm import LM_LINES, SENTENCES
from training.corpus import LineKeys
from training.dataset import Row, seeded, training_rows
from training.line_pairs import LinePairs, fit_line_contrast, line_matrix, line_pairs, owner_matrix
from training.overlap import known_documents
from training.quality import fit_quality, is_for_quality, models_in
from training.roundtrip import with_round_trips

CONTRAST_FOLDS = 3
GROUP_LIMIT, MATCHED_LIMIT = 700, 2700
"""Rows kept of one group in the base features; more of translations that may be garbled and of the human text of
the same lines, because they teach most."""
MATCHED_GROUPS = ("_human", "_band")
"""The ends of these groups' names."""

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


def base_of(
    rows: Sequence[Row],
    vectors: npt.NDArray[np.float64],
    strengths: npt.NDArray[np.float64],
    names: Sequence[str],
) -> BaseFeatures:
    """The rows' numbers as base features."""
    return BaseFeatures(
        tuple(names),
        vectors.astype(np.float16),
        np.array([r.label for r in rows], np.uint8),
        np.array([r.weight for r in rows], np.float32),
        np.array([r.is_matched for r in rows], np.bool_),
        np.array([component_number(r.component) for r in rows], np.int64),
        strengths.astype(np.float32),
        tuple(r.group for r in rows),
        tuple(r.register for r in rows),
    )


def subsample(rows: Sequence[Row]) -> list[Row]:
    """At most `GROUP_LIMIT` rows of each group and label, the same ones every time, in the order given."""
    order = sorted(rows, key=lambda r: seeded("base" + r.id).random())
    taken: Counter[tuple[int, str]] = Counter()
    kept = set()
    for row in order:
        key = (row.label, row.group)
        if taken[key] < (MATCHED_LIMIT if row.group.endswith(MATCHED_GROUPS) else GROUP_LIMIT):
            taken[key] += 1
            kept.add(row.id)
    return [row for row in rows if row.id in kept]


def unseen_rows(data: Path, lm: Path) -> list[Row]:
    """The training rows that the language models have seen nothing of, subsampled; `lm` is the work folder of
    `training.build_lm`."""
    rows = subsample(list(training_rows(data, LineKeys.load(lm / LM_LINES))))
    known = known_documents(rows, lm / SENTENCES)
    return [row for row in rows if row.id not in known]


def build(data: Path, lm: Path, folder: Path, corpora: list[dict[str, str]], jobs: int) -> None:
    """Everything from labelled texts to a complete folder."""
    everything = with_round_trips(unseen_rows(data, lm))
    quality = fit_quality(data, [row for row in everything if is_for_quality(row)], folder, jobs)
    rows = [row for row in everything if not is_for_quality(row)]
    extracted = extract_all(rows, folder, quality, jobs)
    base = base_of(rows, extracted.vectors, extracted.strengths, INPUT_NAMES)
    lines = read_lines_of(data, folder, jobs)
    contrasts, columns = fit_contrasts(extracted, base, lines, np.ones(len(lines.pairs.worse), np.bool_))
    matrix = np.concatenate([extracted.vectors, columns], axis=1)
    base = base_of(rows, matrix, extracted.strengths, (*INPUT_NAMES, *column_names(contrasts)))
    qualities.save(quality, folder / "quality.safetensors")
    finish(folder, base, contrasts, corpora, jobs=jobs)


def main(argv: Iterable[str] | None = None) -> None:
    """The command line: see the module's docstring."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="folder that holds train/")
    parser.add_argument("--lm", type=Path, required=True, help="the work folder that training.build_lm left")
    parser.add_argument(
        "--model", type=Path, required=True, help="model folder, with the language models in it"
    )
    parser.add_argument("--corpora", type=Path, required=True, help="JSON list of corpora and licences")
    parser.add_argument("--jobs", type=int, default=2)
    given = parser.parse_args(None if argv is None else list(argv))
    corpora = json.loads(given.corpora.read_text(encoding="utf-8"))
    build(given.data, given.lm, given.model, corpora, given.jobs)


if __name__ == "__main__":
    main()
