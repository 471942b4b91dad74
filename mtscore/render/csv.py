"""Verdicts as CSV for spreadsheets: one row a document, its numbers exact, its texts on one line.

A spreadsheet runs a cell that begins with an equals sign as a formula, and ids and quoted words are written by
strangers. Such a cell gets an apostrophe in front, which spreadsheets take for "this is text". Where a comma is the
decimal sign, spreadsheets part cells at semicolons instead, wherever they stand: behind these the same is done.
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

_FORMULA = re.compile('(^|;)(?=["\\s]*[=+@\uff1d\uff0b\uff0d\uff20-])')
"""Where a cell begins that a spreadsheet may run, also in full width: quotation marks before the sign may be read as
those of an empty cell. Tabs have become spaces."""


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
    return _FORMULA.sub(r"\1'", sanitize(value))
