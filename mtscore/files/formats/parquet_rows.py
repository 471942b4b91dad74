"""How much one row of a Parquet file may hold, known before it is read.

A row holds one value of most columns, but any number of a list's: a few bytes say that a list repeats a long value a
million times. Where a list ends is told by its repetition levels, runs of small numbers at the beginning of each page
(https://parquet.apache.org/docs/file-format/data-pages/encodings/): those are read, and no value.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import IO, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from mtscore.files.formats.parquet_pages import PACKED, UNPACKED, Chunk, Header, Page, pages_of

_KIND, _VERSION_1, _DICTIONARY, _VERSION_2 = 1, 5, 7, 8
"""Fields of a page header: which kind of page it is, and what is particular to each kind."""
_VALUES, _ENCODING_1, _LEVELS_1, _ENCODING_2, _LEVELS_BYTES = 1, 2, 4, 4, 6
"""Fields of those: how many values, how they and their levels are encoded, and the length of the levels."""
_RUNS, _DELTA_TEXTS = 3, 7
_DICTIONARY_PAGE = 2

_CODECS = {1: "snappy", 2: "gzip", 4: "brotli", 6: "zstd", 7: "lz4_raw"}
"""What packs the pages, by number; 0 for nothing."""

_PER_VALUE = 24
"""Bytes that Arrow needs for a value beside its text: levels, offsets and the slots of the lists around it."""

_SLICE = 1 << 20
"""Bytes of packed levels that are unpacked at a time."""


def largest_rows(
    file: IO[bytes], chunks: Sequence[Chunk], schema: Any, columns: list[str] | None, enough: int
) -> dict[str, int]:
    """Bytes that a row may hold of each column with lists, at most, once it is read; a column is not looked at closely
    if all its rows together have `enough` room. `schema` is that of the file. Leaves the place in the file alone."""
    place = file.tell()
    sizes: dict[str, int] = {}
    for number, chunk in enumerate(chunks):
        column = schema.column(number)
        name, level = chunk.path, column.max_repetition_level
        if level and (columns is None or name.partition(".")[0] in columns):
            rows = _Rows(file, chunk, column, level)
            size = rows.size if rows.size <= enough else min(rows.size, rows.largest())
            sizes[name] = max(sizes.get(name, 0), size)
    file.seek(place)
    return sizes


class _Rows:
    """The rows of a column chunk. `size` is what all of them take."""

    def __init__(self, file: IO[bytes], chunk: Chunk, column: Any, level: int) -> None:
        self._file = file
        self._width = level.bit_length()
        self._codec = chunk.codec
        self._pages: list[Page] = []
        longest = 0
        for page in pages_of(file, chunk):
            if page.header.get(_KIND) == _DICTIONARY_PAGE:
                longest = max(longest, self._longest_entry(page, column))
            else:
                self._pages.append(page)
                if _encoding(page.header) == _DELTA_TEXTS:  # a value may repeat what others begin with
                    longest = max(longest, page.header[UNPACKED])
        self._per_value = longest + _PER_VALUE
        self.size: int = sum(
            _values(page.header) * self._per_value + page.header[UNPACKED] for page in self._pages
        )

    def largest(self) -> int:
        """What one row takes at most; all of the chunk, if its levels cannot be read."""
        largest = values = pages = (
            0  # of the row that is being read: its values, and the pages that it touches
        )
        try:
            for page in self._pages:
                size = page.header[UNPACKED]
                pages += size
                for run in _runs(self._levels(page), self._width, _values(page.header)):
                    values += run.before
                    if run.has_start:
                        row = max(values * self._per_value + pages, run.most * self._per_value + size)
                        largest, values, pages = max(largest, row), run.after, size
        except (ArithmeticError, LookupError, OSError, ValueError):  # what is packed is none
            return self.size
        return max(largest, values * self._per_value + pages)

    def _levels(self, page: Page) -> bytes:
        """The repetition levels of a page, as they are encoded."""
        if _VERSION_2 in page.header:
            self._file.seek(page.place)
            size = _number(page.header, _VERSION_2, _LEVELS_BYTES)
            return self._file.read(size) if 0 < size <= page.header[PACKED] else b""
        if _number(page.header, _VERSION_1, _LEVELS_1) != _RUNS:
            raise ValueError("levels that nobody has written for ten years")
        data = self._unpacked(page)
        return data[4 : 4 + int.from_bytes(data[:4], "little")]

    def _unpacked(self, page: Page) -> bytes:
        import pyarrow

        self._file.seek(page.place)
        data = self._file.read(page.header[PACKED])
        if not self._codec:
            return data
        unpacked: bytes = pyarrow.Codec(_CODECS[self._codec]).decompress(
            data, decompressed_size=page.header[UNPACKED], asbytes=True
        )
        return unpacked

    def _longest_entry(self, page: Page, column: Any) -> int:
        """Bytes of the longest value in a dictionary; of all of it, if that cannot be read."""
        if column.physical_type != "BYTE_ARRAY":
            return max(column.length or 0, 12)
        place = longest = 0
        try:
            data = self._unpacked(page)
            while place < len(data):
                size = int.from_bytes(data[place : place + 4], "little")
                longest, place = max(longest, size), place + 4 + size
        except (LookupError, OSError, ValueError):
            return int(page.header[UNPACKED])
        return min(longest, len(data))


def _values(header: Header) -> int:
    return max(_number(header, _VERSION_1, _VALUES), _number(header, _VERSION_2, _VALUES), 0)


def _encoding(header: Header) -> int:
    return _number(header, _VERSION_1, _ENCODING_1) or _number(header, _VERSION_2, _ENCODING_2)


def _number(header: Header, kind: int, field: int) -> int:
    """A number of what is particular to a kind of page; 0 if there is none."""
    own = header.get(kind)
    found = own.get(field) if isinstance(own, dict) else None
    return found if isinstance(found, int) else 0


class _Run(NamedTuple):
    """Some levels: how many values come before the first one that begins a row, whether there is one, how many the
    longest row has that ends among them, and how many the last one has so far."""

    before: int
    has_start: bool = False
    most: int = 0
    after: int = 0


def _runs(levels: bytes, width: int, values: int) -> Iterator[_Run]:
    """The levels of a page, of `width` bits each, run by run; 0 begins a row."""
    place, bytes_each = 0, (width + 7) // 8
    while values > 0 and place < len(levels):
        head, place = _varint(levels, place)
        if head & 1:  # groups of eight levels, bit by bit
            end = min(place + (head >> 1) * width, len(levels))
            for low in range(place, end, _SLICE * width):
                found = _levels_of(levels[low : min(end, low + _SLICE * width)], width)[:values]
                values -= len(found)
                yield _of_levels(found)
            place = end
        else:
            length = min(head >> 1, values)
            is_start = not int.from_bytes(levels[place : place + bytes_each], "little")
            place += bytes_each
            values -= length
            if length:
                yield _Run(0, True, 1, 1) if is_start else _Run(length)
    if values:  # Arrow will say what is wrong with it
        yield _Run(values)


def _varint(data: bytes, place: int) -> tuple[int, int]:
    """A number and where it ends."""
    number = shift = 0
    while True:
        byte = data[place]
        number |= (byte & 127) << shift
        place, shift = place + 1, shift + 7
        if byte < 128:
            return number, place


def _levels_of(packed: bytes, width: int) -> npt.NDArray[np.bool_]:
    """Whether each of the levels, packed bit by bit, is more than 0."""
    bits = np.unpackbits(np.frombuffer(packed, np.uint8), bitorder="little")
    return np.asarray(bits[: len(bits) // width * width].reshape(-1, width).any(axis=1))


def _of_levels(is_inside: npt.NDArray[np.bool_]) -> _Run:
    starts = np.flatnonzero(~is_inside)
    if not len(starts):
        return _Run(len(is_inside))
    most = int(np.diff(starts).max(initial=0))
    return _Run(int(starts[0]), True, most, len(is_inside) - int(starts[-1]))
