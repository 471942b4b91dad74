"""Where rows go: files that hold complete rows only, and can be taken up again where an interrupted run left them.

A file is written under its name with `.part` behind it until all is done. `checkpoint` brings everything so far
into the file, in whole lines (and whole gzip members or zstd frames), and returns a mark; `rewind` takes away
what came after a mark. Parquet files cannot be continued, so where that is wanted a folder of part files takes
their place, each there once it is complete.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, Protocol

from mtscore.errors import OutputError, UsageError
from mtscore.files.documents import input_format
from mtscore.files.rows import UNREADABLE, Row, csv_header, parquet_values, require_pyarrow
from mtscore.records import Verdict

ANNOTATIONS: tuple[str, ...] = ("status", "reason", "score", "label", "quality")
"""What annotated rows are given: in JSON an object `mtscore` with these fields, else columns `mtscore_*`."""

ROW_GROUP = 8192
"""Rows of a row group in Parquet files."""

_PART = ".part"
_PART_FILE = re.compile(r"part-\d{5}\.parquet")


class RowFile(Protocol):
    """Something that rows are written to, in order."""

    def begin(self, header: Row) -> None:
        """Write what stands before the first row: a CSV file's header; for Parquet, the schema."""

    def write(self, row: Row, verdict: Verdict) -> None:
        """Write a row, whole."""

    def checkpoint(self) -> int:
        """Bring everything to the file; the mark to come back to."""

    def rewind(self, mark: int) -> None:
        """Take up a file where it was at a mark, 0 for the beginning. Comes first."""

    def close(self, *, is_complete: bool) -> None:
        """Close the file, which then takes its name if it is complete."""


def annotation(verdict: Verdict) -> tuple[Any, ...]:
    """The values of `ANNOTATIONS`; numbers have 6 significant digits."""
    numbers = [None if value is None else float(f"{value:.6g}") for value in (verdict.score, verdict.quality)]
    return verdict.status, verdict.reason, numbers[0], verdict.label, numbers[1]


# Lines: JSON lines and CSV


class _SinkFile:
    """What is written to one sink, which keeps the place."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink

    def checkpoint(self) -> int:
        return self._sink.checkpoint()

    def rewind(self, mark: int) -> None:
        self._sink.rewind(mark)

    def close(self, *, is_complete: bool) -> None:
        self._sink.close(is_complete=is_complete)


class LineFile(_SinkFile):
    """Rows of a JSON lines or CSV file, byte for byte as they came in unless they are annotated."""

    def __init__(self, sink: Sink, *, is_csv: bool, has_annotations: bool) -> None:
        super().__init__(sink)
        self._is_csv = is_csv
        self._has_annotations = has_annotations

    def begin(self, header: Row) -> None:
        if not self._has_annotations:
            self._sink.write(header.raw)
            return
        names = [f"mtscore_{name}" for name in ANNOTATIONS]
        if taken := set(names) & set(csv_header(header.raw)):
            raise UsageError(
                f"the input has a column {min(taken)} already; leave --annotate out or rename it"
            )
        self._sink.write(_with_cells(header.raw, names))

    def write(self, row: Row, verdict: Verdict) -> None:
        if not self._has_annotations:
            self._sink.write(row.raw)
        elif self._is_csv:
            self._sink.write(_with_cells(row.raw, annotation(verdict)))
        else:
            self._sink.write(_with_member(row.raw, annotation(verdict)))


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


class Sink(Protocol):
    """Bytes on their way out."""

    def write(self, data: bytes, /) -> object: ...

    def checkpoint(self) -> int: ...

    def rewind(self, mark: int) -> None: ...

    def close(self, *, is_complete: bool) -> None: ...


class StreamSink:
    """Standard output, which nothing can be taken back from."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    def write(self, data: bytes, /) -> object:
        return self._stream.write(data)

    def checkpoint(self) -> int:
        self._stream.flush()
        return 0

    def rewind(self, mark: int) -> None:
        """There is nothing to go back to."""

    def close(self, *, is_complete: bool) -> None:
        self._stream.flush()


class FileSink:
    """A file, compressed as its suffix says. It is opened at the first use, so that one that never gets a byte
    is not there unless `is_always_there`."""

    def __init__(self, path: str, *, is_always_there: bool = True) -> None:
        self._path = path
        self._is_plain = os.path.exists(path) and not os.path.isfile(path)  # a device or pipe
        self._written = path if self._is_plain else os.path.realpath(path) + _PART
        self._is_always_there = is_always_there
        self._raw: IO[bytes] | None = None
        self._packed: IO[bytes] | None = None

    def write(self, data: bytes, /) -> object:
        return self._stream().write(data)

    def checkpoint(self) -> int:
        """The file's size, with all that was written in it."""
        if self._packed is not None and self._packed is not self._raw:
            self._packed.close()  # ends the member or frame
        self._packed = None
        if self._raw is None:
            return 0
        self._raw.flush()
        return 0 if self._is_plain else self._raw.tell()

    def rewind(self, mark: int) -> None:
        if self._is_plain:
            return
        if self._raw is not None:
            self._packed = None
            self._raw.close()
            self._raw = None
        if not mark:
            with suppress(FileNotFoundError):
                os.unlink(self._written)
            if self._is_always_there:
                self._open()
            return
        self._open("r+b")
        assert self._raw is not None
        if self._raw.seek(0, os.SEEK_END) < mark:
            raise OutputError(f"{self._written} is shorter than it was left; start again without --resume")
        self._raw.truncate(mark)
        self._raw.seek(mark)

    def close(self, *, is_complete: bool) -> None:
        self.checkpoint()
        if self._raw is not None:
            self._raw.close()
        if is_complete:
            finish_file(self._path)

    def _stream(self) -> IO[bytes]:
        if self._packed is None:
            if self._raw is None:
                self._open()
            assert self._raw is not None
            self._packed = _packed(self._raw, self._path)
        return self._packed

    def _open(self, mode: str = "wb") -> None:
        try:
            self._raw = open(self._written, mode)  # noqa: SIM115
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or error
            raise OutputError(
                f"cannot write {self._path!r}: {reason}; name a file in a folder that exists"
            ) from None


def _packed(raw: IO[bytes], path: str) -> Any:
    compression = input_format(path)[1]
    if compression == ".gz":
        import gzip

        return gzip.GzipFile("", "wb", 6, raw, mtime=0)
    if compression == ".zst":
        import zstandard

        return zstandard.ZstdCompressor().stream_writer(raw, closefd=False)
    return raw


def finish_file(path: str) -> None:
    """Give a file that is complete its name, unless it has it already."""
    target = os.path.realpath(path)
    if os.path.isfile(target + _PART):
        os.replace(target + _PART, target)


def _as_record(row: Any) -> dict[str, Any]:
    """A batch of one row as names and values; what Python cannot hold is told in words."""
    values = [parquet_values(column)[0] for column in row.columns]
    return {
        name: "(cannot be read)" if value is UNREADABLE else value
        for name, value in zip(row.schema.names, values, strict=True)
    }


# Parquet


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

    def begin(self, header: Row) -> None:
        assert header.batch is not None
        self._schema = header.batch.schema
        if self._has_annotations:
            self._schema = self._annotated_schema(self._schema)

    def add(self, row: Row, verdict: Verdict) -> None:
        if row.batch is not self._batch:
            self._gather()
            self._batch = row.batch
        self._indices.append(row.index)
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
            raise OutputError(
                f"cannot write {path!r}: {error.strerror or error}; name a file in a folder that exists"
            ) from None

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


class ParquetFile:
    """One Parquet file, which is there once it is complete; it cannot be taken up again."""

    def __init__(self, path: str, *, has_annotations: bool) -> None:
        self._path = path
        self._rows = ParquetRows(has_annotations=has_annotations)
        self._writer: Any = None

    def begin(self, header: Row) -> None:
        self._rows.begin(header)
        self._writer = self._rows.open(os.path.realpath(self._path) + _PART)

    def write(self, row: Row, verdict: Verdict) -> None:
        self._rows.add(row, verdict)
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
                os.unlink(os.path.realpath(self._path) + _PART)


class ParquetFolder:
    """A folder of files `part-00000.parquet`, ..., one for the rows between two checkpoints; a mark is their
    number. What else the folder holds is left alone."""

    def __init__(self, path: str, *, has_annotations: bool) -> None:
        self._folder = Path(path)
        self._rows = ParquetRows(has_annotations=has_annotations)
        self._parts = 0
        self._writer: Any = None

    def begin(self, header: Row) -> None:
        self._rows.begin(header)

    def write(self, row: Row, verdict: Verdict) -> None:
        self._rows.add(row, verdict)
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
            if file.name.endswith(_PART) or (
                _PART_FILE.fullmatch(file.name) and int(file.name[5:10]) >= mark
            ):
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
            self._writer = self._rows.open(str(self._path(_PART)))
        self._rows.write_to(self._writer)

    def _end_part(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None
            os.replace(self._path(_PART), self._path(""))
            self._parts += 1

    def _path(self, ending: str) -> Path:
        return self._folder / f"part-{self._parts:05d}.parquet{ending}"


# Rows that cannot be used


class AsideFile(_SinkFile):
    """Rows without a usable text, as JSON lines: where each stood, what is wrong with it, and the row itself.

    `record` has the bytes of a JSON or CSV row as text; those that are not UTF-8 are lone surrogates
    (`.encode("utf-8", "surrogateescape")` gives the row back).
    """

    def __init__(self, sink: Sink, source: str) -> None:
        super().__init__(sink)
        self._source = source

    def begin(self, header: Row) -> None:
        """Nothing stands before the first row."""

    def write(self, row: Row, verdict: Verdict) -> None:
        record: Any = row.raw.decode("utf-8", "surrogateescape")
        if row.batch is not None:
            record = _as_record(row.batch.slice(row.index, 1))
        kept: Mapping[str, Any] = {
            "source": self._source,
            "line": row.number,
            "problem": row.problem,
            "record": record,
        }
        self._sink.write(json.dumps(kept, default=str).encode() + b"\n")
