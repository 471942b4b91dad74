"""How suspect each sentence of an article is: what the reader makes of what stands around it, and of its worst word."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.special import expit, logit

from mtscore.reading.reading import QUESTIONS, Reading
from mtscore.records import SentenceSuspicion
from mtscore.text.article import Article

WINDOW, WORST, OFFSET = 0.617, 0.344, -0.685
"""A logistic regression on 84,082 sentences (docs/research/close.md): over the log-odds that the window is garbled and
those that one would object to the worst known word."""

EDGE = 0.001  # no word is surer than that
SHORT = 4
"""Sentences of fewer tokens are no more suspect than they would be without their words."""

Floats = npt.NDArray[np.float64]


def suspicions(reading: Reading, article: Article) -> tuple[SentenceSuspicion, ...]:
    """The sentences that were read, in order, in places of the text as given, each with its suspicion from 0 to 1."""
    if not len(reading):
        return ()
    garbled = np.repeat(reading.log_odds[:, QUESTIONS.index("garbled")], reading.sizes.astype(np.int64))
    count = int(reading.sentence.max()) + 1
    tokens = np.bincount(reading.sentence, minlength=count)
    around = np.bincount(reading.sentence, garbled, count) / np.maximum(tokens, 1)
    worst = np.zeros(count)
    np.maximum.at(worst, reading.sentence, np.where(reading.known, reading.wrong, 0.0))
    worst[tokens < SHORT] = 0.0
    found: Floats = expit(WINDOW * around + WORST * logit(np.clip(worst, EDGE, 1 - EDGE)) + OFFSET)
    spans = [article.view.span(*sentence.span) for sentence in article.sentences]
    return tuple(
        SentenceSuspicion(*spans[number], round(float(found[number]), 4))
        for number in range(count)
        if tokens[number]
    )
