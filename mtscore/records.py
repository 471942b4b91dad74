"""The records that the stages hand on: small, frozen, and nothing but data.

Offsets are code points into the text the caller gave; `text[start:end]` is always exactly what is meant.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any, Literal, NamedTuple

SHOWN = 10
"""Findings that a notebook shows of a verdict."""

_STEERING = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f\ud800-\udfff]")
"""Control characters and marks of direction: in a stranger's words they could turn around what stands beside them."""

Status = Literal["scored", "cannot_tell"]
Label = Literal["garbled", "suspect", "clean"]
Reason = Literal["empty", "too_short", "not_english", "no_body", "unreadable"]
EvidenceKind = Literal[
    "invented_word",
    "corrupted_name",
    "wrong_sense",
    "odd_wording",
    "grammar",
    "pronoun",
    "untranslated",
    "foreign_passage",
    "broken_order",
    "repetition",
    "translation_debris",
    "sibling",
    "foreign_spelling",
]


class Span(NamedTuple):
    """A half-open range of code points, `text[start:end]`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence's normalised tokens (see `segment.normalize`) and where each stands in the text."""

    words: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    @property
    def span(self) -> Span:
        """From the first token to the last."""
        return Span(self.starts[0], self.ends[-1])


@dataclass(frozen=True, slots=True)
class ForeignSpan:
    """A stretch of the body that is not English: an ISO 639-1 `language`, and whether the text presents
    it as a quotation (shown, not held against the article)."""

    start: int
    end: int
    language: str
    is_quoted: bool = False


@dataclass(frozen=True, slots=True)
class Body:
    """What is judged: the article's spans in document order, without page furniture.

    `languages` maps ISO 639-1 codes to their share of the body's words (sums to 1 unless empty);
    `foreign` lists the body's stretches that are not English.
    """

    spans: tuple[Span, ...]
    languages: Mapping[str, float] = field(default_factory=dict)
    foreign: tuple[ForeignSpan, ...] = ()


@dataclass(frozen=True, slots=True)
class Pivot:
    """The foreign word that explains a mistake, and its ISO 639-1 language."""

    language: str
    word: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """One finding: `text` is exactly `original[start:end]`; `weight` is in nats of log-likelihood ratio
    (higher: stronger); `intended` lists probable intended words, best first. `sibling` is the id of the document
    that has them in this place (kind `sibling` only)."""

    start: int
    end: int
    text: str
    kind: EvidenceKind
    weight: float
    sentence: Span
    intended: tuple[str, ...] = ()
    pivot: Pivot | None = None
    sibling: str | None = None


@dataclass(frozen=True, slots=True)
class SentenceSuspicion:
    """A sentence, and how suspect the close reading finds it: 0 (not at all) to 1."""

    start: int
    end: int
    suspicion: float


@dataclass(frozen=True, slots=True)
class Document:
    """One thing to score. `text` is None when it could not be read; `detail` then says why. Beside a text, it says
    what had to be assumed to read it, such as its encoding."""

    id: str
    text: str | None
    detail: str | None = None
    is_html: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer for one document; the fields are documented in the README and stable."""

    id: str
    status: Status
    reason: Reason | None = None
    detail: str | None = None
    score: float | None = None
    label: Label | None = None
    quality: float | None = None
    signals: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()
    languages: Mapping[str, float] = field(default_factory=dict)
    foreign: tuple[ForeignSpan, ...] = ()
    source_languages: Mapping[str, float] = field(default_factory=dict)
    words: int = 0
    body: tuple[Span, ...] = ()
    signature: Mapping[str, Any] = field(default_factory=dict)
    sentences: tuple[SentenceSuspicion, ...] = ()

    def _repr_html_(self) -> str:
        """The verdict as notebooks show it: what was found, without the text that it was found in."""
        facts = {
            "id": self.id or None,
            "label": self.label,
            "score": None if self.score is None else f"{self.score:.3f}",
            "quality": None if self.quality is None else f"{self.quality:.0f} of 100",
            "words": str(self.words),
            "cannot tell": self.reason,
            "detail": self.detail,
        }
        rows = [(name, value) for name, value in facts.items() if value is not None]
        for item in self.evidence[:SHOWN]:
            meant = f" ({', '.join(item.intended)}?)" if item.intended else ""
            rows.append((item.kind.replace("_", " "), item.text + meant))
        if len(self.evidence) > SHOWN:
            rows.append(("", f"and {len(self.evidence) - SHOWN} more findings"))
        cells = "".join(f"<tr><th>{escape(name)}</th><td>{_cell(value)}</td></tr>" for name, value in rows)
        return f"<table>{cells}</table>"


def _cell(value: str) -> str:
    """A value as HTML that steers nothing: a space for white space, escapes for what else nobody should see."""
    return escape(_STEERING.sub(_shown, value))


def _shown(found: re.Match[str]) -> str:
    return " " if found[0].isspace() else found[0].encode("unicode_escape").decode()


def is_rejected(verdict: Verdict, max_score: float | None = None) -> bool:
    """Whether a filter leaves a scored document out: it scores `max_score` or more, or, without one, is called
    garbled. False for one without a score."""
    if max_score is None:
        return verdict.label == "garbled"
    return verdict.score is not None and verdict.score >= max_score
