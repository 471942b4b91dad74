"""One article for a reader: the verdict, the text with its findings marked and numbered, and a note on each.

The findings are numbered in the order of the text and coloured by kind; page furniture, which was not
judged, is dim. Where there is no colour, findings stand in [[double brackets]] and furniture behind a "~",
so that nothing is lost in a pipe.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple, TextIO, TypeVar

from mtscore.records import Evidence, EvidenceKind, Span, Verdict
from mtscore.render.terminal import MAX_WIDTH, clip, is_styled, open_console, print_wrapped, sanitize
from mtscore.render.wording import (
    KINDS,
    LABEL_STYLES,
    counted,
    language_name,
    percent,
    shown_score,
    why_not,
)

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

MAX_INTENDED = 3
"""Intended words named in a note."""

_NOTE_WORD_WIDTH = 60
_MIN_SHARE = 0.005
_LINE = re.compile(r"[^\r\n\u2028\u2029\x0b\x0c\x85]+")
_LINE_END = re.compile(r"\r\n|[\r\n\u2028\u2029\x0b\x0c\x85]")


class _Mark(NamedTuple):
    """A stretch of the text to mark: one finding, or several that overlap."""

    start: int
    end: int
    kind: EvidenceKind
    numbers: tuple[int, ...]


_SpanT = TypeVar("_SpanT", _Mark, Span)


class _Piece(NamedTuple):
    """A stretch of one line that is shown in one way."""

    start: int
    end: int
    mark: _Mark | None
    is_body: bool


def write_article(
    verdict: Verdict, text: str | None, stream: TextIO, *, pushed: Sequence[tuple[str, float]] = ()
) -> None:
    """Prints the verdict on `text`, the very text that its offsets point into (None: could not be read).

    `pushed` names the signals that moved the score most, each with the log-odds that it added.
    """
    console = open_console(stream)
    console.width = min(console.width, MAX_WIDTH)
    for line in _summary(verdict, pushed):
        print_wrapped(console, line)
    if not text:
        return
    numbered = list(enumerate(sorted(verdict.evidence, key=lambda found: (found.start, found.end)), start=1))
    _print_text(verdict.body, _marks(numbered), text, console)
    if numbered:
        _print_notes(numbered, console)


# The summary


def _summary(verdict: Verdict, pushed: Sequence[tuple[str, float]]) -> Iterator[Text]:
    from rich.text import Text

    if verdict.status == "cannot_tell" or verdict.score is None:
        yield Text.assemble(("CANNOT TELL", "bold"), f" · {sanitize(why_not(verdict))}")
    else:
        label = f"{(verdict.label or 'scored').upper()} {shown_score(verdict.score)}"
        style = LABEL_STYLES[verdict.label] if verdict.label else "bold"
        quality = "" if verdict.quality is None else f" · quality {verdict.quality:.0f}"
        findings = counted(len(verdict.evidence), "finding") if verdict.evidence else "no findings"
        source = _first_source(verdict)
        yield Text.assemble(
            (label, style), f"{quality} · {findings} in {counted(verdict.words, 'word')}{source}"
        )
    yield Text(sanitize(verdict.id), style="dim")
    yield from (Text(f"{title}: {content}") for title, content in _facts(verdict, pushed) if content)


def _first_source(verdict: Verdict) -> str:
    """The most probable source language, for the end of the first line."""
    if not verdict.source_languages:
        return ""
    code = min(verdict.source_languages, key=lambda code: (-verdict.source_languages[code], code))
    return f" · probable source: {sanitize(language_name(code))}"


def _facts(verdict: Verdict, pushed: Sequence[tuple[str, float]]) -> Iterator[tuple[str, str]]:
    yield "language", _shares(verdict.languages.items())
    yield "probably translated from", _shares(verdict.source_languages.items())
    counts = Counter(found.kind for found in verdict.evidence)
    kinds = sorted(counts, key=lambda kind: (-counts[kind], kind))
    yield "findings", ", ".join(counted(counts[kind], *KINDS[kind][:2]) for kind in kinds)
    yield "what moved the score", ", ".join(f"{sanitize(name)} {value:+.1f}" for name, value in pushed)


def _shares(shares: Iterable[tuple[str, float]]) -> str:
    ordered = sorted(shares, key=lambda pair: (-pair[1], pair[0]))
    named = ((sanitize(language_name(code)), share) for code, share in ordered if share >= _MIN_SHARE)
    return ", ".join(f"{name} {percent(share)}" for name, share in named)


# The text


def _marks(numbered: Iterable[tuple[int, Evidence]]) -> list[_Mark]:
    """Marks in the order of the text, none overlapping the next. Overlapping findings share one, of the kind
    of the strongest."""
    marks: list[_Mark] = []
    strongest = 0.0
    for number, found in numbered:
        if marks and found.start < marks[-1].end:
            last = marks[-1]
            kind = found.kind if found.weight > strongest else last.kind
            strongest = max(strongest, found.weight)
            marks[-1] = _Mark(last.start, max(last.end, found.end), kind, (*last.numbers, number))
        else:
            strongest = found.weight
            marks.append(_Mark(found.start, found.end, found.kind, (number,)))
    return marks


def _print_text(body: Sequence[Span], marks: Sequence[_Mark], text: str, console: Console) -> None:
    """The text line by line: paragraphs (lines that wrap) kept apart, short lines as they stood."""
    draw = _styled_line if is_styled(console) else _plain_line
    was_paragraph, previous_end = True, 0
    for line in _LINE.finditer(text):
        words = line[0].strip()
        if not words:
            continue
        start = line.start() + line[0].index(words)
        shown = draw(_pieces(Span(start, start + len(words)), body, marks), text)
        is_paragraph = shown.cell_len > console.width
        has_gap = len(_LINE_END.findall(text, previous_end, start)) > 1
        if has_gap or is_paragraph or was_paragraph:
            console.print()
        print_wrapped(console, shown)
        was_paragraph, previous_end = is_paragraph, line.end()


def _pieces(line: Span, body: Sequence[Span], marks: Sequence[_Mark]) -> Iterator[_Piece]:
    """The line cut wherever a mark or the body begins or ends. Without any body, all counts as body."""
    cuts = {line.start, line.end}
    for spans in (body, marks):
        first = max(bisect_right(spans, line.start, key=_start) - 1, 0)
        for span in spans[first : bisect_right(spans, line.end, key=_start)]:
            cuts.update(place for place in span[:2] if line.start < place < line.end)
    for start, end in pairwise(sorted(cuts)):
        yield _Piece(start, end, _covering(marks, start), not body or _covering(body, start) is not None)


def _start(span: _SpanT) -> int:
    return span[0]


def _covering(spans: Sequence[_SpanT], place: int) -> _SpanT | None:
    """The one of the ordered, disjoint `spans` that `place` lies in."""
    index = bisect_right(spans, place, key=_start) - 1
    return spans[index] if index >= 0 and place < spans[index][1] else None


def _styled_line(pieces: Iterable[_Piece], text: str) -> Text:
    from rich.text import Text

    line = Text()
    for piece in pieces:
        style = KINDS[piece.mark.kind][2] if piece.mark else "" if piece.is_body else "dim"
        line.append(sanitize(text[piece.start : piece.end]), style=style)
        line.append(_footnote(piece, text), style="dim")
    return line


def _plain_line(pieces: Iterable[_Piece], text: str) -> Text:
    from rich.text import Text

    shown, has_body = [], False
    for piece in pieces:
        words = sanitize(text[piece.start : piece.end])
        shown.append(f"[[{words}]]{_footnote(piece, text)}" if piece.mark else words)
        has_body = has_body or piece.is_body
    return Text(("" if has_body else "~ ") + "".join(shown))


def _footnote(piece: _Piece, text: str) -> str:
    """The numbers of the piece's mark, behind its last piece: it may go on in the next line."""
    if piece.mark is None or text[piece.end : piece.mark.end].strip():
        return ""
    return "".join(f"[{number}]" for number in piece.mark.numbers)


# The notes


def _print_notes(numbered: Sequence[tuple[int, Evidence]], console: Console) -> None:
    from rich.text import Text

    console.print()
    print_wrapped(console, Text("Notes", style="bold"))
    width = len(f"[{len(numbered)}] ")
    for number, found in numbered:
        words = (clip(found.text, _NOTE_WORD_WIDTH), KINDS[found.kind][2])
        note = Text.assemble(words, _explanation(found))
        print_wrapped(console, note, first=f"[{number}] ".rjust(width), indent=" " * width)


def _explanation(found: Evidence) -> str:
    parts = [KINDS[found.kind][0]]
    if found.intended:
        parts.append("probably meant: " + ", ".join(clip(word, 40) for word in found.intended[:MAX_INTENDED]))
    if found.pivot:
        parts.append(f"from {sanitize(language_name(found.pivot.language))} {clip(found.pivot.word, 40)}")
    return f": {'; '.join(parts)} (strength {found.weight:.1f})"
