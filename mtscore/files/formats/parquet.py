"""Parquet: rows in batches, with whatever types their columns have. Needs the extra `parquet`."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import IO, TYPE_CHECKING, Any, cast

from mtscore.errors import InputError, MtscoreError
from mtscore.files.formats.parquet_pages import Chunk, largest_pages, row_groups
from mtscore.files.formats.parquet_rows import largest_rows
from mtscore.files.formats.record import Options, Record, Stream, no_field, record_id, too_long

if TYPE_CHECKING:
    import pyarrow as pa

BATCH = 64
"""Rows that are in memory at a time at most."""

_BUDGET = 256 << 20
"""Bytes that a batch may take: a row may hold as much as the largest page of each of its columns, and of one with lists
as much as its longest row."""

_COPIES = 4
"""So often is a list in memory on its way: read with its batch and with the next, gathered, written."""

_LARGEST_PAGE = 64 << 20
"""Bytes of a page, unpacked, or of the lists of a row, that are still read, if no longer text is asked for."""

UNREADABLE = object()
"""Stands for a value that Python cannot hold."""

_TOO_LONG = object()
"""Stands for a text that is longer than allowed."""


def read_parquet(stream: Stream, path: str, options: Options) -> Iterator[Record]:
    """One record for each row of a Parquet file, which must have the text's column, of strings.

    The first, with number 0, stands for the schema: its batch is empty.
    """
    pyarrow = require_pyarrow()
    try:
        source = cast("IO[bytes]", stream)
        if not isinstance(source, io.IOBase) or not source.seekable():
            raise InputError("Parquet cannot be read from a pipe; name a file")
        file = pyarrow.parquet.ParquetFile(source)
        schema = file.schema_arrow
        _check_text_column(schema, path, options, pyarrow)
        yield Record(0, "", None, source=path, batch=_no_rows(schema, pyarrow))
        file = pyarrow.parquet.ParquetFile(
            source, metadata=file.metadata, read_dictionary=_texts_of(schema, pyarrow)
        )
        number = 0
        for batch in _batches(file, source, options):
            names = batch.schema.names
            texts = _texts(batch.column(names.index(options.text_field)), options.max_bytes)
            ids = parquet_values(batch.column(names.index("id"))) if "id" in names else [None] * len(texts)
            for index, (text, id) in enumerate(zip(texts, ids, strict=True)):
                number += 1
                known = None if id is UNREADABLE else id
                yield _record(text, record_id(known, number), number, path, options, batch, index)
    except (pyarrow.ArrowException, OSError, UnicodeDecodeError, OverflowError) as error:
        raise InputError(f"not a Parquet file that can be read ({_one_line(error)})") from error


def _no_rows(schema: pa.Schema, pyarrow: Any) -> pa.RecordBatch:
    return pyarrow.RecordBatch.from_pylist([], schema=schema)


def _batches(file: Any, source: IO[bytes], options: Options) -> Iterator[pa.RecordBatch]:
    """The rows, so many at a time that they fit into memory; their text and id only, unless all is needed."""
    columns = None if options.is_whole else [options.text_field, "id"]
    for number, group in enumerate(row_groups(source)):
        if group.rows:
            rows = _rows_at_once(group.chunks, file.schema, source, columns, options)
            yield from file.iter_batches(batch_size=rows, row_groups=[number], columns=columns)


def _rows_at_once(
    chunks: Sequence[Chunk], schema: Any, source: IO[bytes], columns: list[str] | None, options: Options
) -> int:
    """How many rows of a row group fit into memory. Raises `InputError` if not one may."""
    if len(chunks) != len(schema):
        raise InputError("the end of it, which says where all else is, is damaged")
    pages = largest_pages(source, chunks, columns)
    limit = max(_LARGEST_PAGE, 2 * options.max_bytes)
    for name, size in pages.items():
        if size > limit:
            raise InputError(
                f"a page of its column {name!r} takes {size >> 20} MiB; write it with smaller pages"
            )
    lists = largest_rows(source, chunks, schema, columns, _BUDGET // BATCH // _COPIES)
    for name, size in lists.items():
        if size > limit:
            raise InputError(
                f"a row of its column {name.partition('.')[0]!r} takes {size >> 20} MiB; leave the column out"
            )
    row = sum(size for name, size in pages.items() if name not in lists) + _COPIES * sum(lists.values())
    return max(1, min(BATCH, _BUDGET // max(row, 1)))


def _texts_of(schema: pa.Schema, pyarrow: Any) -> list[str]:
    """The columns of plain texts: read as dictionaries, in which a value that many rows refer to is there once."""
    types = pyarrow.types
    is_text = (types.is_string, types.is_large_string, types.is_binary, types.is_large_binary)
    return [field.name for field in schema if any(each(field.type) for each in is_text)]


def _texts(column: Any, max_bytes: int) -> list[Any]:
    """The values of the text's column, with `UNREADABLE` and `_TOO_LONG` in the place of those."""
    import pyarrow
    import pyarrow.compute

    if pyarrow.types.is_dictionary(column.type):
        found = _texts(column.dictionary.take(column.indices.unique().drop_null()), max_bytes)
        places = {index: place for place, index in enumerate(column.indices.unique().drop_null().to_pylist())}
        return [None if index is None else found[places[index]] for index in column.indices.to_pylist()]
    if pyarrow.types.is_null(column.type):
        return [None] * len(column)
    lengths = pyarrow.compute.binary_length(column).to_pylist()
    if max((length or 0 for length in lengths), default=0) <= max_bytes:
        return parquet_values(column)
    return [
        _TOO_LONG if (length or 0) > max_bytes else _parquet_value(cell)
        for cell, length in zip(column, lengths, strict=True)
    ]


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
    elif text is _TOO_LONG:
        problem = f"is {too_long(options.max_bytes)}"
    if problem:
        return Record(number, id, None, f"row {number} of {path} {problem}", path, b"", batch, index)
    return Record(number, id, text, None, path, b"", batch, index)


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
