"""From a text to the numbers the classifier sees: the one `extract` that scoring and training share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mtscore.records import Body, Sentence
from mtscore.signals.analysis import Analysis, Group, Models, analyse_together
from mtscore.signals.fluency import FLUENCY_NAMES, fluency_signals
from mtscore.signals.mixing import MIXING_NAMES, mixing_signals
from mtscore.signals.quality import QUALITY_NAMES, Quality
from mtscore.signals.substitution import SUBSTITUTION_NAMES, substitution_signals
from mtscore.signals.surface import SURFACE_NAMES, surface_signals
from mtscore.text.article import Article, read_article

FEATURE_SET_VERSION = 6
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
    article = read_article(text)
    return extract_together([article], analyse_together([article.sentences], models), models, quality)[0]


def extract_together(
    articles: Sequence[Article], group: Group, models: Models, quality: Quality
) -> list[Extraction]:
    """What `extract` gives for each of several articles; `group` is their analysis."""
    texts = [article.text for article in articles]
    ratings, overall = quality.judge(group, texts)
    mixed = [mixing_signals(article.text, article.body, article.sentences) for article in articles]
    families = (
        np.concatenate([fluency_signals(group), ratings], axis=1),
        substitution_signals(group, texts, models.lexicon),
        np.array([list(signals.values()) for signals in mixed]),
        surface_signals(group, texts, [article.body.spans for article in articles]),
    )
    vectors = np.concatenate(families, axis=1)
    signals = [
        [dict(zip(names, row, strict=True)) for row in rows.tolist()]
        for (_, names), rows in zip(FAMILIES, families, strict=True)
    ]
    names = [family for family, _ in FAMILIES]
    return [
        Extraction(
            article.text, article.body, analysis, dict(zip(names, by_family, strict=True)), vector, value
        )
        for article, analysis, by_family, vector, value in zip(
            articles, group.documents, zip(*signals, strict=True), vectors, overall, strict=True
        )
    ]
