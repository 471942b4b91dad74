"""What annotated records are given."""

from __future__ import annotations

from typing import Any

from mtscore.records import Verdict

ANNOTATIONS: tuple[str, ...] = ("status", "reason", "score", "label", "quality")
"""What annotated records are given: in JSON an object `mtscore` with these fields, else columns `mtscore_*`."""


def annotation(verdict: Verdict) -> tuple[Any, ...]:
    """The values of `ANNOTATIONS`; numbers have 6 significant digits."""
    numbers = [None if value is None else float(f"{value:.6g}") for value in (verdict.score, verdict.quality)]
    return verdict.status, verdict.reason, numbers[0], verdict.label, numbers[1]
