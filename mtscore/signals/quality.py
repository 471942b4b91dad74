"""Quality: how good the English is, 0 to 100, from people's ratings of translations.

Sentence by sentence, two regressions are added up, trained on sentences that several people rated from 0 to 100:
trees over `signals.sentences`, which learned from people's own text too, and a linear `Merit` over the same inputs
and n-grams, which learned what raters of one language prefer and so carries over to languages without ratings. The
article's value is the mean over its words, passed through a monotone map that was fitted on whole articles. Low
quality is not garbling: a learner's essay may have a low quality and a low score.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from mtscore.arrays import tensors
from mtscore.arrays.network import standardised
from mtscore.arrays.ngrams import NgramSpace, owned_ngrams, owner_scores
from mtscore.arrays.ragged import Floats, RowSplits
from mtscore.arrays.tensors import check, finite, read_bytes
from mtscore.arrays.trees import FIELDS, Trees
from mtscore.errors import ModelError
from mtscore.signals.analysis import Group
from mtscore.signals.sentences import SENTENCE_INPUTS, SHORT, sentence_inputs

QUALITY_NAMES: tuple[str, ...] = (
    "sentence_quality_mean",
    "sentence_quality_q10",
    "sentence_quality_q25",
    "sentence_quality_q50",
    "sentence_quality_q75",
    "poor_sentence_share",
)
"""Signals of `quality_signals`: mean, quantiles over sentences of their predicted rating (0..100, worse:
lower), and the share of sentences below `POOR` (worse: higher). 50, 50, ..., 0 for a text without a sentence
of `SHORT` words."""

POOR = 60.0


MERIT_WEIGHT = 30.0
"""Rating points that one deviation of merit counts."""

MERIT_SPACES: Mapping[str, NgramSpace] = {
    "classes": NgramSpace((2, 3, 4), 21, 17),
    "letters": NgramSpace((3, 4), 22, 17),
}
"""The n-grams of `Merit`."""


@dataclass(frozen=True, slots=True)
class Merit:
    """How much better than other translations from the same language people would rate a sentence, in standard
    deviations: a linear model over `SENTENCE_INPUTS`, standardised and clipped to +-`CLIP` deviations, plus one over
    the hashed n-grams of each of `MERIT_SPACES`."""

    mean: npt.NDArray[np.float64]
    scale: npt.NDArray[np.float64]
    weights: npt.NDArray[np.float64]
    ngrams: Mapping[str, npt.NDArray[np.float16]]

    CLIP = 2.0

    def of_inputs(self, rows: Floats) -> Floats:
        """The part of the inputs, one number for each row of the matrix sentences x `SENTENCE_INPUTS`."""
        found: Floats = (standardised(rows, self.mean, self.scale, self.CLIP) * self.weights).sum(axis=1)
        return found

    def of_ngrams(self, group: Group) -> Floats:
        """The part of the n-grams, one number for each sentence."""
        found = np.zeros(len(group.whole.sentences))
        for tokens, space in MERIT_SPACES.items():
            ngrams = owned_ngrams(*group.hashed[tokens], space)
            found += owner_scores(ngrams, self.ngrams[tokens], len(found))
        return found

    def check(self) -> None:
        """Raise ValueError for arrays of other shapes or types, or that lack a number."""
        inputs = {"merit.mean": self.mean, "merit.scale": self.scale, "merit.weights": self.weights}
        for name in inputs:
            check(inputs, name, np.float64, (len(SENTENCE_INPUTS),))
        if not (self.scale > 0).all():
            raise ValueError("a scale is not positive")
        for tokens, space in MERIT_SPACES.items():
            check(self.ngrams, tokens, np.float16, (1 << space.bits,))


@dataclass(frozen=True, slots=True)
class Quality:
    """The sentence regressions and the map from an article's mean to 0..100.

    `knots` are (mean predicted rating, quality) pairs, ascending in both; linear between, flat outside.
    """

    trees: Trees
    merit: Merit
    knots: tuple[tuple[float, float], ...]
    floor: float
    """log10 frequency of unknown words, as in the word table."""

    def judge(self, group: Group, texts: Sequence[str]) -> tuple[Floats, list[float | None]]:
        """The signals of `QUALITY_NAMES`, a row for each document, and the quality of each (0..100; None when no
        sentence is long enough to be judged); `texts` are the originals."""
        tokens = group.sentence_sizes
        kept = tokens >= SHORT
        inputs = sentence_inputs(group, texts, self.floor)[kept]
        ratings, sentences = self._ratings(inputs), group.sentences.chosen(kept)
        merit = self.merit.of_inputs(inputs) + self.merit.of_ngrams(group)[kept]
        overall = self._overall(ratings + MERIT_WEIGHT * merit, tokens[kept], sentences)
        return quality_signals(ratings, sentences), overall

    def _ratings(self, rows: Floats) -> Floats:
        """Predicted rating (0..100) of each sentence."""
        return np.clip(self.trees.evaluate(rows), 0.0, 100.0)

    def _overall(
        self, ratings: Floats, tokens: npt.NDArray[np.integer], sentences: RowSplits
    ) -> list[float | None]:
        weighed = sentences.sums(ratings * tokens) / np.maximum(sentences.total(tokens), 1)
        inputs, outputs = zip(*self.knots, strict=True)
        values = np.interp(weighed, inputs, outputs).tolist()
        return [value if size else None for value, size in zip(values, sentences.sizes.tolist(), strict=True)]


def quality_signals(ratings: Floats, sentences: RowSplits) -> Floats:
    """The signals of `QUALITY_NAMES` from the ratings of each document's sentences, a row for each document."""
    poor = sentences.total(ratings < POOR) / np.maximum(sentences.sizes, 1)
    quantiles = sentences.percentiles(ratings, (10, 25, 50, 75))
    found = np.array([sentences.means(ratings), *quantiles, poor]).T
    found[sentences.sizes == 0] = (50.0,) * 5 + (0.0,)
    return found


_HEADER = "quality"
_MERIT_FIELDS = ("mean", "scale", "weights")


def save(quality: Quality, path: Path) -> None:
    """Write the arrays as tensors and the map in their header; equal models give equal bytes."""
    arrays = {name: getattr(quality.trees, name) for name in FIELDS}
    arrays |= {f"merit.{name}": getattr(quality.merit, name) for name in _MERIT_FIELDS}
    arrays |= {f"merit.{name}": quality.merit.ngrams[name] for name in MERIT_SPACES}
    scalars = {"baseline": quality.trees.baseline, "knots": quality.knots, "floor": quality.floor}
    tensors.save(path, arrays, _HEADER, scalars)


def load(path: Path) -> Quality:
    """Read what `save` wrote. Raises `ModelError` for anything else."""
    return parse(read_bytes(path), str(path))


def parse(data: bytes, where: str) -> Quality:
    """The quality model in the bytes of a file; `where` names it. Raises `ModelError` when they are of another
    form."""
    try:
        return _build(*tensors.parse(data, _HEADER))
    except (KeyError, TypeError, ValueError) as error:
        raise ModelError(
            f"{where} is not a quality model that this version of mtscore reads: {error}"
        ) from error


def _build(arrays: Mapping[str, npt.NDArray[Any]], scalars: Mapping[str, Any]) -> Quality:
    merit = Merit(
        **{name: arrays[f"merit.{name}"] for name in _MERIT_FIELDS},
        ngrams={name: arrays[f"merit.{name}"] for name in MERIT_SPACES},
    )
    trees = Trees(**{name: arrays[name] for name in FIELDS}, baseline=finite(scalars["baseline"], "baseline"))
    trees.check(len(SENTENCE_INPUTS))
    merit.check()
    knots = tuple((finite(a, "knot"), finite(b, "knot")) for a, b in scalars["knots"])
    if not knots or list(knots) != sorted(knots) or [b for _, b in knots] != sorted(b for _, b in knots):
        raise ValueError("the map to 0..100 does not ascend")
    return Quality(trees, merit, knots, finite(scalars["floor"], "floor"))
