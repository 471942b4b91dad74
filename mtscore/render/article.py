"""One article for a reader: the verdict, the text with its findings marked and numbered, and a note on each.

The findings are numbered in the order of the text and coloured by kind; page furniture, which was not
judged, is dim. Where there is no colour, findings stand in [[double brackets]] and furniture behind a "~",
so that nothing is lost in a pipe.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, TextIO

from mtscore.records import Evidence, Span, Verdict
from mtscore.render.marks import Mark, Piece, in_text_order, lines_of, make_marks, pieces_of
from mtscore.render.suspicion import Shade, shades_of, worst_sentences
from mtscore.render.terminal import MAX_WIDTH, clip, is_styled, open_console, print_wrapped, sanitize
from mtscore.render.wording import (
    KINDS,
    LABEL_STYLES,
    counted,
    counted_kinds,
    explanation,
    language_name,
    shares,
    shown_score,
    why_not,
)

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

_NOTE_WORD_WIDTH = 60
SHADES = ("", "on grey11", "on grey19", "on grey27")
"""The ground of sentences by how suspect they are."""

_LINE_END = re.compile(r"\r\n|[\r\n\u2028\u2029\x0b\x0c\x85]")


def write_article(verdict: Verdict, text: str | None, stream: TextIO) -> None:
    """Prints the verdict on `text`, the very text that its offsets point into (None: could not be read)."""
    console = open_console(stream)
    console.width = min(console.width, MAX_WIDTH)
    for line in _summary(verdict):
        print_wrapped(console, line)
    if not text:
        return
    numbered = in_text_order(verdict.evidence)
    _print_text(verdict.body, make_marks(numbered), text, console, shades_of(verdict))
    _print_worst(verdict, text, console)
    if numbered:
        _print_notes(numbered, console)


def write_unmarked(verdict: Verdict, text: str, stream: TextIO) -> None:
    """Prints the text alone, furniture set apart: nothing says what is thought of it."""
    from rich.text import Text

    console = open_console(stream)
    console.width = min(console.width, MAX_WIDTH)
    print_wrapped(console, Text(sanitize(verdict.id), style="dim"))
    _print_text(verdict.body, (), text, console)


# The summary


def _summary(verdict: Verdict) -> Iterator[Text]:
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
    yield from (Text(f"{title}: {content}") for title, content in _facts(verdict) if content)


def _first_source(verdict: Verdict) -> str:
    """The most probable source language, for the end of the first line."""
    if not verdict.source_languages:
        return ""
    code = min(verdict.source_languages, key=lambda code: (-verdict.source_languages[code], code))
    return f" · probable source: {sanitize(language_name(code))}"


def _facts(verdict: Verdict) -> Iterator[tuple[str, str]]:
    yield "language", shares(verdict.languages.items())
    yield "probably translated from", shares(verdict.source_languages.items())
    yield "findings", counted_kinds(verdict.evidence)
    if verdict.status == "scored":
        yield "note", sanitize(verdict.detail or "")


# The text


def _print_text(
    body: Sequence[Span], marks: Sequence[Mark], text: str, console: Console, shades: Sequence[Shade] = ()
) -> None:
    """The text line by line: paragraphs (lines that wrap) kept apart, short lines as they stood."""
    draw = _styled_line if is_styled(console) else _plain_line
    was_paragraph, previous_end = True, 0
    for line in lines_of(text):
        shown = draw(pieces_of(line, body, marks, shades), text)
        is_paragraph = shown.cell_len > console.width
        has_gap = len(_LINE_END.findall(text, previous_end, line.start)) > 1
        if has_gap or is_paragraph or was_paragraph:
            console.print()
        print_wrapped(console, shown)
        was_paragraph, previous_end = is_paragraph, line.end


def _styled_line(pieces: Iterable[Piece], text: str) -> Text:
    from rich.text import Text

    line = Text()
    for piece in pieces:
        style = KINDS[piece.mark.kind][2] if piece.mark else "" if piece.is_body else "dim"
        words = sanitize(text[piece.start : piece.end])
        line.append(words, style=f"{style} {SHADES[piece.level]}".strip())
        line.append(_footnote(piece, text), style="dim")
    return line


def _plain_line(pieces: Iterable[Piece], text: str) -> Text:
    from rich.text import Text

    shown, has_body = [], False
    for piece in pieces:
        words = sanitize(text[piece.start : piece.end])
        shown.append(f"[[{words}]]{_footnote(piece, text)}" if piece.mark else words)
        has_body = has_body or piece.is_body
    return Text(("" if has_body else "~ ") + "".join(shown))


def _footnote(piece: Piece, text: str) -> str:
    """The numbers of the piece's mark, behind its last piece: it may go on in the next line."""
    if piece.mark is None or not piece.ends_mark(text):
        return ""
    return "".join(f"[{number}]" for number in piece.mark.numbers)


# The worst sentences and the notes


def _print_worst(verdict: Verdict, text: str, console: Console) -> None:
    from rich.text import Text

    worst = worst_sentences(verdict, text)
    if not worst:
        return
    console.print()
    print_wrapped(console, Text("Most suspect sentences", style="bold"))
    for sentence in worst:
        print_wrapped(console, Text(sentence.words), first=f"{sentence.suspicion}  ", indent=" " * 6)
        print_wrapped(console, Text(sentence.wrong, style="dim"), first=" " * 6, indent=" " * 6)


def _print_notes(numbered: Sequence[tuple[int, Evidence]], console: Console) -> None:
    from rich.text import Text

    console.print()
    print_wrapped(console, Text("Notes", style="bold"))
    width = len(f"[{len(numbered)}] ")
    for number, found in numbered:
        words = (clip(found.text, _NOTE_WORD_WIDTH), KINDS[found.kind][2])
        note = Text.assemble(words, f": {explanation(found)} (strength {found.weight:.1f})")
        print_wrapped(console, note, first=f"[{number}] ".rjust(width), indent=" " * width)
