"""Parquet: rows in batches, with whatever types their columns have. Needs the extra `parquet`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, TYPE_CHECKING, Any, cast

from mtscore.errors import InputError, MtscoreError
from mtscore.files.formats.record import Options, Record, Stream, no_field, record_id, too_long

if TYPE_CHECKING:
    import pyarrow as pa

BATCH = 256
"""Rows that are in memory at a time."""

UNREADABLE = object()
"""Stands for a value that Python cannot hold."""


def read_parquet(stream: Stream, path: str, options: Options) -> Iterator[Record]:
    """One record for each row of a Parquet file, which must have the text's column, of strings.

    The first, with number 0, stands for the schema: its batch is empty.
    """
    pyarrow = require_pyarrow()
    try:
        file = pyarrow.parquet.ParquetFile(cast("IO[bytes]", stream))
        _check_text_column(file.schema_arrow, path, options, pyarrow)
        number = 0
        yield Record(0, "", None, batch=pyarrow.RecordBatch.from_pylist([], schema=file.schema_arrow))
        for batch in file.iter_batches(batch_size=BATCH):
            names = batch.schema.names
            texts = parquet_values(batch.column(names.index(options.text_field)))
            ids = parquet_values(batch.column(names.index("id"))) if "id" in names else [None] * len(texts)
            for index, (text, id) in enumerate(zip(texts, ids, strict=True)):
                number += 1
                known = None if id is UNREADABLE else id
                yield _record(text, record_id(known, number), number, path, options, batch, index)
    except (pyarrow.ArrowException, OSError, UnicodeDecodeError) as error:
        raise InputError(f"not a Parquet file that can be read ({_one_line(error)})") from error


def _check_text_column(schema: pa.Schema, path: str, options: Options, pyarrow: Any) -> None:
    if options.text_field not in schema.names:
        raise InputError(f"{path} {no_field(options.text_field, schema.names)}")
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


def _record(
    text: Any, id: str, number: int, path: str, options: Options, batch: pa.RecordBatch, index: int
) -> Record:
    problem, column = None, f"in its column {options.text_field!r}"
    if text is UNREADABLE:
        problem = f"is not UTF-8 {column}; convert it"
    elif text is None:
        problem = f"has null, not a text, {column}"
    elif len(text.encode("utf-8", "surrogatepass")) > options.max_bytes:
        problem = f"is {too_long(options.max_bytes)}"
    if problem:
        return Record(number, id, None, f"row {number} of {path} {problem}", b"", batch, index)
    return Record(number, id, text, None, b"", batch, index)


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:200]


def require_pyarrow() -> Any:
    """The module `pyarrow`, with `pyarrow.parquet` imported."""
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise MtscoreError(
            "Parquet needs the extra parquet: pip install '.[parquet]' in a clone of mtscore"
        ) from None
    return pyarrow
