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
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from joblib import Parallel, delayed

from mtscore import base as bases
from mtscore import quality as qualities
from mtscore import train
from mtscore.base import BaseFeatures, component_number
from mtscore.classifier import Contrast
from mtscore.evidence import find_evidence, strength
from mtscore.features import SIGNAL_NAMES, extract
from mtscore.folder import finish
from mtscore.ngrams import NgramSpace, ngram_vector
from mtscore.quality import Quality
from training.build_lm import LM_LINES, SENTENCES
from training.corpus import LineKeys
from training.dataset import Row, seeded, training_rows
from training.overlap import known_documents
from training.quality import fit_quality, is_for_quality, models_in
from training.roundtrip import with_round_trips

BITS = 19
SPACES = {
    "word_contrast": ("words", NgramSpace((1, 2), 1, BITS), False),
    "matched_word_contrast": ("words", NgramSpace((1, 2), 2, BITS), True),
    "class_contrast": ("classes", NgramSpace((2, 3, 4), 3, BITS), False),
}
"""The contrasts: tokens, n-gram space, and whether only content-matched rows teach it."""

CONTRAST_FOLDS = 3
GROUP_LIMIT = 700
"""Rows kept of one group in the base features."""

ALPHA, EPOCHS = 4e-6, 4


@dataclass(frozen=True, slots=True)
class Extracted:
    """The signals and hashed n-grams of many rows."""

    vectors: npt.NDArray[np.float64]
    strengths: npt.NDArray[np.float64]
    ngrams: dict[str, Any]
    """Per contrast a `scipy.sparse.csr_matrix`."""


def extract_rows(rows: Sequence[Row], folder: Path, quality: Quality, jobs: int) -> Extracted:
    """Signals and n-gram vectors of every row, by the same `extract` that scores."""
    from scipy import sparse

    chunks = [rows[i : i + 200] for i in range(0, len(rows), 200)]
    found = [
        x for part in Parallel(jobs)(delayed(_extract)(c, folder, quality) for c in chunks) for x in part
    ]
    ngrams = {}
    for number, name in enumerate(SPACES):
        vectors = [x[1][number] for x in found]
        ngrams[name] = sparse.csr_matrix(
            (
                np.concatenate([v[1] for v in vectors]),
                np.concatenate([v[0] for v in vectors]),
                np.concatenate([[0], np.cumsum([len(v[0]) for v in vectors])]),
            ),
            shape=(len(rows), 1 << BITS),
        )
    return Extracted(np.stack([x[0] for x in found]), np.array([x[2] for x in found]), ngrams)


def _extract(rows: Sequence[Row], folder: Path, quality: Quality) -> list[tuple[Any, list[Any], float]]:
    models = models_in(folder)
    out = []
    for row in rows:
        extraction = extract(row.text, models, quality)
        tokens = {"words": extraction.analysis.words, "classes": extraction.analysis.classes}
        vectors = [ngram_vector(tokens[kind], space) for kind, space, _ in SPACES.values()]
        words = int(extraction.analysis.is_word.sum())
        nats = strength(find_evidence(extraction, models), words)
        out.append(
            (extraction.vector, [(b.astype(np.int32), v.astype(np.float32)) for b, v in vectors], nats)
        )
    return out


def fit_contrast(matrix: Any, base: BaseFeatures) -> tuple[npt.NDArray[np.float64], float]:
    """Weights and intercept of the linear model over one n-gram space."""
    from sklearn.linear_model import SGDClassifier

    model = SGDClassifier(
        loss="log_loss", alpha=ALPHA, max_iter=EPOCHS, tol=None, average=True, random_state=0
    )
    model.fit(matrix, base.label, sample_weight=train.row_weights(base))
    return model.coef_[0], float(model.intercept_[0])


def fit_contrasts(extracted: Extracted, base: BaseFeatures) -> tuple[list[Contrast], npt.NDArray[np.float64]]:
    """The contrasts on all rows, and out-of-fold values of every row (folds by component)."""
    contrasts, columns = [], []
    fold = (base.component // 7) % CONTRAST_FOLDS
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
        if taken[key] < GROUP_LIMIT:
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
    extracted = extract_rows(rows, folder, quality, jobs)
    base = base_of(rows, extracted.vectors, extracted.strengths, SIGNAL_NAMES)
    contrasts, columns = fit_contrasts(extracted, base)
    matrix = np.concatenate([extracted.vectors, columns], axis=1)
    base = base_of(rows, matrix, extracted.strengths, (*SIGNAL_NAMES, *SPACES))
    bases.save(base, folder / bases.FILE)
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
