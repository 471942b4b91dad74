"""What annotated records are given."""

from __future__ import annotations

import json
from typing import Any

from mtscore.records import Evidence, Verdict

ANNOTATIONS: tuple[str, ...] = ("status", "reason", "score", "label", "quality")
"""What annotated records are given: in JSON an object `mtscore` with these fields, else columns `mtscore_*`."""

EVIDENCE = "evidence"
"""What they are given beside, if it is asked for: the findings, as JSON in a column."""


def annotation(verdict: Verdict) -> tuple[Any, ...]:
    """The values of `ANNOTATIONS`; numbers have 6 significant digits."""
    numbers = [None if value is None else float(f"{value:.6g}") for value in (verdict.score, verdict.quality)]
    return verdict.status, verdict.reason, numbers[0], verdict.label, numbers[1]


def names_of(annotate: str | None) -> tuple[str, ...]:
    """The names of what is given."""
    return (*ANNOTATIONS, EVIDENCE) if annotate == EVIDENCE else ANNOTATIONS


def evidence_of(verdict: Verdict) -> list[dict[str, Any]]:
    """The findings as in `mtscore score --format jsonl`, strongest first, without what is null."""
    return [_finding(found) for found in verdict.evidence]


def evidence_cell(verdict: Verdict) -> str:
    """The findings as JSON for one cell of a table. No spreadsheet finds a formula in it, whatever it takes to stand
    between cells: semicolons are escaped."""
    return json.dumps(evidence_of(verdict)).replace(";", "\\u003b")


def _finding(found: Evidence) -> dict[str, Any]:
    values: dict[str, Any] = {
        "start": found.start,
        "end": found.end,
        "text": found.text,
        "kind": found.kind,
        "weight": float(f"{found.weight:.6g}"),
        "intended": list(found.intended),
    }
    if found.pivot is not None:
        values["pivot"] = {"language": found.pivot.language, "word": found.pivot.word}
    return values
