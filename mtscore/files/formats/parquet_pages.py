"""How large the pages of a Parquet file become when they are unpacked, known before any is.

A few kilobytes can hold a page of gigabytes, or a long value that a million rows refer to. Arrow asks nobody before
it makes room for them, so the headers of the pages are read first. They are Thrift structures in the compact protocol
(https://github.com/apache/parquet-format, `PageHeader`).
"""

from __future__ import annotations

from typing import IO, Any

from mtscore.errors import InputError

_UNPACKED, _PACKED = 2, 3
"""Numbers of the fields of a page header that hold the sizes of the page."""

_FIRST_READ, _LONGEST_HEADER = 1 << 9, 1 << 24
_STRUCT, _BINARY, _DOUBLE, _BYTE = 12, 8, 7, 3
_TRUE_OR_FALSE, _INTEGERS, _LISTS = (1, 2), (4, 5, 6), (9, 10)
_DEEPEST = 16


def largest_pages(file: IO[bytes], group: Any, columns: list[str] | None) -> dict[str, int]:
    """Bytes of the largest page, unpacked, of each column chunk of a row group (`pyarrow`'s metadata); of those below
    `columns` only, if they are given. Leaves the place in the file alone."""
    place = file.tell()
    sizes: dict[str, int] = {}
    for number in range(group.num_columns):
        chunk = group.column(number)
        name = chunk.path_in_schema
        if columns is None or name.partition(".")[0] in columns:
            sizes[name] = max(sizes.get(name, 0), _largest_page(file, chunk))
    file.seek(place)
    return sizes


def _largest_page(file: IO[bytes], chunk: Any) -> int:
    place = chunk.data_page_offset
    if chunk.has_dictionary_page and chunk.dictionary_page_offset:
        place = min(place, chunk.dictionary_page_offset)
    end = place + chunk.total_compressed_size
    largest = 0
    while place < end:
        fields, length = _header(file, place)
        if not length or min(fields[_UNPACKED], fields[_PACKED]) < 0:
            raise InputError("a page of it has no proper header")
        largest = max(largest, fields[_UNPACKED])
        place += length + fields[_PACKED]
    return largest


def _header(file: IO[bytes], place: int) -> tuple[dict[int, int], int]:
    """The sizes in the page header at `place`, and its own length."""
    size = _FIRST_READ
    while size <= _LONGEST_HEADER:
        file.seek(place)
        data = file.read(size)
        try:
            return _Thrift(data).sizes()
        except IndexError:
            if len(data) < size:
                break
            size *= 8
    raise InputError("a page of it has no proper header")


class _Thrift:
    """Just enough of the compact protocol to find two numbers and the end. `IndexError`: there must be more data."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._place = 0

    def sizes(self) -> tuple[dict[int, int], int]:
        """The sizes of the page, and the length of the structure."""
        found = {_UNPACKED: 0, _PACKED: 0}
        for field, kind in self._fields():
            if field in found and kind in _INTEGERS:
                number = self._varint()
                found[field] = number >> 1 ^ -(number & 1)
            else:
                self._skip(kind, 0)
        return found, self._place

    def _fields(self) -> Any:
        field = 0
        while head := self._byte():
            step = head >> 4
            field = field + step if step else self._varint() >> 1
            yield field, head & 15

    def _skip(self, kind: int, depth: int) -> None:
        if depth > _DEEPEST:
            raise InputError("a page of it has no proper header")
        if kind in _INTEGERS:
            self._varint()
        elif kind in (_BYTE, _DOUBLE):
            self._advance(1 if kind == _BYTE else 8)
        elif kind == _BINARY:
            self._advance(self._varint())
        elif kind == _STRUCT:
            for _, inner in self._fields():
                self._skip(inner, depth + 1)
        elif kind in _LISTS:
            head = self._byte()
            for _ in range(self._varint() if head >> 4 == 15 else head >> 4):
                self._skip(_BYTE if head & 15 in _TRUE_OR_FALSE else head & 15, depth + 1)
        elif kind not in _TRUE_OR_FALSE:  # a map, which no page header has, or nonsense
            raise InputError("a page of it has no proper header")

    def _byte(self) -> int:
        value = self._data[self._place]
        self._place += 1
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
        if self._place + size > len(self._data):
            raise IndexError
        self._place += size
