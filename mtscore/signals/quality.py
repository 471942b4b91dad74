"""Quality: how good the English is, 0 to 100, from people's ratings of translations.

Sentence by sentence, two regressions are added up, trained on sentences that several people rated from 0 to 100:
trees over `signals.sentences`, which learned from people's own text too, and a linear `Merit` over the same inputs
and n-grams, which learned what raters of one language prefer and so carries over to languages without ratings. The
article's value is the mean over its words, passed through a monotone map that was fitted on whole articles. Low
quality is not garbling: a learner's essay may have a low quality and a low score.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from mtscore.arrays.network import standardised
from mtscore.arrays.ngrams import NgramSpace, owned_ngrams, owner_scores
from mtscore.arrays.ragged import Floats, Parts
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
        """Raise ValueError for arrays of other shapes."""
        wanted = (len(SENTENCE_INPUTS),)
        if any(part.shape != wanted for part in (self.mean, self.scale, self.weights)):
            raise ValueError("the linear part has another number of inputs")
        for tokens, space in MERIT_SPACES.items():
            if self.ngrams[tokens].shape != (1 << space.bits,):
                raise ValueError(f"the n-grams of {tokens} do not fit their space")


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
        self, ratings: Floats, tokens: npt.NDArray[np.integer], sentences: Parts
    ) -> list[float | None]:
        weighed = sentences.sums(ratings * tokens) / np.maximum(sentences.total(tokens), 1)
        inputs, outputs = zip(*self.knots, strict=True)
        values = np.interp(weighed, inputs, outputs).tolist()
        return [value if size else None for value, size in zip(values, sentences.sizes.tolist(), strict=True)]


def quality_signals(ratings: Floats, sentences: Parts) -> Floats:
    """The signals of `QUALITY_NAMES` from the ratings of each document's sentences, a row for each document."""
    poor = sentences.total(ratings < POOR) / np.maximum(sentences.sizes, 1)
    quantiles = sentences.percentiles(ratings, (10, 25, 50, 75))
    found = np.array([sentences.means(ratings), *quantiles, poor]).T
    found[sentences.sizes == 0] = (50.0,) * 5 + (0.0,)
    return found


_MERIT_FIELDS = ("mean", "scale", "weights")


def save(quality: Quality, path: Path) -> None:
    """Write the trees as safetensors and the map as JSON in its header; equal models give equal bytes."""
    from safetensors.numpy import save_file

    tensors = {name: np.ascontiguousarray(getattr(quality.trees, name)) for name in sorted(FIELDS)}
    tensors |= {f"merit.{name}": getattr(quality.merit, name) for name in _MERIT_FIELDS}
    tensors |= {f"merit.{name}": quality.merit.ngrams[name] for name in MERIT_SPACES}
    scalars = {"baseline": quality.trees.baseline, "knots": quality.knots, "floor": quality.floor}
    save_file(tensors, path, {"quality": json.dumps(scalars)})


def load(path: Path) -> Quality:
    """Read what `save` wrote; nothing in the file is executed. Raises `ModelError` for anything else."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="numpy") as file:
            tensors = {name: file.get_tensor(name) for name in FIELDS}
            merit = Merit(
                **{name: file.get_tensor(f"merit.{name}") for name in _MERIT_FIELDS},
                ngrams={name: file.get_tensor(f"merit.{name}") for name in MERIT_SPACES},
            )
            scalars = json.loads(file.metadata()["quality"])
        trees = Trees(**tensors, baseline=float(scalars["baseline"]))
        trees.check(len(SENTENCE_INPUTS))
        merit.check()
        knots = tuple((float(a), float(b)) for a, b in scalars["knots"])
        return Quality(trees, merit, knots, float(scalars["floor"]))
    except (SafetensorError, KeyError, TypeError, ValueError, OSError) as error:
        raise ModelError(
            f"{path} is not a quality model that this version of mtscore reads: {error}"
        ) from error
