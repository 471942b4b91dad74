"""Words in another script within an English sentence, or glued to English letters ("the 巣est"): not translated.

English text quotes such words too, in brackets, between quotation marks or in lists, and texts about a language or a
country do it often.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mtscore.findings.debris import sentence_around
from mtscore.records import Evidence
from mtscore.signals.extraction import Extraction

GLUED_WEIGHT, ALONE_WEIGHT = 3.9, 2.5
"""Nats: 0.27 glued words per 1,000 words of garbled chunks, less than 0.01 of human text; 0.07 and less than 0.01
words between English ones."""

MAX_ALONE = 3
"""A document with more words of another script that stand alone is about them."""

_OTHER = r"\u0900-\u0dff\u0e00-\u0fff\u1000-\u109f\u1200-\u137f\u3041-\u30fa\u30fc-\u30ff\u3400-\u9fff\uac00-\ud7af"
"""Letters of scripts that no English letter is mistaken for (a stray Cyrillic one is)."""

_ANY = re.compile(f"[{_OTHER}]")
_GLUED = re.compile(f"[A-Za-z]+[{_OTHER}]+[A-Za-z]*|[{_OTHER}]+[a-z][A-Za-z]*")
_ALONE = re.compile(f"(?<=[a-z] )[{_OTHER}]{{1,8}}(?= [a-z])")


def find_scripts(extraction: Extraction) -> Iterator[Evidence]:
    """Words in other scripts, in document order of either sort."""
    text = extraction.text
    if text.isascii():
        return
    spans = [span for span in extraction.body.spans if _ANY.search(text, span.start, span.end)]
    alone = [match for span in spans for match in _ALONE.finditer(text, span.start, span.end)]
    for span in spans:
        for match in _GLUED.finditer(text, span.start, span.end):
            yield _evidence(extraction, match, GLUED_WEIGHT)
    for match in alone if len(alone) <= MAX_ALONE else ():
        yield _evidence(extraction, match, ALONE_WEIGHT)


def _evidence(extraction: Extraction, match: re.Match[str], weight: float) -> Evidence:
    start, end = match.span()
    sentence = sentence_around(extraction.sentences, start, end)
    return Evidence(start, end, match[0], "untranslated", weight, sentence)
