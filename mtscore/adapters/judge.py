"""What the adapters share: texts in, columns or decisions out, with one scorer a process.

A `Judge` is only its settings, so it can be sent to any worker; the model is loaded there, once, when the first
text comes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from mtscore.errors import InputError
from mtscore.files.filtering.annotation import ANNOTATIONS, EVIDENCE, annotation, evidence_of
from mtscore.records import Document, Verdict, is_rejected

COLUMNS: tuple[str, ...] = tuple(f"mtscore_{name}" for name in ANNOTATIONS)
"""The columns of a verdict, in order: status, reason, score, label, quality."""

EVIDENCE_COLUMN = f"mtscore_{EVIDENCE}"
"""The findings as JSON; a column that must be asked for."""

NUMBERS = ("mtscore_score", "mtscore_quality")
"""Those that are numbers (or null); the others are texts."""


def check_columns(
    names: Iterable[str],
    text_column: str,
    added: Sequence[str] = (),
    *,
    is_cased: bool = True,
) -> None:
    """Raises `InputError` for a frame without the text's column, or with one of those that are `added`. Where
    names are not `is_cased`, "Text" and "text" are one."""
    known = [str(name) for name in names]

    def has(name: str) -> bool:
        return name in known or (not is_cased and name.lower() in map(str.lower, known))

    if not has(text_column):
        raise InputError(
            f"there is no column {text_column!r} (but: {', '.join(known[:8]) or 'none'}); name the one with the texts"
        )
    taken = [name for name in added if has(name)]
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
    reading: str | None = None
    """"quick", "close" or "auto"; by default what `MTSCORE_READING` names on the worker, or quick."""
    has_evidence: bool = False
    """Whether there is a column `mtscore_evidence`, too, with the findings as JSON."""

    @property
    def names(self) -> tuple[str, ...]:
        """The columns of a verdict, in order."""
        return (*COLUMNS, EVIDENCE_COLUMN) if self.has_evidence else COLUMNS

    def verdicts(self, texts: Iterable[str | None]) -> list[Verdict]:
        """One verdict for each text, in order; None is a text that could not be read."""
        from mtscore.scoring.scorer import shared_scorer

        documents = [
            Document(str(number), text if isinstance(text, str) else None, "no text")
            for number, text in enumerate(texts, 1)
        ]
        scorer = shared_scorer(self.model, self.prior, self.reading)
        return list(scorer.score_many(documents, evidence=self.has_evidence))

    def columns(self, texts: Iterable[str | None]) -> dict[str, list[Any]]:
        """The verdicts of the texts as the columns `names`."""
        rows = [self.row(verdict) for verdict in self.verdicts(texts)]
        return {name: [row[place] for row in rows] for place, name in enumerate(self.names)}

    def row(self, verdict: Verdict) -> tuple[Any, ...]:
        """The values of the columns `names`."""
        values = annotation(verdict)
        return (*values, json.dumps(evidence_of(verdict))) if self.has_evidence else values

    def keeps(self, texts: Iterable[str | None]) -> list[bool]:
        """Whether each text is kept."""
        return [self.why_not(verdict) is None for verdict in self.verdicts(texts)]

    def why_not(self, verdict: Verdict) -> str | None:
        """Why a text with this verdict is not kept ("garbled", or the reason why it cannot be judged); None
        for one that is."""
        if verdict.score is None:
            return None if self.keeps_undecided else verdict.reason
        return "garbled" if is_rejected(verdict, self.max_score) else None
