"""Verdicts in the words and pieces that the page's templates show. Every string is sanitised here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from mtscore.records import Evidence, EvidenceKind, Verdict
from mtscore.render.html.browsing import site_of, source_of
from mtscore.render.html.reference import Reference
from mtscore.render.marks import Piece, in_text_order, lines_of, make_marks, pieces_of
from mtscore.render.suspicion import shades_of
from mtscore.render.terminal import clip, sanitize
from mtscore.render.wording import (
    KIND_MEANINGS,
    KINDS,
    LABEL_MEANINGS,
    MAX_INTENDED,
    counted_kinds,
    language_name,
    percent,
    shares,
    shown_score,
    why_not,
)

MAX_STRONGEST = 8
"""Findings named above the article."""

_ID_CHARS = 2000
_WORDS_WIDTH = 60


class Finding(NamedTuple):
    """A finding as its note shows it."""

    number: int
    anchor: int
    """The number of the first finding that shares its mark."""
    kind: EvidenceKind
    kind_name: str
    kind_meaning: str
    words: str
    intended: str
    pivot: str
    sibling: str
    strength: str


class Kind(NamedTuple):
    """A kind of evidence in the legend."""

    kind: EvidenceKind
    name: str
    meaning: str
    times: int


class DocumentView(NamedTuple):
    """What stands above and below an article."""

    id: str
    label: str
    heading: str
    meaning: str
    score: str
    score_meaning: str
    facts: list[tuple[str, str]]
    strongest: list[Finding]
    findings: list[Finding]
    kinds: list[Kind]
    signature: str


class Chunk(NamedTuple):
    """A piece of a line: its text, the kind of the finding that it belongs to ("" for none), whether it is
    furniture, the number of a finding that begins with it (0: none), and the findings that end with it."""

    text: str
    kind: str
    is_furniture: bool
    anchor: int
    notes: list[Finding]
    level: int
    """How much the sentence is shaded, 0 to 3."""


class Row(NamedTuple):
    """One document of an overview."""

    number: int
    has_article: bool
    id: str
    label: str
    score: float | None
    shown_score: str
    quality: float | None
    words: int
    findings: int
    strongest: str
    kinds: str
    """The kinds of its findings, parted by blanks."""
    source: str
    """The most probable language that it was translated from."""
    site: str


def document_view(verdict: Verdict, reference: Reference) -> DocumentView:
    """The verdict in words."""
    numbered = in_text_order(verdict.evidence)
    findings = dict(zip((found for _, found in numbered), _findings(numbered), strict=True))
    first = sorted(verdict.evidence, key=lambda found: found.kind == "translation_debris")
    return DocumentView(
        id=sanitize(verdict.id[:_ID_CHARS]),
        label=label_of(verdict),
        heading=_heading(verdict),
        meaning=LABEL_MEANINGS[verdict.label] if verdict.label else "",
        score="" if verdict.score is None else shown_score(verdict.score),
        score_meaning=_score_meaning(verdict, reference),
        facts=[(name, value) for name, value in _facts(verdict) if value],
        strongest=[findings[found] for found in _distinct(first)[:MAX_STRONGEST]],
        findings=sorted(findings.values()),
        kinds=_kinds(verdict),
        signature=", ".join(f"{sanitize(k)} {sanitize(str(v))}" for k, v in verdict.signature.items()),
    )


def label_of(verdict: Verdict) -> str:
    """The label, or "cannot tell"."""
    return verdict.label or "cannot tell"


def overview_row(verdict: Verdict, number: int, has_article: bool) -> Row:
    """The verdict as a row; small, because an overview keeps all of them."""
    strongest = ", ".join(clip(found.text, 24) for found in verdict.evidence[:MAX_INTENDED])
    if verdict.label != "clean" and not verdict.evidence:
        strongest = sanitize(verdict.detail or "")
    return Row(
        number=number,
        has_article=has_article,
        id=sanitize(verdict.id[:_ID_CHARS]),
        label=label_of(verdict),
        score=verdict.score,
        shown_score="–" if verdict.score is None else shown_score(verdict.score),
        quality=verdict.quality,
        words=verdict.words,
        findings=len(verdict.evidence),
        strongest=strongest if verdict.status == "scored" else sanitize(why_not(verdict)),
        kinds=" ".join(sorted({found.kind for found in verdict.evidence})),
        source=sanitize(source_of(verdict)),
        site=sanitize(site_of(verdict.id[:_ID_CHARS])),
    )


def article_lines(verdict: Verdict, text: str) -> Iterator[list[Chunk]]:
    """The text line by line, each cut into chunks that are shown alike."""
    numbered = in_text_order(verdict.evidence)
    notes = {finding.number: finding for finding in _findings(numbered)}
    marks, shades = make_marks(numbered), shades_of(verdict)
    for line in lines_of(text):
        yield [
            _chunk(piece, text, notes, verdict.status == "scored")
            for piece in pieces_of(line, verdict.body, marks, shades)
        ]


def _chunk(piece: Piece, text: str, notes: dict[int, Finding], is_scored: bool) -> Chunk:
    numbers = piece.mark.numbers if piece.mark else ()
    return Chunk(
        text=sanitize(text[piece.start : piece.end]),
        kind=piece.mark.kind if piece.mark else "",
        is_furniture=is_scored and not piece.is_body,
        anchor=numbers[0] if piece.mark and piece.start == piece.mark.start else 0,
        notes=[notes[number] for number in numbers] if piece.ends_mark(text) else [],
        level=piece.level,
    )


def _findings(numbered: Sequence[tuple[int, Evidence]]) -> list[Finding]:
    anchors = {number: mark.numbers[0] for mark in make_marks(numbered) for number in mark.numbers}
    return [_finding(number, anchors[number], found) for number, found in numbered]


def _finding(number: int, anchor: int, found: Evidence) -> Finding:
    pivot = found.pivot
    return Finding(
        number=number,
        anchor=anchor,
        kind=found.kind,
        kind_name=KINDS[found.kind][0],
        kind_meaning=KIND_MEANINGS[found.kind],
        words=clip(found.text, _WORDS_WIDTH),
        intended=", ".join(clip(word, 40) for word in found.intended[:MAX_INTENDED]),
        pivot=f"{sanitize(language_name(pivot.language))} {clip(pivot.word, 40)}" if pivot else "",
        sibling="" if found.sibling is None else clip(found.sibling, _WORDS_WIDTH),
        strength=f"{found.weight:.1f}",
    )


def _heading(verdict: Verdict) -> str:
    if verdict.status == "cannot_tell":
        return f"Cannot tell: {sanitize(why_not(verdict))}"
    return (verdict.label or "scored").capitalize()


def _score_meaning(verdict: Verdict, reference: Reference) -> str:
    """What the number is, and what the label is worth."""
    if verdict.score is None:
        return "What cannot be judged gets no score."
    meaning = (
        "The score estimates how likely it is that a careful reader would call the article garbled, where "
        f"{percent(reference.prior)} of all articles are."
    )
    rate = reference.false_positive_rates.get(verdict.label or "")
    if rate is not None:
        worse = "" if verdict.label == "garbled" else " or worse"
        meaning += (
            f" Of articles that people wrote, about {percent(rate)} are called {verdict.label}{worse}, all kinds of "
            "text counting the same; of a single kind it may be more."
        )
    return meaning


def _facts(verdict: Verdict) -> Iterator[tuple[str, str]]:
    if verdict.quality is not None:
        yield "Quality of the English", f"{verdict.quality:.0f} of 100"
    if verdict.words:
        yield "Words judged", f"{verdict.words:,}"
    if verdict.status == "scored":
        yield "Findings", counted_kinds(verdict.evidence) or "none"
        yield "Note", sanitize(verdict.detail or "")
    yield "Language", shares(verdict.languages.items())
    yield "Probably translated from", shares(verdict.source_languages.items())


def _distinct(evidence: Iterable[Evidence]) -> list[Evidence]:
    """The findings, but of those with the same words only the first."""
    return list({(found.text.lower(), found.kind): found for found in reversed(list(evidence))}.values())[
        ::-1
    ]


def _kinds(verdict: Verdict) -> list[Kind]:
    counts = Counter(found.kind for found in verdict.evidence)
    return [
        Kind(kind, KINDS[kind][0], meaning, counts[kind])
        for kind, meaning in KIND_MEANINGS.items()
        if counts[kind]
    ]
