"""Records that cannot be used, set aside."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from mtscore.files.filtering.output import FileSink, SinkOutput
from mtscore.files.formats.parquet import UNREADABLE, parquet_values
from mtscore.files.formats.record import Record
from mtscore.records import Verdict

_LONGEST = 100_000
"""Characters of a value of a Parquet row that are set aside."""

_MEMBERS = ("source", "line", "problem", "record")


class AsideOutput(SinkOutput):
    """Records without a usable text, as JSON lines: where each stood, what is wrong with it, and the record itself.

    `record` has the bytes of a JSON or CSV record as text; those that are not UTF-8 are lone surrogates
    (`.encode("utf-8", "surrogateescape")` gives the record back).
    """

    def __init__(self, sink: FileSink) -> None:
        super().__init__(sink)
        self._file = sink

    @property
    def path(self) -> str:
        """The file's name."""
        return self._file.path

    def begin(self, header: Record) -> None:
        """Nothing stands before the first record."""

    def write(self, record: Record, verdict: Verdict) -> None:
        values = (record.source, record.number, record.problem, _content(record))
        kept: Mapping[str, Any] = dict(zip(_MEMBERS, values, strict=True))
        self._sink.write(json.dumps(kept, default=str).encode() + b"\n")


def remove_stale(path: str | None) -> None:
    """Remove what an earlier run set aside in the file; anything else stays."""
    if path is None:
        return
    with suppress(OSError, ValueError, AttributeError):
        with open(path, "rb") as file:
            first = json.loads(file.readline(1 << 24))
        if tuple(first) == _MEMBERS:
            os.unlink(path)


def _content(record: Record) -> str | dict[str, Any]:
    """What stood in the file; what Python cannot hold of a Parquet row is described."""
    if record.batch is None:
        return record.raw.decode("utf-8", "surrogateescape")
    row = record.batch.slice(record.index, 1)
    values = [parquet_values(column)[0] for column in row.columns]
    return {name: _shown(value) for name, value in zip(row.schema.names, values, strict=True)}


def _shown(value: Any) -> Any:
    if value is UNREADABLE:
        return "(cannot be read)"
    return value[:_LONGEST] if isinstance(value, str) else value
