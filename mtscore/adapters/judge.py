"""What the adapters share: texts in, columns or decisions out, with one scorer a process.

A `Judge` is only its settings, so it can be sent to any worker; the model is loaded there, once, when the first
text comes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from mtscore.errors import InputError
from mtscore.files.filtering.annotation import ANNOTATIONS, annotation
from mtscore.records import Document, Verdict, is_rejected

COLUMNS: tuple[str, ...] = tuple(f"mtscore_{name}" for name in ANNOTATIONS)
"""The columns of a verdict, in order: status, reason, score, label, quality."""

NUMBERS = ("mtscore_score", "mtscore_quality")
"""Those that are numbers (or null); the others are texts."""


def check_columns(
    names: Iterable[str], text_column: str, *, is_annotated: bool, is_cased: bool = True
) -> None:
    """Raises `InputError` for a frame without the text's column, or with one that a verdict would replace. Where
    names are not `is_cased`, "Text" and "text" are one."""
    known = [str(name) for name in names]

    def has(name: str) -> bool:
        return name in known or (not is_cased and name.lower() in map(str.lower, known))

    if not has(text_column):
        raise InputError(
            f"there is no column {text_column!r} (but: {', '.join(known[:8]) or 'none'}); name the one with the texts"
        )
    taken = [name for name in COLUMNS if is_annotated and has(name)]
    if taken:
        raise InputError(f"there is a column {taken[0]!r} already; drop it or rename it first")


@dataclass(frozen=True, slots=True)
class Judge:
    """How texts are scored, and which are kept."""

    model: str | None = None
    """A model folder, found on every worker; without one, the model that is shipped."""
    prior: float | None = None
    """Share of garbled articles to expect; by default the model's own."""
    max_score: float | None = None
    """Texts that score so much or more are rejected; by default those that the model calls garbled."""
    keeps_undecided: bool = True
    """Whether texts that cannot be judged are kept."""

    def verdicts(self, texts: Iterable[str | None]) -> list[Verdict]:
        """One verdict for each text, in order; None is a text that could not be read."""
        from mtscore.scoring.scorer import shared_scorer

        documents = [
            Document(str(number), text if isinstance(text, str) else None, "no text")
            for number, text in enumerate(texts, 1)
        ]
        return list(shared_scorer(self.model, self.prior).score_many(documents, evidence=False))

    def columns(self, texts: Iterable[str | None]) -> dict[str, list[Any]]:
        """The verdicts of the texts as the columns `COLUMNS`."""
        rows = [annotation(verdict) for verdict in self.verdicts(texts)]
        return {name: [row[place] for row in rows] for place, name in enumerate(COLUMNS)}

    def keeps(self, texts: Iterable[str | None]) -> list[bool]:
        """Whether each text is kept."""
        return [self.why_not(verdict) is None for verdict in self.verdicts(texts)]

    def why_not(self, verdict: Verdict) -> str | None:
        """Why a text with this verdict is not kept ("garbled", or the reason why it cannot be judged); None
        for one that is."""
        if verdict.score is None:
            return None if self.keeps_undecided else verdict.reason
        return "garbled" if is_rejected(verdict, self.max_score) else None
