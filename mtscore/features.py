"""From a text to the numbers the classifier sees: the one `extract` that scoring and training share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mtscore.analysis import Analysis, Models, analyse
from mtscore.body import find_body
from mtscore.quality import QUALITY_NAMES, Quality, quality_signals
from mtscore.records import Body, Sentence
from mtscore.segment import segment
from mtscore.signals.fluency import FLUENCY_NAMES, fluency_signals
from mtscore.signals.mixing import MIXING_NAMES, mixing_signals
from mtscore.signals.substitution import SUBSTITUTION_NAMES, substitution_signals
from mtscore.signals.surface import SURFACE_NAMES, surface_signals

FEATURE_SET_VERSION = 2
"""Raised whenever a signal is added, removed, reordered or computed differently."""

FAMILIES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("fluency", FLUENCY_NAMES + QUALITY_NAMES),
    ("substitution", SUBSTITUTION_NAMES),
    ("mixing", MIXING_NAMES),
    ("surface", SURFACE_NAMES),
)
"""Signal families and their signals, in the order of the feature vector."""

SIGNAL_NAMES: tuple[str, ...] = tuple(name for _, names in FAMILIES for name in names)


@dataclass(frozen=True, slots=True)
class Extraction:
    """Everything the model side knows of one document: its body and tokens, the signals by family, the
    same signals as a vector in the order of `SIGNAL_NAMES`, and the quality of its English (0..100)."""

    text: str
    body: Body
    analysis: Analysis
    signals: Mapping[str, Mapping[str, float]]
    vector: npt.NDArray[np.float64]
    quality: float | None

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """The body's sentences."""
        return self.analysis.sentences


def extract(text: str, models: Models, quality: Quality) -> Extraction:
    """Body, sentences, tokens and signals of one document. Any string will do; one without words gives
    zeros."""
    body = find_body(text)
    sentences = segment(text, body.spans)
    analysis = analyse(sentences, models)
    ratings, lengths = quality.sentence_ratings(analysis, text)
    signals = {
        "fluency": {**fluency_signals(analysis), **quality_signals(ratings)},
        "substitution": substitution_signals(analysis, text, models.lexicon),
        "mixing": mixing_signals(text, body, sentences),
        "surface": surface_signals(analysis, text, body.spans),
    }
    values = [signals[family][name] for family, names in FAMILIES for name in names]
    vector = np.array(values, np.float64)
    return Extraction(text, body, analysis, signals, vector, quality.overall(ratings, lengths))
