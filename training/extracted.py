"""What the model side knows of every training row: signals, findings and hashed n-grams."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from mtscore.arrays.ngrams import NgramSpace, ngram_vector, owned_ngrams
from mtscore.findings.collection import find_evidence
from mtscore.findings.strength import finding_signals, strength
from mtscore.model.classifier import summarise
from mtscore.signals.analysis import sentence_tokens
from mtscore.signals.columns import FINDING_NAMES
from mtscore.signals.extraction import extract
from mtscore.signals.quality import Quality
from training.dataset import Row
from training.line_pairs import owner_matrix
from training.quality import models_in

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

    def rows(self, index: npt.NDArray[np.integer]) -> Extracted:
        """The rows at `index`, in that order."""
        ends = np.searchsorted(self.owner, np.arange(len(self.vectors) + 1))
        sizes = ends[index + 1] - ends[index]
        owner = np.repeat(np.arange(len(index)), sizes)
        places = np.arange(len(owner)) + (ends[index] - (np.cumsum(sizes) - sizes))[owner]
        return Extracted(
            self.vectors[index],
            self.strengths[index],
            self.excused[index],
            {name: matrix[index] for name, matrix in self.ngrams.items()},
            {name: matrix[places] for name, matrix in self.sentences.items()},
            owner,
            self.tokens[places],
        )

    def as_judged(self) -> Extracted:
        """The rows with the signals of a verdict."""
        others = self.vectors[:, : -len(FINDING_NAMES)]
        vectors = np.concatenate([others, self.excused[:, :-1]], axis=1)
        return replace(self, vectors=vectors, strengths=self.excused[:, -1])


def joined(parts: Sequence[Extracted]) -> Extracted:
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


def extract_rows(rows: Sequence[Row], folder: Path, quality: Quality) -> Extracted:
    """Signals and n-gram vectors of every row, by the same `extract` that scores; `folder` holds the resources."""
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


def by_row(extracted: Extracted, name: str, weights: npt.NDArray[np.float16]) -> npt.NDArray[np.float64]:
    """The numbers of one contrast by sentence for every row."""
    scores = extracted.sentences[name] @ weights.astype(np.float64)
    ends = np.searchsorted(extracted.owner, np.arange(len(extracted.vectors) + 1))
    spans = pairwise(ends.tolist())
    return np.array([summarise(scores[low:high], extracted.tokens[low:high]) for low, high in spans])
