"""Builds the classifier of a model folder: quality model, contrasts, base features, classifier, manifest.

    python -m training.build_model --data DATA --lm WORK --model models/en --corpora training/corpora.json \\
        --notes training/card_notes.md

The model folder must hold the language models and the word table already, and WORK is the folder that
`training.build_lm` worked in: it tells which documents the language models have seen, and these are left out.
"""

from __future__ import annotations

import argparse
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
from mtscore.learning.model_writer import Origin, finish
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
from training.origin import add_origin, origin_of
from training.overlap import known_documents
from training.quality import fit_quality, is_for_quality, models_in
from training.translations.roundtrips import with_round_trips

BITS = 18
SPACES = {
    "word_contrast": ("words", NgramSpace((1, 2), 1, BITS), False),
    "matched_word_contrast": ("words", NgramSpace((1, 2), 2, BITS), True),
    "class_contrast": ("classes", NgramSpace((2, 3, 4), 3, BITS), False),
}
"""The contrasts by document: tokens, n-gram space, and whether only content-matched rows teach it."""

LINE_BITS = 18
LINE_SPACES = {
    "word_ranking": ("words", NgramSpace((1, 2), 11, LINE_BITS)),
    "class_ranking": ("classes", NgramSpace((2, 3, 4), 12, LINE_BITS)),
    "letter_ranking": ("letters", NgramSpace((3, 4), 13, LINE_BITS)),
}
"""The contrasts by sentence, learned from pairs of translations of one line (`training.line_pairs`)."""

CONTRAST_FOLDS = 3
GROUP_LIMIT, MATCHED_LIMIT = 700, 2700
"""Rows kept of one group in the base features; more of translations that may be garbled and of the human text of
the same lines, because they teach most."""
MATCHED_GROUPS = ("_human", "_band")
"""The ends of these groups' names."""

ALPHA, EPOCHS = 4e-6, 4


@dataclass(frozen=True, slots=True)
class Extracted:
    """The signals and hashed n-grams of many rows.

    The signals teach: in chats and print that a machine has read, strange words are findings too. A classifier that
    has not seen people write them trusts findings more than it should (of the development set, .650 to .657 instead
    of .677 is found at 1 % false positives). `as_judged` gives the signals of a verdict.
    """

    vectors: npt.NDArray[np.float64]
    strengths: npt.NDArray[np.float64]
    excused: npt.NDArray[np.float64]
    """What a verdict has instead: the signals of `FINDING_NAMES`, the last columns of `vectors`, and the strength."""
    ngrams: dict[str, Any]
    """Per contrast by document a `scipy.sparse.csr_matrix` rows x buckets."""
    sentences: dict[str, Any]
    """Per contrast by sentence one of sentences x buckets."""
    owner: npt.NDArray[np.int64]
    """The row of each sentence."""
    tokens: npt.NDArray[np.int64]
    """The number of tokens of each sentence."""

    def rows(self, index: npt.NDArray[np.int64]) -> Extracted:
        """The rows at `index`, which must ascend."""
        inside = np.isin(self.owner, index)
        return Extracted(
            self.vectors[index],
            self.strengths[index],
            self.excused[index],
            {name: matrix[index] for name, matrix in self.ngrams.items()},
            {name: matrix[inside] for name, matrix in self.sentences.items()},
            np.searchsorted(index, self.owner[inside]),
            self.tokens[inside],
        )

    def as_judged(self) -> Extracted:
        """The rows with the signals of a verdict."""
        others = self.vectors[:, : -len(FINDING_NAMES)]
        vectors = np.concatenate([others, self.excused[:, :-1]], axis=1)
        return replace(self, vectors=vectors, strengths=self.excused[:, -1])


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


def extract_rows(rows: Sequence[Row], folder: Path, quality: Quality, jobs: int) -> Extracted:
    """Signals and n-gram vectors of every row, by the same `extract` that scores."""
    chunks = [rows[i : i + 200] for i in range(0, len(rows), 200)]
    return _joined(Parallel(jobs)(delayed(_extract)(chunk, folder, quality) for chunk in chunks))


def _joined(parts: Sequence[Extracted]) -> Extracted:
    """Many extractions as one, rows in order."""
    from scipy import sparse

    firsts = np.cumsum([0, *(len(part.vectors) for part in parts)])
    return Extracted(
        np.concatenate([part.vectors for part in parts]),
        np.concatenate([part.strengths for part in parts]),
        np.concatenate([part.excused for part in parts]),
        {name: sparse.vstack([part.ngrams[name] for part in parts]).tocsr() for name in SPACES},
        {name: sparse.vstack([part.sentences[name] for part in parts]).tocsr() for name in LINE_SPACES},
        np.concatenate([part.owner + first for part, first in zip(parts, firsts[:-1], strict=True)]),
        np.concatenate([part.tokens for part in parts]),
    )


def _extract(rows: Sequence[Row], folder: Path, quality: Quality) -> Extracted:
    models = models_in(folder)
    vectors, strengths, excused, owner, tokens = [], [], [], [], []
    documents: dict[str, list[Any]] = {name: [] for name in SPACES}
    sentences: dict[str, list[Any]] = {name: [] for name in LINE_SPACES}
    for number, row in enumerate(rows):
        extraction = extract(row.text, models, quality)
        analysis = extraction.analysis
        words = int(analysis.is_word.sum())
        found = find_evidence(extraction, models, exemptions=False)
        vectors.append(np.concatenate([extraction.vector, finding_signals(found, words)]))
        strengths.append(strength(found, words))
        shown = find_evidence(extraction, models)
        excused.append([*finding_signals(shown, words), strength(shown, words)])
        lengths = np.bincount(analysis.sentence, minlength=len(analysis.sentences))
        owner.append(np.full(len(lengths), number))
        tokens.append(lengths)
        for name, (kind, space, _) in SPACES.items():
            units = analysis.words if kind == "words" else analysis.classes
            documents[name].append(_as_row(ngram_vector(units, space), space))
        for name, (kind, space) in LINE_SPACES.items():
            ngrams = owned_ngrams(*sentence_tokens(analysis, kind), space)
            sentences[name].append(owner_matrix(ngrams, len(lengths), space))
    return Extracted(
        np.stack(vectors), np.array(strengths), np.array(excused), _stacked(documents), _stacked(sentences),
        np.concatenate(owner), np.concatenate(tokens),
    )  # fmt: skip


def _as_row(vector: tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]], space: NgramSpace) -> Any:
    from scipy import sparse

    buckets, values = vector
    shape = (1, 1 << space.bits)
    return sparse.csr_matrix((values.astype(np.float32), buckets, np.array([0, len(buckets)])), shape=shape)


def _stacked(matrices: dict[str, list[Any]]) -> dict[str, Any]:
    from scipy import sparse

    return {name: sparse.vstack(parts).tocsr() for name, parts in matrices.items()}


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


def by_row(extracted: Extracted, name: str, weights: npt.NDArray[np.float16]) -> npt.NDArray[np.float64]:
    """The numbers of one contrast by sentence for every row."""
    scores = extracted.sentences[name] @ weights.astype(np.float64)
    ends = np.searchsorted(extracted.owner, np.arange(len(extracted.vectors) + 1))
    spans = pairwise(ends.tolist())
    return np.array([summarise(scores[low:high], extracted.tokens[low:high]) for low, high in spans])


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


def build(data: Path, lm: Path, folder: Path, origin: Origin, jobs: int) -> None:
    """Everything from labelled texts to a complete folder."""
    everything = with_round_trips(unseen_rows(data, lm))
    quality = fit_quality(data, [row for row in everything if is_for_quality(row)], folder, jobs)
    rows = [row for row in everything if not is_for_quality(row)]
    extracted = extract_rows(rows, folder, quality, jobs)
    base = base_of(rows, extracted.vectors, extracted.strengths, INPUT_NAMES)
    lines = read_lines_of(data, folder, jobs)
    contrasts, columns = fit_contrasts(extracted, base, lines, np.ones(len(lines.pairs.worse), np.bool_))
    matrix = np.concatenate([extracted.vectors, columns], axis=1)
    base = base_of(rows, matrix, extracted.strengths, (*INPUT_NAMES, *column_names(contrasts)))
    qualities.save(quality, folder / "quality.safetensors")
    finish(folder, base, contrasts, origin, jobs=jobs)


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
    add_origin(parser)
    parser.add_argument("--jobs", type=int, default=2)
    given = parser.parse_args(None if argv is None else list(argv))
    build(given.data, given.lm, given.model, origin_of(given), given.jobs)


if __name__ == "__main__":
    main()
