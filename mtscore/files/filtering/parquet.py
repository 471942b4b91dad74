"""Parquet outputs: one file, or a folder of part files.

A Parquet file cannot be continued, so where that is wanted a folder of part files takes its place, each there once
it is complete.
"""

from __future__ import annotations

import os
import re
from contextlib import suppress
from pathlib import Path
from typing import Any

from mtscore.errors import UsageError
from mtscore.files.filtering.annotation import ANNOTATIONS, annotation
from mtscore.files.filtering.output import PART, finish_file
from mtscore.files.formats.parquet import require_pyarrow
from mtscore.files.formats.record import Record
from mtscore.files.reasons import cannot_write
from mtscore.records import Verdict

ROW_GROUP = 8192
"""Rows of a row group in Parquet files."""

_PART = ".part"
_PART_FILE = re.compile(r"part-\d{5}\.parquet")


class ParquetRows:
    """Rows of Parquet files on their way out, in row groups, with values and schema as they came in."""

    def __init__(self, *, has_annotations: bool) -> None:
        self._has_annotations = has_annotations
        self._pyarrow = require_pyarrow()
        self._schema: Any = None
        self._batch: Any = None
        self._indices: list[int] = []
        self._annotations: list[tuple[Any, ...]] = []
        self._tables: list[Any] = []
        self.rows = 0

    def begin(self, header: Record) -> None:
        assert header.batch is not None
        self._schema = header.batch.schema
        if self._has_annotations:
            self._schema = self._annotated_schema(self._schema)

    def add(self, record: Record, verdict: Verdict) -> None:
        if record.batch is not self._batch:
            self._gather()
            self._batch = record.batch
        self._indices.append(record.index)
        self._annotations.append(annotation(verdict))
        self.rows += 1

    def write_to(self, writer: Any) -> None:
        """Write what has gathered, as a row group."""
        self._gather()
        if self._tables:
            writer.write_table(self._pyarrow.concat_tables(self._tables))
        self._tables, self.rows = [], 0

    def open(self, path: str) -> Any:
        """A writer for the file at `path`."""
        try:
            return self._pyarrow.parquet.ParquetWriter(path, self._schema)
        except OSError as error:
            raise cannot_write(path, error) from None

    def _gather(self) -> None:
        if not self._indices:
            return
        table = self._pyarrow.Table.from_batches([self._batch]).take(self._pyarrow.array(self._indices))
        if self._has_annotations:
            added = self._schema.names[len(table.schema.names) :]
            for name, values in zip(added, zip(*self._annotations, strict=True), strict=True):
                field = self._schema.field(name)
                table = table.append_column(field, self._pyarrow.array(values, field.type))
        self._tables.append(table.replace_schema_metadata(self._schema.metadata))
        self._indices, self._annotations = [], []

    def _annotated_schema(self, schema: Any) -> Any:
        text, number = self._pyarrow.string(), self._pyarrow.float64()
        for name in ANNOTATIONS:
            full = f"mtscore_{name}"
            if full in schema.names:
                raise UsageError(f"the input has a column {full} already; leave --annotate out or rename it")
            schema = schema.append(
                self._pyarrow.field(full, number if name in ("score", "quality") else text)
            )
        return schema


class ParquetOutput:
    """One Parquet file, which is there once it is complete; it cannot be taken up again."""

    def __init__(self, path: str, *, has_annotations: bool) -> None:
        self._path = path
        self._rows = ParquetRows(has_annotations=has_annotations)
        self._writer: Any = None

    def begin(self, header: Record) -> None:
        self._rows.begin(header)
        self._writer = self._rows.open(os.path.realpath(self._path) + PART)

    def write(self, record: Record, verdict: Verdict) -> None:
        self._rows.add(record, verdict)
        if self._rows.rows >= ROW_GROUP:
            self._rows.write_to(self._writer)

    def checkpoint(self) -> int:
        return 0

    def rewind(self, mark: int) -> None:
        """Always from the beginning."""

    def close(self, *, is_complete: bool) -> None:
        if self._writer is None:
            return
        if is_complete:
            self._rows.write_to(self._writer)
        self._writer.close()
        if is_complete:
            finish_file(self._path)
        else:
            with suppress(OSError):
                os.unlink(os.path.realpath(self._path) + PART)


class ParquetFolder:
    """A folder of files `part-00000.parquet`, ..., one for the rows between two checkpoints; a mark is their
    number. What else the folder holds is left alone."""

    def __init__(self, path: str, *, has_annotations: bool) -> None:
        self._folder = Path(path)
        self._rows = ParquetRows(has_annotations=has_annotations)
        self._parts = 0
        self._writer: Any = None

    def begin(self, header: Record) -> None:
        self._rows.begin(header)

    def write(self, record: Record, verdict: Verdict) -> None:
        self._rows.add(record, verdict)
        if self._rows.rows >= ROW_GROUP:
            self._flush()

    def checkpoint(self) -> int:
        if self._rows.rows:
            self._flush()
        self._end_part()
        return self._parts

    def rewind(self, mark: int) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._parts = mark
        for file in self._folder.iterdir():
            if file.name.endswith(PART) or (_PART_FILE.fullmatch(file.name) and int(file.name[5:10]) >= mark):
                file.unlink()

    def close(self, *, is_complete: bool) -> None:
        if is_complete:
            if not self.checkpoint():
                self._flush()  # no row at all: one file with the schema
                self._end_part()
        elif self._writer is not None:
            self._writer.close()

    def _flush(self) -> None:
        if self._writer is None:
            self._writer = self._rows.open(str(self._path(PART)))
        self._rows.write_to(self._writer)

    def _end_part(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None
            os.replace(self._path(PART), self._path(""))
            self._parts += 1

    def _path(self, ending: str) -> Path:
        return self._folder / f"part-{self._parts:05d}.parquet{ending}"
