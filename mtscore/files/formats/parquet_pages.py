"""How large the pages of a Parquet file become when they are unpacked, known before any is.

A few kilobytes can hold a page of gigabytes, or a long value that a million rows refer to. Arrow asks nobody before
it makes room for them, so the headers of the pages are read first. They are Thrift structures in the compact protocol
(https://github.com/apache/parquet-format, `PageHeader`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Any, NamedTuple

from mtscore.errors import InputError

UNPACKED, PACKED = 2, 3
"""Numbers of the fields of a page header that hold the sizes of the page."""

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


def largest_pages(file: IO[bytes], group: Any, columns: list[str] | None) -> dict[str, int]:
    """Bytes of the largest page, unpacked, of each column chunk of a row group (`pyarrow`'s metadata); of those below
    `columns` only, if they are given. Leaves the place in the file alone."""
    place = file.tell()
    sizes: dict[str, int] = {}
    for number in range(group.num_columns):
        chunk = group.column(number)
        name = chunk.path_in_schema
        if columns is None or name.partition(".")[0] in columns:
            largest = max((page.header[UNPACKED] for page in pages_of(file, chunk)), default=0)
            sizes[name] = max(sizes.get(name, 0), largest)
    file.seek(place)
    return sizes


def pages_of(file: IO[bytes], chunk: Any) -> Iterator[Page]:
    """The pages of a column chunk. Raises `InputError` for one without a proper header."""
    place = chunk.data_page_offset
    if chunk.has_dictionary_page and chunk.dictionary_page_offset:
        place = min(place, chunk.dictionary_page_offset)
    end = place + chunk.total_compressed_size
    while place < end:
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

    def struct(self, depth: int) -> Header:
        """The structure that begins here."""
        if depth > _DEEPEST:
            raise InputError("a page of it has no proper header")
        found: Header = {}
        field = 0
        while head := self._byte():
            step = head >> 4
            field = field + step if step else self._varint() >> 1
            found[field] = self._value(head & 15, depth)
        return found

    def _value(self, kind: int, depth: int) -> Any:
        """A value; None for one of a kind that says nothing here."""
        if kind in _INTEGERS:
            number = self._varint()
            return number >> 1 ^ -(number & 1)
        if kind == _STRUCT:
            return self.struct(depth + 1)
        if kind in _TRUE_OR_FALSE:
            return kind == _TRUE_OR_FALSE[0]
        if kind in (_BYTE, _DOUBLE):
            self._advance(1 if kind == _BYTE else 8)
        elif kind == _BINARY:
            self._advance(self._varint())
        elif kind in _LISTS:
            self._skip_list(depth)
        else:  # a map, which no page header has, or nonsense
            raise InputError("a page of it has no proper header")
        return None

    def _skip_list(self, depth: int) -> None:
        head = self._byte()
        for _ in range(self._varint() if head >> 4 == 15 else head >> 4):
            if head & 15 in _TRUE_OR_FALSE:
                self._advance(1)
            else:
                self._value(head & 15, depth + 1)

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

    def _advance(self, size: int) -> None:
        if self.place + size > len(self._data):
            raise IndexError
        self.place += size
