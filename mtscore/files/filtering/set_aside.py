"""Records that cannot be used, set aside."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from mtscore.files.filtering.output import Sink, SinkOutput
from mtscore.files.formats.parquet import UNREADABLE, parquet_values
from mtscore.files.formats.record import Record
from mtscore.records import Verdict


class AsideOutput(SinkOutput):
    """Records without a usable text, as JSON lines: where each stood, what is wrong with it, and the record itself.

    `record` has the bytes of a JSON or CSV record as text; those that are not UTF-8 are lone surrogates
    (`.encode("utf-8", "surrogateescape")` gives the record back).
    """

    def __init__(self, sink: Sink, source: str) -> None:
        super().__init__(sink)
        self._source = source

    def begin(self, header: Record) -> None:
        """Nothing stands before the first record."""

    def write(self, record: Record, verdict: Verdict) -> None:
        kept: Mapping[str, Any] = {
            "source": self._source,
            "line": record.number,
            "problem": record.problem,
            "record": _content(record),
        }
        self._sink.write(json.dumps(kept, default=str).encode() + b"\n")


def _content(record: Record) -> str | dict[str, Any]:
    """What stood in the file; what Python cannot hold of a Parquet row is told in words."""
    if record.batch is None:
        return record.raw.decode("utf-8", "surrogateescape")
    row = record.batch.slice(record.index, 1)
    values = [parquet_values(column)[0] for column in row.columns]
    return {
        name: "(cannot be read)" if value is UNREADABLE else value
        for name, value in zip(row.schema.names, values, strict=True)
    }
