"""What a translation is worth as a label: garbled, unclear or fluent, by a rule that reading supports."""

from __future__ import annotations

import gzip
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

MODEL = Path(__file__).parents[2] / "models" / "en"

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
SHORTEST = 4


@cache
def _known() -> frozenset[str]:
    """Words and names of the shipped lists, in lower case."""
    found: set[str] = set()
    for name in ("words.txt.gz", "names.txt.gz"):
        with gzip.open(MODEL / name, "rt", encoding="utf-8") as lines:
            found.update(line.strip().lower() for line in lines)
    return frozenset(found)


def unknown_words(text: str, original: str = "") -> float:
    """Invented and untranslated words for every hundred of the text: in lower case, of four letters or more, in no
    list, and not in the original."""
    words = _WORD.findall(text)
    there = {word.lower() for word in _WORD.findall(original)}
    unknown = [
        word
        for word in words
        if word.islower()
        and len(word) >= SHORTEST
        and word.isalpha()
        and word not in _known()
        and word not in there
    ]
    return round(100 * len(unknown) / len(words), 2) if words else 0.0


@dataclass(frozen=True, slots=True)
class Rule:
    """From which distance a chain's translations are garbled, and up to which they are fluent."""

    garbled_below: float
    fluent_from: float


BY_CHRF = {"en-pt-en": Rule(84.0, 90.0)}
"""Of a neural engine's way there and back; the chrF is that against the original."""

DENSE = Rule(87.0, 101.0)
"""Of chains with a rule-based leg: next to all they make is garbled."""

DENSE_RETURN = 82.0
"""Of such chains from another language that end in a neural leg: the chrF of its return from which they are unclear."""

BY_RETURN = Rule(79.0, 88.0)
"""Of foreign text through a neural engine alone; the chrF is that of its return."""

UNSURE_RETURN = 83.0
ENOUGH_UNKNOWN = 0.4
"""Unknown words for every hundred that decide where the distance does not."""


def label_for(record: Mapping[str, Any]) -> int | None:
    """1 (garbled), 0 (fluent) or None (unclear)."""
    has_rules = "apertium" in record["engines"]
    if record["original"] is not None:
        return _by(DENSE if has_rules else BY_CHRF["en-pt-en"], record["chrf"], record["unknown"])
    if has_rules:
        returned = record.get("returned")
        return 1 if returned is None or returned < DENSE_RETURN else None
    return _foreign_by_neural(record.get("returned"), record["unknown"])


def _by(rule: Rule, distance: float, unknown: float) -> int | None:
    if distance < rule.garbled_below:
        return 1
    return 0 if distance >= rule.fluent_from and not unknown else None


def _foreign_by_neural(returned: float | None, unknown: float) -> int | None:
    if returned is None:
        return 1 if unknown >= ENOUGH_UNKNOWN else None
    if returned < BY_RETURN.garbled_below or (returned < UNSURE_RETURN and unknown >= ENOUGH_UNKNOWN):
        return 1
    return 0 if returned >= BY_RETURN.fluent_from and not unknown else None
