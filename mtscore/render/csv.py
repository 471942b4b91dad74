"""Verdicts as CSV for spreadsheets: one row a document, its numbers exact, its texts on one line.

A spreadsheet runs a cell that begins with an equals sign as a formula, and ids and quoted words are written by
strangers. Such a cell gets an apostrophe in front, which spreadsheets take for "this is text".
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from typing import TextIO

from mtscore.records import Verdict
from mtscore.render.jsonl import verdict_to_dict
from mtscore.render.terminal import sanitize

COLUMNS = (
    "id", "status", "reason", "detail", "score", "label", "quality", "words", "findings", "strongest_findings",
)  # fmt: skip
"""The last two: how many findings there are, and the words of the strongest."""

MAX_STRONGEST = 5

_FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What a cell begins with that a spreadsheet may run, also in full width."""

_BEHIND_SEPARATOR = re.compile(rf"[;\t]\s*(?=[{re.escape(''.join(_FORMULA))}])")
"""Where a cell begins for a spreadsheet that takes semicolons or tabs to stand between them."""


def write_csv(verdicts: Iterable[Verdict], stream: TextIO) -> None:
    """A heading and one row for each verdict, as RFC 4180 has it; what is null is an empty cell."""
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for verdict in verdicts:
        exact = verdict_to_dict(verdict)
        strongest = "; ".join(found.text for found in verdict.evidence[:MAX_STRONGEST])
        cells = {**exact, "findings": len(verdict.evidence), "strongest_findings": strongest}
        writer.writerow([_cell(cells[column]) for column in COLUMNS])


def _cell(value: object) -> object:
    if not isinstance(value, str):
        return value
    shown = _BEHIND_SEPARATOR.sub(r"\g<0>'", sanitize(value))
    return f"'{shown}" if shown.lstrip().startswith(_FORMULA) else shown
