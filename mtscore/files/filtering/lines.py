"""Outputs of lines: JSON lines and CSV records, byte for byte as they came in unless they are annotated."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from typing import Any

from mtscore.errors import UsageError
from mtscore.files.filtering.annotation import EVIDENCE, annotation, evidence_cell, evidence_of, names_of
from mtscore.files.filtering.output import Sink, SinkOutput
from mtscore.files.formats.csv import csv_header
from mtscore.files.formats.record import BOM, Record
from mtscore.records import Verdict

MEMBER = "mtscore"
"""The name of what annotated JSON objects are given."""


def has_member(raw: bytes) -> bool:
    """Whether a JSON object has a member of that name already."""
    if MEMBER.encode() not in raw and b"\\u" not in raw:
        return False
    return MEMBER in json.loads(raw.removeprefix(BOM))


class JsonOutput(SinkOutput):
    """Records as lines of JSON."""

    def __init__(self, sink: Sink, annotate: str | None) -> None:
        super().__init__(sink)
        self._annotate = annotate

    def begin(self, header: Record) -> None:
        """Nothing stands before the first record."""

    def write(self, record: Record, verdict: Verdict) -> None:
        self._sink.write(record.raw if self._annotate is None else self._annotated(record.raw, verdict))

    def _annotated(self, raw: bytes, verdict: Verdict) -> bytes:
        values = [*annotation(verdict), *([evidence_of(verdict)] if self._annotate == EVIDENCE else [])]
        added = json.dumps(dict(zip(names_of(self._annotate), values, strict=True)))
        return raw.rstrip()[:-1].rstrip() + f', "{MEMBER}": {added}}}\n'.encode()


class CsvOutput(SinkOutput):
    """Records as those of a CSV file, behind its header."""

    def __init__(self, sink: Sink, annotate: str | None, text_field: str, delimiters: str) -> None:
        super().__init__(sink)
        self._annotate = annotate
        self._text_field = text_field
        self._delimiters = delimiters
        self._delimiter = delimiters[0]

    def begin(self, header: Record) -> None:
        names, self._delimiter = csv_header(header.raw, self._text_field, self._delimiters)
        if self._is_continued:
            return
        if self._annotate is None:
            self._sink.write(header.raw)
            return
        added = [f"mtscore_{name}" for name in names_of(self._annotate)]
        if taken := set(added) & set(names):
            raise UsageError(
                f"the input has a column {min(taken)} already; leave --annotate out or rename it"
            )
        self._sink.write(self._with_cells(header.raw, added))

    def write(self, record: Record, verdict: Verdict) -> None:
        if self._annotate is None:
            self._sink.write(record.raw)
            return
        cells = [*annotation(verdict), *([evidence_cell(verdict)] if self._annotate == EVIDENCE else [])]
        self._sink.write(self._with_cells(record.raw, cells))

    def _with_cells(self, raw: bytes, cells: Sequence[Any]) -> bytes:
        """A CSV record with cells added at its end."""
        buffer = io.StringIO(newline="")
        writer = csv.writer(buffer, lineterminator="", delimiter=self._delimiter)
        writer.writerow(["" if cell is None else cell for cell in cells])
        body = raw.rstrip(b"\r\n")
        return body + self._delimiter.encode() + buffer.getvalue().encode() + (raw[len(body) :] or b"\n")
