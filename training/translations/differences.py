"""How far a translation is from its original: every changed word with the word that stood there, and chrF."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from mtscore.errors import MtscoreError

_WORD = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Change:
    """Words of the translation that don't stand in the original, with what stood there (empty: nothing did)."""

    start: int
    end: int
    original: str


@dataclass(frozen=True, slots=True)
class Difference:
    """What became of an original's words. `changed`: share of them that the translation does not have in the same
    order, 0 to 1."""

    changed: float
    changes: tuple[Change, ...]


def compare(original: str, translation: str, sentences: Sequence[tuple[int, int, int, int]]) -> Difference:
    """Word by word, sentence by sentence; case doesn't count."""
    changes: list[Change] = []
    words = kept = 0
    for start, end, mt_start, mt_end in sentences:
        before = list(_WORD.finditer(original, start, end))
        after = list(_WORD.finditer(translation, mt_start, mt_end))
        matcher = SequenceMatcher(None, _keys(before), _keys(after), autojunk=False)
        words += len(before)
        for what, i1, i2, j1, j2 in matcher.get_opcodes():
            if what == "equal":
                kept += i2 - i1
            elif j2 > j1:
                changes += _changes(original, before[i1:i2], after[j1:j2])
    return Difference(1 - kept / words if words else 0.0, tuple(changes))


def _keys(words: Sequence[re.Match[str]]) -> list[str]:
    return [word.group().lower().replace("’", "'") for word in words]


def _changes(original: str, before: Sequence[re.Match[str]], after: Sequence[re.Match[str]]) -> list[Change]:
    """One change a word where as many words came back as there were, else one for all of them."""
    if len(before) == len(after):
        return [Change(b.start(), b.end(), a.group()) for a, b in zip(before, after, strict=True)]
    stood = original[before[0].start() : before[-1].end()] if before else ""
    return [Change(after[0].start(), after[-1].end(), stood)]


def chrf(translation: str, original: str) -> float:
    """Character F-score of the whole text (Popović 2015) by sacrebleu, 0 to 100; 100 is the original itself."""
    try:
        from sacrebleu.metrics.chrf import CHRF
    except ImportError as error:
        raise MtscoreError(
            "how far a translation is from its original needs sacrebleu: pip install sacrebleu"
        ) from error
    return float(CHRF().sentence_score(translation, [original]).score)
