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

_INSIDE = re.compile(r"(?<![\w@#/._-])([A-Z]?[a-z]{3,20})([A-Z][a-z]{2,20})(?![\w@#/_-]|\.\w|\()")
_OPENERS = frozenset("What The This That These Those There They When Where Why How But And".split())


def find_glued(extraction: Extraction, vocabulary: Vocabulary) -> Iterator[Evidence]:
    """Glued words, in document order."""
    text = extraction.text
    found = [
        match for span in extraction.body.spans for match in _INSIDE.finditer(text, span.start, span.end)
    ]
    if not 0 < len(found) <= MAX_GLUED:
        return
    for match in found:
        left, right = match[1], match[2]
        if left.lower() not in vocabulary.extra or text.count(match[0]) > 1:
            continue
        is_opener = right in _OPENERS
        is_name = left.islower() and re.search(rf"(?<!\w){right}(?!\w)", text)
        if is_opener or is_name:
            sentence = sentence_around(extraction.sentences, *match.span())
            yield Evidence(
                *match.span(), match[0], "translation_debris", GLUED_WEIGHT, sentence, (f"{left} {right}",)
            )
