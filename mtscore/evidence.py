"""Placeholder until the evidence module is in (to be overwritten)."""
from __future__ import annotations
from mtscore.analysis import Models
from mtscore.features import Extraction
from mtscore.records import Evidence


def find_evidence(extraction: Extraction, models: Models, *, limit: int | None = None) -> tuple[Evidence, ...]:
    return ()
