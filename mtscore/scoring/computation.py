"""From articles to the numbers that their verdicts are made of, several articles at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from math import isfinite

import numpy as np

from mtscore.errors import ModelError
from mtscore.findings.collection import find_evidence_together
from mtscore.findings.strength import finding_signals, strength
from mtscore.model.folder import ModelFolder
from mtscore.reading.reading import Reading
from mtscore.records import Evidence
from mtscore.scoring.debris_cap import capped
from mtscore.signals.analysis import analyse_together
from mtscore.signals.extraction import Extraction, extract_together
from mtscore.text.article import Article
from mtscore.words.allowed import Allowed

NOTHING = Allowed()

MAX_EVIDENCE = 200
"""Findings kept for one document, strongest first."""


@dataclass(frozen=True, slots=True)
class Computed:
    """All that the verdict on an article is made of. `row` has the classifier's columns, and `log_odds` are those at
    equal priors."""

    words: int
    extraction: Extraction
    evidence: tuple[Evidence, ...]
    row: Sequence[float]
    strength: float
    log_odds: float
    quality: float | None
    """0 to 100; None: there is nothing to judge."""
    reading: Reading | None = None
    """What the reader said of it; None where it was read quickly."""
    sense: tuple[float, ...] = ()
    """The columns of the close classifier."""


def compute(
    articles: Sequence[Article], model: ModelFolder, allowed: Allowed = NOTHING
) -> Iterator[Computed]:
    """What the verdicts on articles are made of; each is what it would be alone. What `allowed` covers is no finding
    and counts for none. Raises `ModelError` for a model that
    gives no numbers."""
    resources, classifier = model.resources, model.classifier
    group = analyse_together([article.sentences for article in articles], resources)
    words = list(map(int, group.tokens.total(group.whole.is_word).tolist()))
    extractions = extract_together(articles, group, resources, model.quality)
    contrasts = classifier.contrast_values(group)
    found = find_evidence_together(extractions, group, resources)
    if allowed.terms:
        pairs = zip(extractions, found, strict=True)
        found = [_without(allowed, extraction.text, items) for extraction, items in pairs]
    strengths = [strength(items, count) for items, count in zip(found, words, strict=True)]
    findings = [finding_signals(items, count) for items, count in zip(found, words, strict=True)]
    rows = classifier.columns.rows([e.vector for e in extractions], findings, contrasts)
    plain = classifier.log_odds(rows, np.array(strengths))
    log_odds = capped(
        classifier, rows, plain, found, model.threshold("garbled"), model.threshold("suspect")
    ).tolist()
    if not all(map(isfinite, chain(log_odds, (e.quality or 0.0 for e in extractions)))):
        raise ModelError(f"the model in {model.path} gives no numbers: it is damaged; install it again")
    shown = (items[:MAX_EVIDENCE] for items in found)
    # Not from the matrix: there, whole numbers are floats.
    listed = (
        [*extraction.vector.tolist(), *of_findings, *of_contrasts]
        for extraction, of_findings, of_contrasts in zip(
            extractions, findings, contrasts.tolist(), strict=True
        )
    )
    qualities = (extraction.quality for extraction in extractions)
    return map(Computed, words, extractions, shown, listed, strengths, log_odds, qualities)


def _without(allowed: Allowed, text: str, found: Sequence[Evidence]) -> tuple[Evidence, ...]:
    return tuple(item for item in found if not allowed.covers(text, item.start, item.end))
