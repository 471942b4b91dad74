"""What a translation is worth as a label: garbled, unclear or fluent, by a rule that reading supports."""

from __future__ import annotations

import gzip
import re
from collections.abc import Mapping
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


def label_for(record: Mapping[str, Any]) -> int | None:
    """1 (garbled), 0 (fluent) or None (unclear)."""
    return None
