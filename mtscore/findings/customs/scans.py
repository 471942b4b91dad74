"""Scanned print: old newspapers and books with scanning errors.

A scanner makes strange words of known ones ("tlie", "himfelf"), and misspells names. Other traces give it away: marks
from specks of dirt, letters that stand alone, punctuation in odd places, the printers' own words ("inst.", "&c.").
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from mtscore.signals.extraction import Extraction
from mtscore.words.resources import Resources

MIN_KINDS, MIN_TRACES, MIN_PER_1000 = 3, 4, 8.0
"""Kinds of traces that a scanned document has, one of the surer ones (marks, printers' words, misread words) among
them; traces of any kind, and how many per 1,000 words. Of 516 training documents of old print, 36 in 100 have them, of
1,932 garbled ones 1 in 1,000."""

PRINTERS = frozenset(
    """inst ult esq messrs viz doth thee thou thy aforesaid shew shewn shewed connexion betwixt tis twas""".split()
)
"""Words and abbreviations of old print."""

MAX_SEMICOLONS = 3.0
"""Semicolons per 1,000 words; in old print there are more: a kind of trace, too."""

_MARK = re.compile(r"[a-z,.;] ?[■•^~\\<>{}§°] ?[a-z]")
_AND_SO_ON = re.compile(r"&c\b(?![;=])")
_LONE_LETTER = re.compile(r"(?<![\w'’&.(/-])[b-ce-hj-lp-ru-z](?![\w'’.)-])")
_TWO_STOPS = re.compile(r"(?<![.,;:])[;:,.] ?[;:,](?!\S?[.,;:])")
_ODD_STOP = re.compile(
    r"(?<!\betc)(?<!\bvol)(?<!\bapprox)(?<!\bincl)(?<!\bresp)(?<!\bmax)(?<!\bmin)(?<=[a-z]{3})\. [a-z]{2}"
    r"|[a-z]{2}[;:,][a-z]{2}"
)
_ENTITY = re.compile(r"&#?\w{1,8};")


def is_scanned(extraction: Extraction, unknown: Sequence[int], resources: Resources) -> bool:
    """Whether the document is scanned print; `unknown` holds the numbers of the tokens that are not in
    the word table."""
    if not unknown:
        return False
    words = extraction.analysis.words
    text = "\n".join(extraction.text[span.start : span.end] for span in extraction.body.spans)
    strange = {words[place] for place in unknown} - resources.vocabulary.extra
    sure = (
        _count(_MARK, text),
        _count(_AND_SO_ON, text) + sum(map(PRINTERS.__contains__, words)),
        sum(word in resources.misreadings for word in strange),
    )
    if not any(sure):
        return False
    traces = (*sure, _count(_LONE_LETTER, text), _count(_TWO_STOPS, text), _count(_ODD_STOP, text))
    total = int(extraction.analysis.is_word.sum())
    if sum(traces) < max(MIN_TRACES, MIN_PER_1000 * total / 1000):
        return False
    semicolons = text.count(";") - _count(_ENTITY, text)
    return sum(map(bool, traces)) + (1000 * semicolons > MAX_SEMICOLONS * total) >= MIN_KINDS


def _count(pattern: re.Pattern[str], text: str) -> int:
    return sum(1 for _ in pattern.finditer(text))
