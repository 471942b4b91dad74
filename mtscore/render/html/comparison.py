"""Two models on the same labelled texts, as a page: how good each is, and where they disagree."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TextIO

from mtscore.arrays.odds import sigmoid
from mtscore.learning.evaluation import METRICS, Comparison, Scored
from mtscore.learning.labels import Labelled
from mtscore.render.html.page import write_template
from mtscore.render.metrics import NAMES, comparison_cells, share_of
from mtscore.render.terminal import clip, sanitize
from mtscore.render.wording import counted, shown_score
from mtscore.scoring.scorer import Scorer

MAX_TEXTS = 200
"""Texts that are listed."""


@dataclass(frozen=True, slots=True)
class Contestant:
    """A model's name, and what it says of the texts."""

    name: str
    scored: Scored

    @classmethod
    def of(cls, scorer: Scorer, scored: Scored) -> Contestant:
        """Named as its manifest and digest name it."""
        return cls(f"{scorer.signature['model']} {scorer.signature['digest'][:8]}", scored)


class TextRow(NamedTuple):
    """A labelled text that at least one model judges wrongly."""

    id: str
    label: str
    old: str
    new: str
    old_is_right: bool
    new_is_right: bool


def write_comparison(
    comparison: Comparison,
    contestants: tuple[Contestant, Contestant],
    texts: Sequence[Labelled],
    stream: TextIO,
) -> None:
    """Writes the page; `comparison` is of the contestants' `scored`, `texts` are those that were scored."""
    old, new = contestants
    rows = sorted(_wrong(contestants, texts), key=lambda row: (row.old_is_right == row.new_is_right, row.id))
    before, after = comparison.old.false_positives, comparison.new.false_positives
    write_template(
        "comparison.html",
        {
            "title": "Two models on your labels",
            "old": sanitize(old.name),
            "new": sanitize(new.name),
            "labels": f"{counted(len(texts), 'text')}, {sum(text.label for text in texts)} of them garbled",
            "is_little": len(texts) < 20 or not 0 < sum(text.label for text in texts) < len(texts),
            "metrics": [(NAMES[name], *comparison_cells(comparison, name)) for name in METRICS],
            "groups": [(clip(name, 60), share_of(*before[name]), share_of(*after[name])) for name in after],
            "rows": rows[:MAX_TEXTS],
            "more": max(0, len(rows) - MAX_TEXTS),
        },
        stream,
    )


def _wrong(contestants: tuple[Contestant, Contestant], texts: Sequence[Labelled]) -> Iterator[TextRow]:
    old, new = (contestant.scored for contestant in contestants)
    for number, text in enumerate(texts):
        rights = [bool(scored.is_flagged[number]) == (text.label == 1) for scored in (old, new)]
        if not all(rights):
            label = "garbled" if text.label else "clean"
            yield TextRow(clip(text.id, 80), label, _score(old, number), _score(new, number), *rights)


def _score(scored: Scored, number: int) -> str:
    """A text's score where `garbled` begins at 0.5."""
    return shown_score(sigmoid(float(scored.log_odds[number]) - scored.threshold))
