"""Words that were not translated: in another script, or short ones beside words that are no English.

A word in another script stands within an English sentence or is glued to English letters ("the 巣est"). English text
quotes such words too, in brackets, between quotation marks or in lists, and texts about a language or a country do it
often. A short foreign word such as "og" says little by itself, for it may be a name, a slip or an abbreviation: next to
a word that is no English it is part of what the translator left.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import compress

from mtscore.findings.debris.traces import sentence_around
from mtscore.languages import closed_class
from mtscore.languages.identification import FOREIGN_ONLY
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
_GLUED = re.compile(f"(?<![A-Za-z])[A-Za-z]+[{_OTHER}]+[A-Za-z]*|(?<![{_OTHER}])[{_OTHER}]+[a-z][A-Za-z]*")
"""From the beginning of a run of letters, so that a long one is read once."""
_ALONE = re.compile(f"(?<=[a-z] )[{_OTHER}]{{1,8}}(?= [a-z])")

NEAR = 6
"""A word has company if a strange one begins in its sentence, at most so many tokens away."""

STRAY_WEIGHT = 3.0
"""Nats, cut down: per 1,000 words 0.3 in garbled text of four sources, nearly all of it by one system, and 0.003 in
human text."""

_STRANGE = frozenset(("invented_word", "untranslated", "foreign_passage"))
_STRAY = FOREIGN_ONLY - frozenset(closed_class.NAME_PARTICLES.split())
_MARKS = frozenset("\"“”„«»‘’'*_`()[]<>#@/\\{}=|.&-")


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


def find_stray(extraction: Extraction, found: Iterable[Evidence]) -> Iterator[Evidence]:
    """Foreign function words in lower case and without marks beside them, in the company of the strange words and
    passages among the other findings, in document order."""
    analysis, text = extraction.analysis, extraction.text
    strange = [item for item in found if item.kind in _STRANGE]
    if not strange or _STRAY.isdisjoint(analysis.words):
        return
    firsts = analysis.starts.tolist()
    places = sorted(min(bisect_left(firsts, item.start), len(firsts) - 1) for item in strange)
    for index in compress(range(len(firsts)), map(_STRAY.__contains__, analysis.words)):
        start, end = firsts[index], int(analysis.ends[index])
        around = text[max(0, start - 1) : start] + text[end : end + 1]
        if not text[start:end].islower() or not _MARKS.isdisjoint(around):
            continue
        number = int(analysis.sentence[index])
        near = places[bisect_left(places, index - NEAR) : bisect_left(places, index + NEAR + 1)]
        if any(place != index and analysis.sentence[place] == number for place in near):
            sentence = analysis.sentences[number].span
            yield Evidence(start, end, text[start:end], "untranslated", STRAY_WEIGHT, sentence)
