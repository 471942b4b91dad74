"""The classifier as plain arrays: evaluated with numpy alone, the same on every scikit-learn version.

Two models see the signals together with the n-gram contrasts and the strength of the findings: gradient-boosted
trees and a small neural network. Their log-odds are averaged, because they fail differently, and calibrated by a
logistic map (Platt 1999, "Probabilistic outputs for support vector machines").

Every operation works row by row in a fixed order, so a document's score does not depend on the others in its
batch.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from mtscore.arrays import tensors
from mtscore.arrays.network import FIELDS as _NETWORK_FIELDS
from mtscore.arrays.network import Network
from mtscore.arrays.ngrams import (
    NgramSpace,
    contrasts,
    ngram_vectors,
    owned_ngrams,
    owner_scores,
)
from mtscore.arrays.ragged import RowSplits
from mtscore.arrays.tensors import check, finite, read_bytes
from mtscore.arrays.trees import FIELDS as _TREE_FIELDS
from mtscore.arrays.trees import Trees
from mtscore.errors import ModelError
from mtscore.signals.analysis import TOKEN_KINDS, Group, Hashed
from mtscore.signals.columns import SENTENCE_QUANTILES, Column, Columns, contrast_columns
from mtscore.signals.sentences import SHORT

_HEADER = "classifier"


@dataclass(frozen=True, slots=True)
class Contrast:
    """One linear model over hashed n-grams of `tokens` ("words", "classes" or "letters") that tells human from
    machine wording.

    By document it gives one number; by sentence (`is_by_sentence`) the mean over the sentences, weighted by their
    tokens, and `SENTENCE_QUANTILES`: a few very bad sentences then show in a long article.
    """

    name: str
    tokens: str
    space: NgramSpace
    weights: npt.NDArray[np.float16]
    intercept: float
    is_by_sentence: bool = False

    @property
    def columns(self) -> tuple[Column, ...]:
        """Where its numbers stand."""
        return contrast_columns(self.name, self.tokens, is_by_sentence=self.is_by_sentence)

    def values(self, group: Group, hashed: Hashed) -> npt.NDArray[np.float64]:
        """Each document's log-odds for machine against human wording, a row of `columns` for each (worse: higher);
        `hashed` is what `sentence_tokens` gives for the group. By sentence, all are 0 for a document without a
        sentence of `SHORT` tokens."""
        if not self.is_by_sentence:
            vectors = ngram_vectors(hashed[0], group.tokens, self.space)
            return contrasts(vectors, self.weights, self.intercept)[:, None]
        sentences = len(group.whole.sentences)
        scores = owner_scores(owned_ngrams(*hashed, self.space), self.weights, sentences) + self.intercept
        return summaries(scores, group.sentence_sizes, group.sentences)


def summaries(
    scores: npt.NDArray[np.float64], tokens: npt.NDArray[np.integer], sentences: RowSplits
) -> npt.NDArray[np.float64]:
    """Mean by tokens and `SENTENCE_QUANTILES` (the value at that place, not between two) of the scores of each
    document's sentences of at least `SHORT` tokens, a row for each document; 0 without such a sentence."""
    kept = tokens >= SHORT
    scores, tokens, parts = scores[kept], tokens[kept], sentences.chosen(kept)
    (filled,) = parts.sizes.nonzero()
    sizes, first = parts.sizes[filled], parts.bounds[filled]
    ordered = parts.ordered(scores)
    out = np.zeros((1 + len(SENTENCE_QUANTILES), len(parts)))
    out[0] = parts.sums(scores * tokens) / np.maximum(parts.total(tokens), 1)
    for row, quantile in enumerate(SENTENCE_QUANTILES, 1):
        out[row, filled] = ordered[first + np.minimum(sizes * quantile // 100, sizes - 1)]
    return out.T


def summarise(scores: npt.NDArray[np.float64], tokens: npt.NDArray[np.integer]) -> list[float]:
    """`summaries` of one document."""
    found: list[float] = summaries(scores, tokens, RowSplits.of_sizes([len(scores)]))[0].tolist()
    return found


@dataclass(frozen=True, slots=True)
class Classifier:
    """Signals, contrasts and the strength of the findings to a calibrated log-odds.

    `calibration` is (slope, offset, strength slope): log-odds at equal priors = slope * mean log-odds + offset
    + strength slope * strength of the findings (`evidence.strength`, nats).
    """

    signal_names: tuple[str, ...]
    contrasts: tuple[Contrast, ...]
    trees: Trees
    network: Network
    calibration: tuple[float, float, float]

    @property
    def input_names(self) -> tuple[str, ...]:
        """The columns of the rows that `margin` takes: the signals, then the contrasts."""
        return self.signal_names + column_names(self.contrasts)

    @property
    def columns(self) -> Columns:
        """The columns that a row for this classifier has. A folder whose classifier has other `input_names` is not
        loaded."""
        return Columns(tuple(column for c in self.contrasts for column in c.columns))

    def contrast_values(self, group: Group) -> npt.NDArray[np.float64]:
        """The numbers of each document under every contrast, a row for each in the order of `input_names`."""
        found = [c.values(group, group.hashed[c.tokens]) for c in self.contrasts]
        return np.concatenate([np.zeros((len(group.tokens), 0)), *found], axis=1)

    def margin(
        self, rows: npt.NDArray[np.float64], strength: npt.NDArray[np.float64]
    ) -> npt.NDArray[np.float64]:
        """Mean log-odds of the two models, not calibrated. `rows` has the columns of `input_names`, `strength`
        one number per row."""
        inputs = model_inputs(rows, strength)
        return (self.trees.evaluate(inputs) + self.network.log_odds(inputs)) / 2.0

    def log_odds(
        self, rows: npt.NDArray[np.float64], strength: npt.NDArray[np.float64]
    ) -> npt.NDArray[np.float64]:
        """Calibrated log-odds of garbled against not garbled, at equal prior probabilities; `strength` is one
        number per row."""
        slope, offset, strength_slope = self.calibration
        return slope * self.margin(rows, strength) + offset + strength_slope * strength


def column_names(contrasts: Iterable[Contrast]) -> tuple[str, ...]:
    """The names of all numbers that the contrasts give, in order."""
    return tuple(column.name for c in contrasts for column in c.columns)


def model_inputs(
    rows: npt.NDArray[np.floating], strength: npt.NDArray[np.floating]
) -> npt.NDArray[np.float64]:
    """What both models see: the rows with the strength as their last column."""
    return np.concatenate([rows, strength[:, None]], axis=1, dtype=np.float64)


def save(classifier: Classifier, path: Path) -> None:
    """Write the arrays as tensors, what is not an array in their header. Equal classifiers give equal bytes."""
    arrays: dict[str, npt.NDArray[Any]] = {}
    arrays |= {f"trees.{field}": getattr(classifier.trees, field) for field in _TREE_FIELDS}
    arrays |= {f"network.{field}": getattr(classifier.network, field) for field in _NETWORK_FIELDS}
    arrays |= {f"contrast.{c.name}": c.weights for c in classifier.contrasts}
    scalars = {
        "signal_names": list(classifier.signal_names),
        "contrasts": [
            {
                "name": c.name,
                "tokens": c.tokens,
                "orders": list(c.space.orders),
                "salt": c.space.salt,
                "bits": c.space.bits,
                "intercept": c.intercept,
                "is_by_sentence": c.is_by_sentence,
            }
            for c in classifier.contrasts
        ],
        "baseline": classifier.trees.baseline,
        "intercept": classifier.network.intercept,
        "calibration": list(classifier.calibration),
    }
    tensors.save(path, arrays, _HEADER, scalars)


def load(path: Path) -> Classifier:
    """Read what `save` wrote. Raises `ModelError` for anything else."""
    return parse(read_bytes(path), str(path))


def parse(data: bytes, where: str) -> Classifier:
    """The classifier in the bytes of a file; `where` names it. Raises `ModelError` when they are of another form."""
    try:
        return _build(*tensors.parse(data, _HEADER))
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise ModelError(
            f"{where} is not a classifier that this version of mtscore reads: {error}"
        ) from error


def _build(arrays: Mapping[str, npt.NDArray[Any]], scalars: Mapping[str, Any]) -> Classifier:
    slope, offset, strength_slope = (finite(value, "calibration") for value in scalars["calibration"])
    classifier = Classifier(
        signal_names=tuple(scalars["signal_names"]),
        contrasts=tuple(_contrast(arrays, values) for values in scalars["contrasts"]),
        trees=Trees(
            **{field: arrays[f"trees.{field}"] for field in _TREE_FIELDS},
            baseline=finite(scalars["baseline"], "baseline"),
        ),
        network=Network(
            **{field: arrays[f"network.{field}"] for field in _NETWORK_FIELDS},
            intercept=finite(scalars["intercept"], "intercept"),
        ),
        calibration=(slope, offset, strength_slope),
    )
    inputs = len(classifier.input_names) + 1  # and the strength
    classifier.trees.check(inputs)
    classifier.network.check(inputs)
    return classifier


def _contrast(arrays: Mapping[str, npt.NDArray[Any]], values: Mapping[str, Any]) -> Contrast:
    name, tokens, is_by_sentence = str(values["name"]), values["tokens"], bool(values["is_by_sentence"])
    space = NgramSpace(tuple(map(int, values["orders"])), int(values["salt"]), int(values["bits"]))
    space.check()
    kinds = TOKEN_KINDS if is_by_sentence else ("words", "classes")
    if tokens not in kinds or arrays[f"contrast.{name}"].shape != (1 << space.bits,):
        raise ValueError(f"contrast {name} does not fit its space")
    weights = check(arrays, f"contrast.{name}", np.float16, (1 << space.bits,))
    return Contrast(name, tokens, space, weights, finite(values["intercept"], "intercept"), is_by_sentence)
