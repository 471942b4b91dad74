"""The words that give a garbled article away: findings of all kinds, merged and in order of strength.

A finding is worth showing only if a reader agrees with it: each kind is tuned so that clean human text has at
most about one false finding in a thousand words. Weights are nats of log-likelihood ratio: the log of how
much oftener per word a finding of its kind occurs in garbled machine translation than in human text.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence

from mtscore.findings.chat import begins_small, is_texting, without_habits
from mtscore.findings.debris import find_debris
from mtscore.findings.echoes import find_echoes, possible_echoes
from mtscore.findings.invented import find_invented, unknown_words
from mtscore.findings.names import find_corrupted_names
from mtscore.findings.repetition import find_repetition, repeating_sentences
from mtscore.findings.scans import is_scanned
from mtscore.findings.scripts import find_scripts
from mtscore.findings.stray import find_stray
from mtscore.records import Evidence, Span
from mtscore.signals.analysis import Group
from mtscore.signals.columns import STRENGTH_KINDS
from mtscore.signals.extraction import Extraction
from mtscore.signals.mixing import foreign_evidence
from mtscore.words.resources import Resources


def find_evidence(
    extraction: Extraction, resources: Resources, *, limit: int | None = None, excused: bool = True
) -> tuple[Evidence, ...]:
    """The findings of one document, strongest first; at equal weight in document order. Spans lie inside the
    body, do not overlap, and `text` is exactly the original's slice. `limit` keeps the strongest. `excused` says
    whether chats and print that a machine has read have no strange words."""
    group = Group.of_one(extraction.analysis)
    return find_evidence_together([extraction], group, resources, excused=excused)[0][:limit]


def find_evidence_together(
    extractions: Sequence[Extraction], group: Group, resources: Resources, *, excused: bool = True
) -> list[tuple[Evidence, ...]]:
    """What `find_evidence` gives for each of several documents; `group` is their analysis. Where a kind of finding is
    possible at all is looked up for all of them at once."""
    possible = zip(
        unknown_words(group, resources.lexicon),
        repeating_sentences(group),
        possible_echoes(group),
        strict=True,
    )
    together: list[tuple[Evidence, ...]] = []
    for extraction, (unknown, repeating, echoes) in zip(extractions, possible, strict=True):
        found = foreign_evidence(extraction.text, extraction.body, extraction.sentences)
        found += find_debris(extraction, resources.lexicon)
        found += find_scripts(extraction)
        found += find_repetition(extraction, repeating)
        found += find_echoes(extraction, echoes)
        if excused and is_texting(extraction):
            found = without_habits(found)
        elif not excused or not (begins_small(extraction) or is_scanned(extraction, unknown, resources)):
            found += _strange_words(extraction, unknown, resources)
            found += find_stray(extraction, found)
        inside = [item for item in found if _is_inside(item, extraction.body.spans)]
        together.append(tuple(without_overlaps(inside)))
    return together


def _strange_words(
    extraction: Extraction, unknown: Sequence[int], resources: Resources
) -> Iterator[Evidence]:
    """Words that are no English, of those that the word table does not know, and misspelt names."""
    yield from find_invented(extraction, unknown, resources)
    yield from find_corrupted_names(extraction, resources)


STRANGE_WORDS = ("invented_word", "corrupted_name", "untranslated")
"""Kinds of which the same word counts once in a document."""

EXPECTED_NATS_PER_1000 = 5.0
"""What a text of 1,000 words may have in findings before they say anything: a few times as much as clean human text
has, chosen so that garbled text of five sources stands out best from long and short human text."""


def strength(found: Iterable[Evidence], words: int) -> float:
    """How much the findings of a document of `words` words, strongest first, say together, in nats, never below 0.

    The strongest finding counts in full and the n-th strongest 1/√n, because findings come together; a strange word
    that comes again does not count, and what a text of that length may have anyway is taken off. Unlike a rate, this
    does not average five glaring errors of a long article away, and it does not condemn a short one for one typo.
    """
    total = _joint(item.weight for item in _counted(found))
    return max(0.0, total - EXPECTED_NATS_PER_1000 * words / 1000.0)


STRONG = 3.0
"""Nats from which a finding is strong."""


def finding_signals(found: Iterable[Evidence], words: int) -> list[float]:
    """The signals of `columns.FINDING_NAMES`, for a document of `words` words; `found` is strongest first."""
    counted = list(_counted(found))
    weights = [item.weight for item in counted]
    by_kind = [_joint([item.weight for item in counted if item.kind == kind]) for kind in STRENGTH_KINDS]
    share = 100.0 / max(words, 1)
    strong = sum(weight >= STRONG for weight in weights)
    return [*by_kind, len(weights) * share, sum(weights) * share, strong * share]


def _counted(found: Iterable[Evidence]) -> Iterator[Evidence]:
    """The findings that count, of a strange word only the first: if the tables lack a word of the document's subject,
    they lack it wherever it stands."""
    seen: set[str] = set()
    for item in found:
        if item.kind in STRANGE_WORDS:
            word = item.text.lower()
            if word in seen:
                continue
            seen.add(word)
        if item.kind in STRENGTH_KINDS:
            yield item


def _joint(weights: Iterable[float]) -> float:
    """What findings say together: the strongest in full, the n-th strongest 1/√n."""
    return sum(w / math.sqrt(rank) for rank, w in enumerate(sorted(weights, reverse=True), 1))


def _is_inside(item: Evidence, spans: Iterable[Span]) -> bool:
    return any(span.start <= item.start and item.end <= span.end for span in spans)


def without_overlaps(found: Iterable[Evidence]) -> list[Evidence]:
    """The findings by falling weight, each only if it overlaps no stronger one."""
    kept: list[Evidence] = []
    taken: list[tuple[int, int]] = []  # the kept spans in document order
    for item in sorted(found, key=lambda e: (-e.weight, e.start, e.end)):
        place = bisect_left(taken, (item.start, item.end))
        is_free_before = place == 0 or taken[place - 1][1] <= item.start
        if is_free_before and (place == len(taken) or item.end <= taken[place][0]):
            taken.insert(place, (item.start, item.end))
            kept.append(item)
    return kept
