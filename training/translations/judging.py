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
    """What a distance (a chrF, 100: none) says: garbled below `garbled`; below `doubtful` too when there are
    `ENOUGH_UNKNOWN` words; fluent from `fluent` on when there are none."""

    garbled: float
    doubtful: float
    fluent: float


ENOUGH_UNKNOWN = 0.4
"""Unknown words for every hundred that decide where the distance does not."""

THERE_AND_BACK = Rule(82.0, 86.0, 90.0)
"""Of a neural engine; the chrF is that against the original."""

RETURNED = Rule(79.0, 84.0, 88.0)
"""Of text of another language through a neural engine alone; the chrF is that of its return."""

DENSE = Rule(87.0, 87.0, 101.0)
"""Of chains with a rule-based leg, there and back: next to all they make is garbled."""

DENSE_RETURNED = Rule(82.0, 82.0, 101.0)
"""Of such chains from another language whose last leg is neural."""


def label_for(record: Mapping[str, Any]) -> int | None:
    """1 (garbled), 0 (fluent) or None (unclear)."""
    has_rules = "apertium" in record["engines"]
    if record["original"] is not None:
        return _judged(record["chrf"], record["unknown"], DENSE if has_rules else THERE_AND_BACK)
    if record["returned"] is not None:
        return _judged(record["returned"], record["unknown"], DENSE_RETURNED if has_rules else RETURNED)
    return 1 if has_rules or record["unknown"] >= ENOUGH_UNKNOWN else None


def _judged(distance: float, unknown: float, rule: Rule) -> int | None:
    if distance < rule.garbled or (distance < rule.doubtful and unknown >= ENOUGH_UNKNOWN):
        return 1
    return 0 if distance >= rule.fluent and not unknown else None
