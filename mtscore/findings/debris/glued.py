"""Words that lost the space between them, and sentences their full stop: "FinalWhat", "goodAku".

Brands and identifiers have capitals inside, too. So one part must be a word with which sentences begin, or one that
the document also has by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mtscore.findings.debris.traces import sentence_around
from mtscore.records import Evidence
from mtscore.signals.extraction import Extraction
from mtscore.words.morphology import Vocabulary

GLUED_WEIGHT = 2.0
"""Nats, judged: converters lose line ends in human text as well."""

MAX_GLUED = 2
"""A file with more capitals inside words is about code or brands, or has lost its line ends."""

_CAPITAL = re.compile("[A-Z](?<=[a-z][A-Z])(?=[a-z]{2})")
"""A capital inside a word; it begins with the capital, so that `re` skips to it."""
_LEFT = re.compile(r"(?<![\w@#/._-])[A-Z]?[a-z]{3,20}$")
_RIGHT = re.compile(r"[A-Z][a-z]{2,20}(?![\w@#/_(-]|\.\w)")
_OPENERS = frozenset("What The This That These Those There They When Where Why How But And".split())


def find_glued(extraction: Extraction, vocabulary: Vocabulary) -> Iterator[Evidence]:
    """Glued words, in document order."""
    text = extraction.text
    places = [
        match.start()
        for span in extraction.body.spans
        for match in _CAPITAL.finditer(text, span.start, span.end)
    ]
    for place in places if len(places) <= MAX_GLUED else ():
        left, right = _LEFT.search(text, max(place - 22, 0), place), _RIGHT.match(text, place)
        if not (left and right) or left[0].lower() not in vocabulary.extra:
            continue
        start, end = left.start(), right.end()
        is_name = left[0].islower() and re.search(rf"(?<!\w){right[0]}(?!\w)", text)
        if (right[0] in _OPENERS or is_name) and text.count(text[start:end]) == 1:
            sentence = sentence_around(extraction.sentences, start, end)
            meant = (f"{left[0]} {right[0]}",)
            yield Evidence(start, end, text[start:end], "translation_debris", GLUED_WEIGHT, sentence, meant)
