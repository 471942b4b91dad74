"""Parquet outputs: one file, or a folder of part files.

A Parquet file cannot be continued, so where that is wanted a folder of part files takes its place, each there once
it is complete.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from mtscore.errors import OutputError, UsageError
from mtscore.files.filtering.annotation import EVIDENCE, annotation, evidence_cell, names_of
from mtscore.files.filtering.checks import PART
from mtscore.files.formats.parquet import require_pyarrow
from mtscore.files.formats.record import Record
from mtscore.files.reasons import cannot_write
from mtscore.records import Verdict

ROW_GROUP = 8192
"""Rows of a row group in Parquet files at most."""

_GROUP_BYTES = 64 << 20
"""Bytes of a row group, about, at most."""


class ParquetRows:
    """Rows that go out to Parquet files, in row groups, with values and schema as they came in."""

    def __init__(self, annotate: str | None) -> None:
        self._annotate = annotate
        self._pyarrow = require_pyarrow()
        self._schema: Any = None
        self._batch: Any = None
        self._indices: list[int] = []
        self._annotations: list[tuple[Any, ...]] = []
        self._tables: list[Any] = []
        self._bytes = 0
        self.rows = 0

    def begin(self, header: Record) -> None:
        assert header.batch is not None
        self._schema = header.batch.schema
        if self._annotate is not None:
            self._schema = self._annotated_schema(self._schema)

    def add(self, record: Record, verdict: Verdict) -> None:
        if record.batch is not self._batch:
            self._gather()
            self._batch = record.batch
        self._indices.append(record.index)
        found = (evidence_cell(verdict),) if self._annotate == EVIDENCE else ()
        self._annotations.append((*annotation(verdict), *found))
        self.rows += 1

    @property
    def is_full(self) -> bool:
        """Whether there is enough for a row group."""
        return self.rows >= ROW_GROUP or self._bytes >= _GROUP_BYTES

    def write_to(self, writer: Any) -> None:
        """Write what has gathered, as a row group."""
        self._gather()
        if self._tables:
            writer.write_table(self._pyarrow.concat_tables(self._tables))
        self.drop()

    def drop(self) -> None:
        """Forget what has gathered."""
        self._tables, self._indices, self._annotations, self._bytes, self.rows = [], [], [], 0, 0

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
        table = self._as_it_came_in(table)
        if self._annotate is not None:
            added = self._schema.names[len(table.schema.names) :]
            for name, values in zip(added, zip(*self._annotations, strict=True), strict=True):
                field = self._schema.field(name)
                table = table.append_column(field, self._pyarrow.array(values, field.type))
        self._tables.append(table.replace_schema_metadata(self._schema.metadata))
        self._bytes += table.nbytes
        self._indices, self._annotations = [], []

    def _as_it_came_in(self, table: Any) -> Any:
        """The table with the types of its file: texts were read as dictionaries."""
        for number, field in enumerate(table.schema):
            wanted = self._schema.field(number)
            if field.type != wanted.type:
                table = table.set_column(number, wanted, table.column(number).cast(wanted.type))
        return table

    def _annotated_schema(self, schema: Any) -> Any:
        text, number = self._pyarrow.string(), self._pyarrow.float64()
        for name in names_of(self._annotate):
            full = f"mtscore_{name}"
            if full in schema.names:
                raise UsageError(f"the input has a column {full} already; leave --annotate out or rename it")
            schema = schema.append(
                self._pyarrow.field(full, number if name in ("score", "quality") else text)
            )
        return schema


class ParquetOutput:
    """One Parquet file, which is there once it is complete; it cannot be taken up again."""

    def __init__(self, path: str, annotate: str | None) -> None:
        self._path = path
        self._target = os.path.realpath(path)
        self._rows = ParquetRows(annotate)
        self._writer: Any = None

    def rewind(self, mark: int) -> None:
        """Always from the beginning."""

    def begin(self, header: Record) -> None:
        self._rows.begin(header)
        self._writer = self._rows.open(self._target + PART)

    def write(self, record: Record, verdict: Verdict) -> None:
        self._rows.add(record, verdict)
        if self._rows.is_full:
            self._rows.write_to(self._writer)

    def checkpoint(self) -> int:
        return 0

    def commit(self) -> None:
        """There are no marks to come back to."""

    def finish(self) -> None:
        self._rows.write_to(self._writer)

    def close(self, *, is_complete: bool) -> None:
        if self._writer is None:
            return
        self._writer.close()
        if not is_complete:
            with suppress(OSError):
                os.unlink(self._target + PART)
            return
        _rename(self._target + PART, self._target)

    def settle(self, mark: int) -> None:
        """Nothing was written down."""


class ParquetFolder:
    """A folder of files `part-00000.parquet`, ..., one for the rows between two checkpoints; a mark is their
    number. What else the folder holds is left alone.

    A part takes its name after the mark that counts it is written down: so whatever has the name of a part that is not
    counted is not ours.
    """

    def __init__(self, path: str, annotate: str | None) -> None:
        self._folder = Path(path)
        self._rows = ParquetRows(annotate)
        self._parts = self._named = 0
        self._writer: Any = None

    def rewind(self, mark: int) -> None:
        self._drop()
        self._folder.mkdir(parents=True, exist_ok=True)
        self.settle(mark)
        self._path(mark, PART).unlink(missing_ok=True)

    def begin(self, header: Record) -> None:
        self._rows.begin(header)

    def write(self, record: Record, verdict: Verdict) -> None:
        self._rows.add(record, verdict)
        if self._rows.is_full:
            self._flush()

    def checkpoint(self) -> int:
        if self._rows.rows:
            self._flush()
        if self._writer is not None:
            self._writer.close()
            self._writer = None
            self._parts += 1
        return self._parts

    def commit(self) -> None:
        if self._named < self._parts:
            self._name(self._parts - 1)
            self._named = self._parts

    def finish(self) -> None:
        if not self._parts and self._writer is None and not self._rows.rows:
            self._flush()  # no row at all: one file with the schema

    def close(self, *, is_complete: bool) -> None:
        if is_complete:
            self.checkpoint()
            self.commit()
        else:
            self._drop()

    def settle(self, mark: int) -> None:
        self._parts = self._named = mark
        if not mark:
            return
        if self._path(mark - 1, PART).exists():
            self._name(mark - 1)
        elif not self._path(mark - 1).exists():
            raise OutputError(f"{self._path(mark - 1)} has vanished; start again with --restart")

    def _flush(self) -> None:
        if self._writer is None:
            self._writer = self._rows.open(str(self._path(self._parts, PART)))
        self._rows.write_to(self._writer)

    def _name(self, number: int) -> None:
        if self._path(number).exists():
            raise OutputError(f"{self._path(number)} is there already, and not from this run; move it away")
        _rename(str(self._path(number, PART)), str(self._path(number)))

    def _drop(self) -> None:
        """Close a part that is not complete, and forget what was to come to it."""
        self._rows.drop()
        if self._writer is not None:
            with suppress(OSError):
                self._writer.close()
            self._writer = None

    def _path(self, number: int, ending: str = "") -> Path:
        return self._folder / f"part-{number:05d}.parquet{ending}"


def _rename(part: str, target: str) -> None:
    try:
        os.replace(part, target)
    except FileNotFoundError:
        raise OutputError(f"{part} was removed while it was written; run it again") from None
