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

_BRACKETS = re.compile(r" \(([^\W\d_]{4,30}(?: [^\W\d_]{2,30})?)\)")


def find_glosses(extraction: Extraction) -> Iterator[Evidence]:
    """Words with themselves in brackets behind them, in document order."""
    text = extraction.text
    if " (" not in text:
        return
    found = []
    for span in extraction.body.spans:
        for match in _BRACKETS.finditer(text, span.start, span.end):
            start = match.start() - len(match[1])
            is_word = start >= span.start and not text[start - 1 : start].isalnum()
            if is_word and text[start : match.start()].lower() == match[1].lower():
                found.append((start, match.end()))
    for start, end in found if len(found) <= MAX_GLOSSES else ():
        sentence = sentence_around(extraction.sentences, start, end)
        yield Evidence(start, end, text[start:end], "repetition", GLOSS_WEIGHT, sentence)
