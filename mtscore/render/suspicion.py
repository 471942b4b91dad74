"""The sentences that a close reading finds suspect: how dark they are shown, which are the worst, and what is wrong."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from mtscore.records import Evidence, SentenceSuspicion, Verdict
from mtscore.render.terminal import clip
from mtscore.render.wording import KINDS, MAX_INTENDED

LEVELS = (0.5, 0.7, 0.85)
"""The suspicion from which a sentence is shaded, and shaded more."""

MAX_WORST = 3
_WIDTH, _NAMED = 240, 4
AS_A_WHOLE = "no single word, the sentence as a whole"


class Shade(NamedTuple):
    """A sentence to shade, from 1 (a little) to 3."""

    start: int
    end: int
    level: int


class Worst(NamedTuple):
    """One of the worst sentences: how suspect, its words, and what is wrong with it. Sanitised."""

    suspicion: str
    words: str
    wrong: str
    start: int


def shades_of(verdict: Verdict) -> list[Shade]:
    """The sentences to shade, in the order of the text; none in an article that is called clean."""
    if verdict.label == "clean":
        return []
    levels = ((s, sum(s.suspicion >= least for least in LEVELS)) for s in verdict.sentences)
    return [Shade(s.start, s.end, level) for s, level in levels if level]


def worst_sentences(verdict: Verdict, text: str) -> list[Worst]:
    """The most suspect sentences of an article that is not called clean, the worst first."""
    if verdict.label == "clean":
        return []
    found = sorted(verdict.sentences, key=lambda s: (-s.suspicion, s.start))
    return [
        Worst(f"{s.suspicion:.2f}", clip(text[s.start : s.end], _WIDTH), _wrong(verdict.evidence, s), s.start)
        for s in found[:MAX_WORST]
        if s.suspicion >= LEVELS[0]
    ]


def _wrong(evidence: Iterable[Evidence], sentence: SentenceSuspicion) -> str:
    """The findings in a sentence, strongest first."""
    inside = [e for e in evidence if e.start < sentence.end and sentence.start < e.end]
    named = [_named(found) for found in inside[:_NAMED]]
    if len(inside) > _NAMED:
        named.append(f"and {len(inside) - _NAMED} more")
    return ", ".join(named) or AS_A_WHOLE


def _named(found: Evidence) -> str:
    meant = " or ".join(clip(word, 40) for word in found.intended[:MAX_INTENDED])
    return f"“{clip(found.text, 40)}” ({meant + '?' if meant else KINDS[found.kind][0]})"
