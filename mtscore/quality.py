"""Quality: how good the English is, 0 to 100, from people's ratings of translations.

A regression over `signals.sentences`, trained on sentences that several people rated from 0 to 100 and on
people's own text, judges sentence by sentence; the article's value is the mean over its words, passed through
a monotone map that was fitted on whole articles. Low quality is not garbling: a learner's essay may have a
low quality and a low score.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from mtscore.analysis import Analysis
from mtscore.errors import ModelError
from mtscore.signals.quantiles import percentiles
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

    def sentence_ratings(
        self, analysis: Analysis, text: str
    ) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]:
        """Predicted rating (0..100) and number of tokens of every sentence of at least `SHORT` tokens."""
        rows = sentence_inputs(analysis, text, self.floor)
        lengths = np.array([len(s.words) for s in analysis.sentences], np.int64)
        kept = lengths >= SHORT
        if not kept.any():
            return np.zeros(0), np.zeros(0, np.int64)
        return np.clip(self.trees.evaluate(rows[kept]), 0.0, 100.0), lengths[kept]

    def overall(self, ratings: npt.NDArray[np.float64], lengths: npt.NDArray[np.int64]) -> float | None:
        """The article's quality, 0..100; None when no sentence is long enough to be judged."""
        if not len(ratings):
            return None
        mean = float((ratings * lengths).sum() / lengths.sum())
        inputs, outputs = zip(*self.knots, strict=True)
        return float(np.interp(mean, inputs, outputs))


def quality_signals(ratings: npt.NDArray[np.float64]) -> dict[str, float]:
    """The signals of `QUALITY_NAMES` from the sentences' ratings."""
    if not len(ratings):
        return dict(zip(QUALITY_NAMES, (50.0,) * 5 + (0.0,), strict=True))
    values = [float(ratings.mean()), *percentiles(ratings, (10, 25, 50, 75))]
    return dict(zip(QUALITY_NAMES, [*values, float((ratings < POOR).mean())], strict=True))


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
