"""Verdicts as a table for people: one row a document, then a line that counts them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple, TextIO

from mtscore.records import Verdict
from mtscore.render.terminal import clip, open_console, sanitize
from mtscore.render.wording import LABEL_STYLES, counted, shown_score, why_not

if TYPE_CHECKING:
    from rich.console import Console

MAX_SHOWN = 3
"""Findings named in a row."""

_WORD_WIDTH = 24
_ID_CHARS = 2000
_HEADINGS = ("score", "label", "quality", "words", "findings", "document", "strongest findings")
_NUMBERS = ("score", "quality", "words", "findings")


class Row(NamedTuple):
    """The cells of one verdict, sanitised; small, because a table keeps all of them."""

    score: str
    label: str
    quality: str
    words: str
    findings: str
    id: str
    strongest: str
    style: str


def write_table(verdicts: Iterable[Verdict], stream: TextIO) -> None:
    """Reads all verdicts, then prints their table: fitted to its width on a terminal, elsewhere aligned text
    with one line a document however long it gets."""
    rows = [table_row(verdict) for verdict in verdicts]
    console = open_console(stream)
    if console.is_terminal:
        _print_fitted(rows, console)
    else:
        stream.writelines(line + "\n" for line in (*_aligned(rows), ""))
    stream.write(_totals(rows) + "\n")


def table_row(verdict: Verdict) -> Row:
    """The cells for one verdict."""
    id = sanitize(verdict.id[:_ID_CHARS])
    if verdict.status == "cannot_tell" or verdict.score is None:
        words = str(verdict.words) if verdict.words else "-"
        return Row("-", "cannot tell", "-", words, "-", id, sanitize(why_not(verdict)), "dim")
    return Row(
        score=shown_score(verdict.score),
        label=verdict.label or "-",
        quality="-" if verdict.quality is None else f"{verdict.quality:.0f}",
        words=str(verdict.words),
        findings=str(len(verdict.evidence)),
        id=id,
        strongest=_strongest(verdict),
        style=LABEL_STYLES[verdict.label] if verdict.label else "",
    )


def _strongest(verdict: Verdict) -> str:
    """The words of the strongest findings; without any, what else made a doubtful text so."""
    if verdict.label != "clean" and not verdict.evidence:
        return sanitize(verdict.detail or "")
    return ", ".join(clip(found.text, _WORD_WIDTH) for found in verdict.evidence[:MAX_SHOWN])


def _print_fitted(rows: list[Row], console: Console) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    for heading in _HEADINGS:
        is_number = heading in _NUMBERS
        table.add_column(heading, no_wrap=is_number, overflow="fold")
        table.columns[-1].justify = "right" if is_number else "left"
    for row in rows:
        score, label = Text(row.score, style=row.style), Text(row.label, style=row.style)
        table.add_row(score, label, row.quality, row.words, row.findings, row.id, row.strongest)
    console.print(table)


def _aligned(rows: list[Row]) -> Iterator[str]:
    from rich.cells import cell_len

    lines = [_HEADINGS, *(row[:7] for row in rows)]
    widths = [max(cell_len(line[column]) for line in lines) for column in range(len(_HEADINGS))]
    for line in lines:
        cells = []
        for cell, heading, width in zip(line, _HEADINGS, widths, strict=True):
            padding = " " * (width - cell_len(cell))
            cells.append(padding + cell if heading in _NUMBERS else cell + padding)
        yield "  ".join(cells).rstrip()


def _totals(rows: list[Row]) -> str:
    counts = Counter(row.label for row in rows)
    parts = [f"{counts[label]} {label}" for label in (*LABEL_STYLES, "cannot tell") if counts[label]]
    return f"{counted(len(rows), 'document')}: {', '.join(parts)}" if parts else "0 documents"
