"""From a text to the numbers the classifier sees: the one `extract` that scoring and training share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mtscore.records import Body, Sentence
from mtscore.signals.analysis import Analysis, Group, analyse_together
from mtscore.signals.fluency import fluency_signals
from mtscore.signals.mixing import mixing_signals
from mtscore.signals.quality import Quality
from mtscore.signals.substitution import substitution_signals
from mtscore.signals.surface import surface_signals
from mtscore.text.article import Article, read_article
from mtscore.words.resources import Resources


@dataclass(frozen=True, slots=True)
class Extraction:
    """Everything the model side knows of one document: its body and tokens, the signals in the order of
    `columns.SIGNAL_NAMES`, and the quality of its English (0..100)."""

    text: str
    body: Body
    analysis: Analysis
    vector: npt.NDArray[np.float64]
    quality: float | None

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """The body's sentences."""
        return self.analysis.sentences


def extract(text: str, resources: Resources, quality: Quality) -> Extraction:
    """Body, sentences, tokens and signals of one document. Any string will do; one without words gives
    zeros."""
    article = read_article(text, resources.vocabulary)
    (found,) = extract_together(
        [article], analyse_together([article.sentences], resources), resources, quality
    )
    return found


def extract_together(
    articles: Sequence[Article], group: Group, resources: Resources, quality: Quality
) -> list[Extraction]:
    """What `extract` gives for each of several articles; `group` is their analysis."""
    texts = [article.text for article in articles]
    ratings, overall = quality.judge(group, texts)
    mixed = [mixing_signals(article.text, article.body, article.sentences) for article in articles]
    families = (
        np.concatenate([fluency_signals(group), ratings], axis=1),
        substitution_signals(group, texts, resources.lexicon),
        np.array([list(signals.values()) for signals in mixed]),
        surface_signals(group, texts, [article.body.spans for article in articles]),
    )
    vectors = np.concatenate(families, axis=1)
    return [
        Extraction(article.text, article.body, analysis, vector, value)
        for article, analysis, vector, value in zip(articles, group.documents, vectors, overall, strict=True)
    ]
