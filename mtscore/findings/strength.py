"""What the findings of a document say together: their strength, and the signals that the classifier sees of them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

from mtscore.records import Evidence
from mtscore.signals.columns import STRENGTH_KINDS

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
