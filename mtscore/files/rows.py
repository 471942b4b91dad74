"""Files of many records, row by row: what each row says, and exactly what stood there.

`documents` takes the texts from here and `filtering` the rows themselves, so both agree on what a record is. A
row that cannot be used says why in `problem` and costs no other row anything.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any, NamedTuple, Protocol, cast

from mtscore.errors import InputError, MtscoreError

if TYPE_CHECKING:
    import pyarrow as pa

BOM = b"\xef\xbb\xbf"
_CHUNK = 1 << 20

PARQUET_BATCH = 256
"""Rows of a Parquet file that are in memory at a time."""


class Stream(Protocol):
    """What a reader needs of an open, decompressed file."""

    def read(self, size: int, /) -> bytes: ...

    def readline(self, size: int, /) -> bytes: ...


class Options(NamedTuple):
    """The field that is the text, and the longest record that is read (bytes, after decompression)."""

    text_field: str
    max_bytes: int


@dataclass(frozen=True, slots=True)
class Row:
    """One record. `text` is None when it has none that can be used; `problem` then says why.

    `number` counts from 1: lines of a JSON lines or CSV file (where the record begins), rows of a Parquet file.
    `raw` is the record as it stands in the file, its line end included (of a record that is longer than allowed
    only the beginning); a row of a Parquet file is number `index` of its `batch` instead.
    """

    number: int
    id: str
    text: str | None
    problem: str | None = None
    raw: bytes = b""
    batch: pa.RecordBatch | None = None
    index: int = 0


RowReader = Callable[[Stream, str, Options], Iterator[Row]]
"""Rows of an open file; the second argument is its name, for messages."""


def too_long(max_bytes: int) -> str:
    """What to say of a text that is longer than allowed."""
    amount = f"{max_bytes / 2**20:g} MiB" if max_bytes >= 2**20 else f"{max_bytes} bytes"
    return f"longer than {amount}; split it into articles"


# JSON lines


def read_jsonl(stream: Stream, path: str, options: Options) -> Iterator[Row]:
    """One row for each line that is not blank."""
    for number, line, is_whole in _lines(stream, options.max_bytes):
        if not is_whole:
            problem = f"line {number} of {path} is {too_long(options.max_bytes)}"
            yield Row(number, str(number), None, problem, line)
        elif line and not line.isspace():
            yield _parse_json(line, number, path, options)


def _lines(stream: Stream, max_bytes: int) -> Iterator[tuple[int, bytes, bool]]:
    """Numbered lines with their ends, and whether each is whole; of longer ones the rest is skipped."""
    number = 0
    while line := stream.readline(max_bytes + 1):
        number += 1
        is_whole = len(line) <= max_bytes or line.endswith(b"\n")
        if not is_whole:
            _skip_line(stream)
        yield number, line, is_whole


def _skip_line(stream: Stream) -> None:
    while (piece := stream.readline(_CHUNK)) and not piece.endswith(b"\n"):
        pass


def _parse_json(line: bytes, number: int, path: str, options: Options) -> Row:
    """The row of one line of a JSON lines file."""
    where, field = f"line {number} of {path}", options.text_field

    def unusable(problem: str, id: str | None = None) -> Row:
        return Row(number, str(number) if id is None else id, None, f"{where} {problem}", line)

    try:
        record = json.loads((line.removeprefix(BOM) if number == 1 else line).decode("utf-8"))
    except UnicodeDecodeError as error:
        return unusable(f"is not UTF-8 at its byte offset {error.start}; convert it")
    except json.JSONDecodeError as error:
        return unusable(f"is not JSON ({error.msg} at its character {error.pos + 1})")
    except (ValueError, RecursionError):  # numbers of thousands of digits, brackets nested by the thousand
        return unusable("is JSON too deeply nested or with too long a number")
    if not isinstance(record, dict):
        return unusable(f"is not a JSON object with a field {field!r}")
    id = _record_id(record.get("id"), number)
    if field not in record:
        return unusable(_no_field(field, list(record)), id)
    text = record[field]
    if not isinstance(text, str):
        return unusable(f"has a {_json_type(text)}, not a text, in its field {field!r}", id)
    return Row(number, id, text, None, line)


def _record_id(id: object, number: int) -> str:
    if id is None:
        return str(number)
    return id if isinstance(id, str) else json.dumps(id, ensure_ascii=False, default=str)


def _no_field(field: str, names: list[str]) -> str:
    fields = ", ".join(name[:40] for name in names[:8]) or "none"
    return f"has no field {field!r} (but: {fields}); choose it with --text-field"


def _json_type(value: object) -> str:
    names = {bool: "true or false", int: "number", float: "number", list: "list", dict: "object"}
    return names.get(type(value), "null")


# CSV


class _Consumed:
    """The lines that the CSV parser has taken since the last record, which may stretch over several."""

    def __init__(self, stream: Stream, max_bytes: int) -> None:
        self._lines = _lines(stream, max_bytes)
        self._max_bytes = max_bytes
        self.pending: list[bytes] = []
        self.first = self.last = 0
        self.size = 0

    def take(self) -> bytes:
        """The bytes of the record that just ended."""
        raw = b"".join(self.pending)
        self.pending, self.size = [], 0
        return raw

    def __iter__(self) -> Iterator[str]:
        for number, line, is_whole in self._lines:
            if not self.pending:
                self.first = number
            self.last = number
            self.pending.append(line)
            self.size += len(line)
            if self.size > self._max_bytes or not is_whole:
                raise InputError(f"is {too_long(self._max_bytes)}")
            yield (line.removeprefix(BOM) if number == 1 else line).decode("utf-8", "surrogateescape")


def csv_header(raw: bytes) -> list[str]:
    """The names of the columns, from the first record of a CSV file."""
    text = raw.removeprefix(BOM).decode("utf-8", "replace")
    return next(csv.reader(text.splitlines(keepends=True)), [])


def read_csv(stream: Stream, path: str, options: Options) -> Iterator[Row]:
    """One row for each record below the header, which must name the text's column.

    The first row is the header itself, with number 0: it has neither text nor problem.
    """
    csv.field_size_limit(max(csv.field_size_limit(), options.max_bytes))
    consumed = _Consumed(stream, options.max_bytes)
    names: list[str] | None = None
    parser = csv.reader(iter(consumed))
    while True:
        try:
            cells = next(parser, None)
        except (csv.Error, InputError) as error:
            raw = consumed.take()
            if names is None:
                raise InputError(f"the header of {path} {_csv_problem(error)}") from None
            where = f"line {consumed.first} of {path}"
            yield Row(consumed.first, str(consumed.first), None, f"{where} {_csv_problem(error)}", raw)
            parser = csv.reader(iter(consumed))
            continue
        if cells is None:
            return
        number, raw = consumed.first, consumed.take()
        if _is_open(raw):
            problem = "has a quotation mark that is not closed: it takes in everything behind it, mend it"
            if names is None:
                raise InputError(f"the header of {path} {problem}")
            yield Row(number, str(number), None, f"line {number} of {path} {problem}", raw)
            continue
        if names is None:
            names = cells
            if options.text_field not in names:
                raise InputError(f"the header of {path} {_no_field(options.text_field, names)}")
            yield Row(0, "", None, None, raw)
        elif cells:
            yield _csv_row(cells, names, raw, number, path, options)


def _is_open(raw: bytes) -> bool:
    """Whether a record ends inside a quoted cell: the file ends there, too."""
    if raw.count(b'"') % 2 == 0:
        return False
    text = raw.removeprefix(BOM).decode("utf-8", "surrogateescape")
    try:
        list(csv.reader(text.splitlines(keepends=True), strict=True))
    except csv.Error as error:
        return "unexpected end" in str(error)
    return False


def _csv_problem(error: Exception) -> str:
    return str(error) if isinstance(error, InputError) else f"is not CSV ({error})"


def _csv_row(cells: list[str], names: list[str], raw: bytes, number: int, path: str, options: Options) -> Row:
    where = f"line {number} of {path}"
    if len(cells) != len(names):
        problem = f"{where} has {len(cells)} cells where the header has {len(names)}"
        return Row(number, str(number), None, problem, raw)
    id = cells[names.index("id")] if "id" in names else ""
    text = cells[names.index(options.text_field)]
    if any("\udc80" <= character <= "\udcff" for character in text if not character.isascii()):
        return Row(number, id or str(number), None, f"{where} is not UTF-8; convert it", raw)
    return Row(number, id or str(number), text, None, raw)


# Parquet

UNREADABLE = object()
"""Stands for a value that Python cannot hold."""


def read_parquet(stream: Stream, path: str, options: Options) -> Iterator[Row]:
    """One row for each row of a Parquet file, which must have the text's column, of strings.

    The first, with number 0, stands for the schema: its batch is empty.
    """
    pyarrow = require_pyarrow()
    try:
        file = pyarrow.parquet.ParquetFile(cast("IO[bytes]", stream))
        _check_text_column(file.schema_arrow, path, options, pyarrow)
        number = 0
        yield Row(0, "", None, batch=pyarrow.RecordBatch.from_pylist([], schema=file.schema_arrow))
        for batch in file.iter_batches(batch_size=PARQUET_BATCH):
            names = batch.schema.names
            texts = parquet_values(batch.column(names.index(options.text_field)))
            ids = parquet_values(batch.column(names.index("id"))) if "id" in names else [None] * len(texts)
            for index, (text, id) in enumerate(zip(texts, ids, strict=True)):
                number += 1
                known = None if id is UNREADABLE else id
                yield _parquet_row(text, _record_id(known, number), number, path, options, batch, index)
    except (pyarrow.ArrowException, OSError, UnicodeDecodeError) as error:
        raise InputError(f"not a Parquet file that can be read ({_one_line(error)})") from error


def _check_text_column(schema: pa.Schema, path: str, options: Options, pyarrow: Any) -> None:
    if options.text_field not in schema.names:
        raise InputError(f"{path} {_no_field(options.text_field, schema.names)}")
    for name in (options.text_field, "id"):
        if schema.names.count(name) > 1:
            raise InputError(f"{path} has several columns {name!r}; rename all but one")
    kind = schema.field(options.text_field).type
    own = kind.value_type if pyarrow.types.is_dictionary(kind) else kind
    types = pyarrow.types
    is_text = types.is_string(own) or types.is_large_string(own)
    if not is_text and not types.is_null(own):
        raise InputError(f"{path} has {kind}, not texts, in its column {options.text_field!r}")


def parquet_values(column: pa.Array) -> list[Any]:
    """The values of a column, with `UNREADABLE` for each that Python has no value for: text that is not UTF-8, a day
    of the year 300,000."""
    try:
        values: list[Any] = column.to_pylist()
    except (ValueError, OverflowError, KeyError):  # also errors of pyarrow and of UTF-8
        return [_parquet_value(cell) for cell in column]
    return values


def _parquet_value(cell: pa.Scalar) -> Any:
    try:
        return cell.as_py()
    except (ValueError, OverflowError, KeyError):
        return UNREADABLE


def _parquet_row(
    text: Any, id: str, number: int, path: str, options: Options, batch: pa.RecordBatch, index: int
) -> Row:
    problem, column = None, f"in its column {options.text_field!r}"
    if text is UNREADABLE:
        problem = f"is not UTF-8 {column}; convert it"
    elif text is None:
        problem = f"has null, not a text, {column}"
    elif len(text.encode("utf-8", "surrogatepass")) > options.max_bytes:
        problem = f"is {too_long(options.max_bytes)}"
    if problem:
        return Row(number, id, None, f"row {number} of {path} {problem}", b"", batch, index)
    return Row(number, id, text, None, b"", batch, index)


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:200]


def require_pyarrow() -> Any:
    """The module `pyarrow`, with `pyarrow.parquet` imported."""
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise MtscoreError("Parquet needs the extra parquet: pip install 'mtscore[parquet]'") from None
    return pyarrow


ROW_READERS: dict[str, RowReader] = {".jsonl": read_jsonl, ".csv": read_csv, ".parquet": read_parquet}
"""Readers by the suffix of the file's name."""
