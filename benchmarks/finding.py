"""What a reading finds in a text, for the benchmarks that count findings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from mtscore import Scorer
from mtscore.records import Evidence


class Found(NamedTuple):
    """Findings, strongest first, and the words that were judged; none of either where a text cannot be judged."""

    evidence: Sequence[Evidence]
    words: int
    is_garbled: bool = False
    """Whether the text is called garbled; False where nobody was asked."""


Finder = Callable[[str], Found]


def finder(model: Path | None, reading: str) -> Finder:
    """What a scorer with this model and reading shows of a text."""
    scorer = Scorer.load(model, reading=reading)

    def find(text: str) -> Found:
        verdict = scorer.score(text)
        return Found(verdict.evidence, verdict.words, verdict.label == "garbled")

    return find
