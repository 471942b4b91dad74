"""How large the pages of a Parquet file become when they are unpacked, known before any is.

A few kilobytes can hold a page of gigabytes, or a long value that a million rows refer to. Arrow asks nobody before
it makes room for them, so the headers of the pages are read first. They, and the end of the file that says where they
are, are Thrift structures in the compact protocol (https://github.com/apache/parquet-format). The end is read here as
well: where it is damaged, Arrow's own account of it may end the process.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from typing import IO, Any, NamedTuple

from mtscore.errors import InputError

UNPACKED, PACKED = 2, 3
"""Numbers of the fields of a page header that hold the sizes of the page."""

_ROW_GROUPS, _COLUMNS, _ROWS, _COLUMN = 4, 1, 3, 3
_PATH, _CODEC, _SIZE, _DATA, _DICTIONARY = 3, 4, 7, 9, 11
"""Numbers of the fields that say, of a file, its row groups; of a row group, its columns and how many rows; and of a
column its name, how it is packed, its bytes, and where its pages and its dictionary begin."""

_TAIL = 8
"""Bytes behind the description of a file: its length and a mark."""

_FIRST_READ, _LONGEST_HEADER = 1 << 9, 1 << 24
_STRUCT, _BINARY, _DOUBLE, _BYTE = 12, 8, 7, 3
_TRUE_OR_FALSE, _INTEGERS, _LISTS = (1, 2), (4, 5, 6), (9, 10)
_DEEPEST = 16

Header = dict[int, Any]
"""The fields of a header by their numbers: integers, truth values, and further headers."""


class Page(NamedTuple):
    """A page: its header, and where its data begins."""

    header: Header
    place: int


class Chunk(NamedTuple):
    """A column of a row group: the column's name, how it is packed, and where its pages begin and end."""

    path: str
    codec: int
    start: int
    end: int


class Group(NamedTuple):
    """A row group: how many rows, and a chunk for each column of the schema, in order."""

    rows: int
    chunks: tuple[Chunk, ...]


def row_groups(file: IO[bytes]) -> list[Group]:
    """The row groups of a file, as its end describes them. Leaves the place in the file alone."""
    place = file.tell()
    file.seek(-_TAIL, io.SEEK_END)
    size = int.from_bytes(file.read(4), "little")
    file.seek(-_TAIL - size, io.SEEK_END)
    thrift = _Thrift(file.read(size))
    file.seek(place)
    found: list[Group] = []
    try:
        for field, kind in thrift.fields():
            if field == _ROW_GROUPS and kind in _LISTS:
                found = [_group(thrift) for _ in range(thrift.list_of()[0])]
            else:
                thrift.value(kind, 0)
    except (
        AttributeError,
        LookupError,
        TypeError,
        ValueError,
    ) as error:  # other kinds of values than it should have
        raise InputError("the end of it, which says where all else is, is damaged") from error
    return found


def _group(thrift: _Thrift) -> Group:
    rows, chunks = 0, []
    for field, kind in thrift.fields():
        if field == _COLUMNS and kind in _LISTS:
            chunks = [_chunk(thrift.struct(0)[_COLUMN]) for _ in range(thrift.list_of()[0])]
        else:
            value = thrift.value(kind, 0)
            rows = int(value) if field == _ROWS else rows
    return Group(rows, tuple(chunks))


def _chunk(column: Header) -> Chunk:
    start = min(filter(None, (column[_DATA], column.get(_DICTIONARY))), default=0)
    if start < 0 or column[_SIZE] < 0:
        raise ValueError("pages that begin before the file does")
    path = b".".join(column[_PATH]).decode("utf-8", "replace")
    return Chunk(path, int(column[_CODEC]), start, start + int(column[_SIZE]))


def largest_pages(file: IO[bytes], chunks: Iterable[Chunk], columns: list[str] | None) -> dict[str, int]:
    """Bytes of the largest page, packed or unpacked, of each column chunk; of those below `columns` only, if given.
    Leaves the place in the file alone."""
    place = file.tell()
    sizes: dict[str, int] = {}
    for chunk in chunks:
        if columns is None or chunk.path.partition(".")[0] in columns:
            headers = [page.header for page in pages_of(file, chunk)]
            largest = max((max(header[UNPACKED], header[PACKED]) for header in headers), default=0)
            sizes[chunk.path] = max(sizes.get(chunk.path, 0), largest)
    file.seek(place)
    return sizes


def pages_of(file: IO[bytes], chunk: Chunk) -> Iterator[Page]:
    """The pages of a column chunk. Raises `InputError` for one without a proper header."""
    place = chunk.start
    while place < chunk.end:
        header, length = _header(file, place)
        sizes = header.get(UNPACKED), header.get(PACKED)
        if not length or not all(type(size) is int and size >= 0 for size in sizes):
            raise InputError("a page of it has no proper header")
        yield Page(header, place + length)
        place += length + header[PACKED]


def _header(file: IO[bytes], place: int) -> tuple[Header, int]:
    """The page header at `place`, and its length."""
    size = _FIRST_READ
    while size <= _LONGEST_HEADER:
        file.seek(place)
        data = file.read(size)
        try:
            thrift = _Thrift(data)
            return thrift.struct(0), thrift.place
        except IndexError:
            if len(data) < size:
                break
            size *= 8
    raise InputError("a page of it has no proper header")


class _Thrift:
    """Just enough of the compact protocol to read a header. `IndexError`: there must be more data."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.place = 0

    def fields(self) -> Iterator[tuple[int, int]]:
        """The numbers and kinds of the fields of the structure that begins here; whoever asks takes each value."""
        field = 0
        while head := self._byte():
            step = head >> 4
            field = field + step if step else self._varint() >> 1
            yield field, head & 15

    def struct(self, depth: int) -> Header:
        """The structure that begins here."""
        if depth > _DEEPEST:
            raise InputError("a page of it has no proper header")
        return {field: self.value(kind, depth) for field, kind in self.fields()}

    def list_of(self) -> tuple[int, int]:
        """How many values the list that begins here has, and of which kind."""
        head = self._byte()
        return self._varint() if head >> 4 == 15 else head >> 4, head & 15

    def value(self, kind: int, depth: int) -> Any:
        """A value; None for one of a kind that says nothing here."""
        if kind in _INTEGERS:
            number = self._varint()
            return number >> 1 ^ -(number & 1)
        if kind == _STRUCT:
            return self.struct(depth + 1)
        if kind in _TRUE_OR_FALSE:
            return kind == _TRUE_OR_FALSE[0]
        if kind == _BINARY:
            return self._taken(self._varint())
        if kind in _LISTS:
            return self._list(depth)
        if kind not in (_BYTE, _DOUBLE):  # a map, which is nowhere in it, or nonsense
            raise InputError("a page of it has no proper header")
        self._taken(1 if kind == _BYTE else 8)
        return None

    def _list(self, depth: int) -> list[Any]:
        if depth > _DEEPEST:
            raise InputError("a page of it has no proper header")
        size, kind = self.list_of()
        if kind in _TRUE_OR_FALSE:  # each takes a byte here, unlike elsewhere
            kind = _BYTE
        return [self.value(kind, depth + 1) for _ in range(size)]

    def _byte(self) -> int:
        value = self._data[self.place]
        self.place += 1
        return value

    def _varint(self) -> int:
        value = shift = 0
        while shift < 70:
            byte = self._byte()
            value |= (byte & 127) << shift
            if byte < 128:
                return value
            shift += 7
        raise InputError("a page of it has no proper header")

    def _taken(self, size: int) -> bytes:
        if self.place + size > len(self._data):
            raise IndexError
        self.place += size
        return self._data[self.place - size : self.place]
