"""Outputs of lines: JSON lines and CSV records, byte for byte as they came in unless they are annotated."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from typing import Any

from mtscore.errors import UsageError
from mtscore.files.filtering.annotation import ANNOTATIONS, annotation
from mtscore.files.filtering.output import Sink, SinkOutput
from mtscore.files.formats.csv import csv_header
from mtscore.files.formats.record import Record
from mtscore.records import Verdict


class LineOutput(SinkOutput):
    """Records of a JSON lines or CSV file, byte for byte as they came in unless they are annotated."""

    def __init__(self, sink: Sink, *, is_csv: bool, has_annotations: bool) -> None:
        super().__init__(sink)
        self._is_csv = is_csv
        self._has_annotations = has_annotations

    def begin(self, header: Record) -> None:
        if not self._has_annotations:
            self._sink.write(header.raw)
            return
        names = [f"mtscore_{name}" for name in ANNOTATIONS]
        if taken := set(names) & set(csv_header(header.raw)):
            raise UsageError(
                f"the input has a column {min(taken)} already; leave --annotate out or rename it"
            )
        self._sink.write(_with_cells(header.raw, names))

    def write(self, record: Record, verdict: Verdict) -> None:
        if not self._has_annotations:
            self._sink.write(record.raw)
        elif self._is_csv:
            self._sink.write(_with_cells(record.raw, annotation(verdict)))
        else:
            self._sink.write(_with_member(record.raw, annotation(verdict)))


def _with_member(raw: bytes, values: Sequence[Any]) -> bytes:
    """A JSON object's line with one more member, which stands last and so wins over one of that name."""
    added = json.dumps(dict(zip(ANNOTATIONS, values, strict=True)))
    return raw.rstrip()[:-1].rstrip() + f', "mtscore": {added}}}\n'.encode()


def _with_cells(raw: bytes, cells: Sequence[Any]) -> bytes:
    """A CSV record with cells added at its end."""
    buffer = io.StringIO(newline="")
    csv.writer(buffer, lineterminator="").writerow(["" if cell is None else cell for cell in cells])
    body = raw.rstrip(b"\r\n")
    return body + b"," + buffer.getvalue().encode() + (raw[len(body) :] or b"\n")
