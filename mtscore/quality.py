"""Quality: how good the English is, 0 to 100, from people's ratings of translations.

A regression over `signals.sentences`, trained on sentences that several people rated from 0 to 100 and on
people's own text, judges sentence by sentence; the article's value is the mean over its words, passed through
a monotone map that was fitted on whole articles. Low quality is not garbling: a learner's essay may have a
low quality and a low score.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from mtscore.analysis import Group
from mtscore.errors import ModelError
from mtscore.parts import Floats, Parts
from mtscore.signals.sentences import SENTENCE_INPUTS, SHORT, sentence_inputs
from mtscore.trees import FIELDS, Trees

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


@dataclass(frozen=True, slots=True)
class Quality:
    """The sentence regression and the map from an article's mean to 0..100.

    `knots` are (mean predicted rating, quality) pairs, ascending in both; linear between, flat outside.
    """

    trees: Trees
    knots: tuple[tuple[float, float], ...]
    floor: float
    """log10 frequency of unknown words, as in the word table."""

    def judge(self, group: Group, texts: Sequence[str]) -> tuple[Floats, list[float | None]]:
        """The signals of `QUALITY_NAMES`, a row for each document, and the quality of each (0..100; None when no
        sentence is long enough to be judged); `texts` are the originals."""
        tokens = np.bincount(group.whole.sentence, minlength=len(group.whole.sentences))
        kept = tokens >= SHORT
        ratings = self._ratings(sentence_inputs(group, texts, self.floor)[kept])
        sentences = group.sentences.chosen(kept)
        return quality_signals(ratings, sentences), self._overall(ratings, tokens[kept], sentences)

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


def save(quality: Quality, path: Path) -> None:
    """Write the trees as safetensors and the map as JSON in its header; equal models give equal bytes."""
    from safetensors.numpy import save_file

    tensors = {name: np.ascontiguousarray(getattr(quality.trees, name)) for name in sorted(FIELDS)}
    scalars = {"baseline": quality.trees.baseline, "knots": quality.knots, "floor": quality.floor}
    save_file(tensors, path, {"quality": json.dumps(scalars)})


def load(path: Path) -> Quality:
    """Read what `save` wrote; nothing in the file is executed. Raises `ModelError` for anything else."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="numpy") as file:
            tensors = {name: file.get_tensor(name) for name in FIELDS}
            scalars = json.loads(file.metadata()["quality"])
        trees = Trees(**tensors, baseline=float(scalars["baseline"]))
        trees.check(len(SENTENCE_INPUTS))
        knots = tuple((float(a), float(b)) for a, b in scalars["knots"])
        return Quality(trees, knots, float(scalars["floor"]))
    except (SafetensorError, KeyError, TypeError, ValueError, OSError) as error:
        raise ModelError(
            f"{path} is not a quality model that this version of mtscore reads: {error}"
        ) from error
