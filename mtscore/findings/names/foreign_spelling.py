"""Names as another language writes them: "Selenskyj", "Lawrow", "Netanjahu", "Moskau".

A translator that does not know a name leaves it. Where English has its own way to write it, hardly any English text
has the other, but in what it quotes: names of clubs and papers, where foreign words stand beside it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from mtscore.findings.strange.words import is_marked
from mtscore.languages.identification import FOREIGN_ONLY
from mtscore.records import Evidence, Pivot
from mtscore.signals.extraction import Extraction
from mtscore.words.resources import Resources

FOREIGN_WEIGHT = 2.5
"""Nats, judged: too rare in both for a measurement, and rarer in human text by far."""

MAX_REPEATS = 6
"""A name that the document writes so more often is its subject's own."""

_GLUE = frozenset("@#/_-.\"“”„«»'’‘`*")


def find_foreign_spellings(extraction: Extraction, resources: Resources) -> Iterator[Evidence]:
    """Names in another language's spelling, in document order, with the English one as `intended`."""
    if resources.whos_who is None:
        return
    spellings, analysis = resources.whos_who.spellings, extraction.analysis
    found = spellings.keys() & set(analysis.words)
    if not found:
        return
    counts = Counter(word for word in analysis.words if word in found)
    for index, word in enumerate(analysis.words):
        if word in found and counts[word] <= MAX_REPEATS and _is_name(extraction, index):
            english, language = spellings[word]
            start, end = int(analysis.starts[index]), int(analysis.ends[index])
            sentence = analysis.sentences[int(analysis.sentence[index])].span
            yield Evidence(
                start, end, extraction.text[start:end], "foreign_spelling", FOREIGN_WEIGHT, sentence,
                (english,), Pivot(language, word),
            )  # fmt: skip


def _is_name(extraction: Extraction, index: int) -> bool:
    """Whether the word is written as a name and stands among English words, outside marks."""
    analysis, text = extraction.analysis, extraction.text
    start, end = int(analysis.starts[index]), int(analysis.ends[index])
    if not text[start].isupper() or not text[start + 1 : end].islower():
        return False
    if not _GLUE.isdisjoint(
        text[max(start - 1, 0) : start] + text[end : end + 1].replace(".", "").replace("’", "")
    ):
        return False
    beside = (other for other in (index - 1, index + 1) if 0 <= other < len(analysis.words))
    near = [analysis.words[o] for o in beside if analysis.sentence[o] == analysis.sentence[index]]
    return FOREIGN_ONLY.isdisjoint(near) and not is_marked(analysis, text, index)
