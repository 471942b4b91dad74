"""A word explained by itself: "tonsillitis (tonsillitis)", where the original gave a second name for the thing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mtscore.findings.debris.traces import sentence_around
from mtscore.records import Evidence
from mtscore.signals.extraction import Extraction

GLOSS_WEIGHT = 2.7
"""Nats, judged by the phrases that come back at once (`echoes`)."""

MAX_GLOSSES = 3

_GLOSS = re.compile(r"\b([^\W\d_]{4,30}(?: [^\W\d_]{2,30})?)( \()\1\)", re.IGNORECASE)


def find_glosses(extraction: Extraction) -> Iterator[Evidence]:
    """Words with themselves in brackets behind them, in document order."""
    text = extraction.text
    if " (" not in text:
        return
    found = [m for span in extraction.body.spans for m in _GLOSS.finditer(text, span.start, span.end)]
    for match in found if len(found) <= MAX_GLOSSES else ():
        sentence = sentence_around(extraction.sentences, *match.span())
        yield Evidence(*match.span(), match[0], "repetition", GLOSS_WEIGHT, sentence)
