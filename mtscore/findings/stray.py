"""Short foreign words in the company of strange ones: what a translator left beside a word that it did not know.

By itself an "og" says little, for it may be a name, a slip or an abbreviation. Next to a word that is no English it is
part of what was left.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import compress

from mtscore.languages import closed_class
from mtscore.languages.identification import FOREIGN_ONLY
from mtscore.records import Evidence
from mtscore.signals.extraction import Extraction

NEAR = 6
"""A word has company if a strange one begins in its sentence, at most so many tokens away."""

STRAY_WEIGHT = 3.0
"""Nats, cut down: per 1,000 words 0.3 in garbled text of four sources, nearly all of it by one system, and 0.003 in
human text."""

_STRANGE = frozenset(("invented_word", "untranslated", "foreign_passage"))
_STRAY = FOREIGN_ONLY - frozenset(closed_class.NAME_PARTICLES.split())
_MARKS = frozenset("\"“”„«»‘’'*_`()[]<>#@/\\{}=|.&-")


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
