"""A record: one line of a JSON lines file, one record of a CSV file, one row of a Parquet file.

`documents` takes the texts from here, `filtering` the records themselves and label files their named values, so
that all of them agree on what a record is.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    import pyarrow as pa

BOM = b"\xef\xbb\xbf"


class Stream(Protocol):
    """What a reader needs of an open, decompressed file."""

    def read(self, size: int, /) -> bytes: ...

    def readline(self, size: int, /) -> bytes: ...


class Options(NamedTuple):
    """The field that is the text, the longest record that is read (bytes, after decompression), and whether the whole
    record is needed or only its text and id."""

    text_field: str
    max_bytes: int
    is_whole: bool = False


class Fields(NamedTuple):
    """One record's named values. `values` is None when it has none; `problem` then says why, in words that follow
    "line 7 of crawl.jsonl". `number` is the line where it begins, `raw` what stands in the file."""

    number: int
    raw: bytes
    values: Mapping[str, Any] | None
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """One record. `text` is None when it has none that can be used; `problem` then says why.

    `number` counts from 1: lines of a JSON lines or CSV file (where the record begins), rows of a Parquet file.
    `source` is the file's name, and `raw` what stands in it, the line end included (of a record that is longer than
    allowed only the beginning); a row of a Parquet file is number `index` of its `batch` instead.
    """

    number: int
    id: str
    text: str | None
    problem: str | None = None
    source: str = ""
    raw: bytes = b""
    batch: pa.RecordBatch | None = None
    index: int = 0


RecordReader = Callable[[Stream, str, Options], Iterator[Record]]
"""Records of an open file; the second argument is its name, for messages. A CSV or Parquet file gives its header
first, with number 0."""


def too_long(max_bytes: int) -> str:
    """What to say of a text that is longer than allowed."""
    amount = f"{max_bytes / 2**20:g} MiB" if max_bytes >= 2**20 else f"{max_bytes} bytes"
    return f"longer than {amount}; split it into articles"


def no_field(field: str, names: list[str]) -> str:
    """What to say of a record or header without the text's field."""
    fields = ", ".join(" ".join(name[:40].split()) for name in names[:8]) or "none"
    return f"has no field {field!r} (but: {fields}); choose it with --text-field"


def record_id(id: object, number: int) -> str:
    """The id of a record: what it says itself, or else its number."""
    if id is None:
        return str(number)
    return id if isinstance(id, str) else json.dumps(id, ensure_ascii=False, default=str)
