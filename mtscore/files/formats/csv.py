"""CSV: a header that names the columns, and records that may stretch over several lines.

Cells stand between commas, semicolons or tabs: whichever of them makes columns of the header, the text's column among
them if possible.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator

from mtscore.errors import InputError
from mtscore.files.formats.encoding import CONVERT
from mtscore.files.formats.jsonl import numbered_lines
from mtscore.files.formats.record import BOM, Fields, Options, Record, Stream, no_field, too_long

DELIMITERS = ",;\t"
_NOT_CLOSED = "has a quotation mark that is not closed: it takes in everything behind it, mend it"


def read_csv(stream: Stream, path: str, options: Options) -> Iterator[Record]:
    """One record for each below the header, which must name the text's column.

    The first is the header itself, with number 0: it has neither text nor problem.
    """
    return _read(stream, path, options, DELIMITERS)


def read_tsv(stream: Stream, path: str, options: Options) -> Iterator[Record]:
    """The same with tabs between the cells."""
    return _read(stream, path, options, "\t")


def _read(stream: Stream, path: str, options: Options, delimiters: str) -> Iterator[Record]:
    for fields in read_cells(stream, path, options.max_bytes, options.text_field, delimiters):
        if fields.number:
            yield _record(fields, path, options)
            continue
        names = list(fields.values or ())
        if options.text_field not in names:
            raise InputError(f"the header of {path} {no_field(options.text_field, names)}")
        yield Record(0, "", None, None, path, fields.raw)


def csv_header(raw: bytes, wanted: str, delimiters: str = DELIMITERS) -> tuple[list[str], str]:
    """The names of the columns and what stands between them, from the first record of a CSV file. `wanted` is a
    column that should be there."""
    lines = raw.removeprefix(BOM).decode("utf-8", "replace").splitlines(keepends=True)
    found = [(next(csv.reader(lines, delimiter=each), []), each) for each in delimiters]
    return next((each for each in found if wanted in each[0]), max(found, key=lambda each: len(each[0])))


def read_cells(
    stream: Stream, path: str, max_bytes: int, wanted: str = "text", delimiters: str = DELIMITERS
) -> Iterator[Fields]:
    """The named cells of each record. The first, with number 0, has the header's names as keys. `wanted` is a column
    that should be there. Raises `InputError` for a header that cannot be read."""
    csv.field_size_limit(max(csv.field_size_limit(), max_bytes))
    records = _records(stream, max_bytes, delimiters, wanted)
    number, raw, names = next(records, (0, b"", []))
    if isinstance(names, str):
        raise InputError(f"the header of {path} {names}")
    if raw:
        yield Fields(0, raw, dict.fromkeys(names, ""))
    for number, raw, cells in records:
        if isinstance(cells, str):
            yield Fields(number, raw, None, cells)
        elif len(cells) == len(names):
            first_wins = dict(zip(reversed(names), reversed(cells), strict=True))
            yield Fields(number, raw, first_wins)
        elif cells:
            problem = f"has {len(cells)} cells where the header has {len(names)}"
            yield Fields(number, raw, None, problem)


def _records(
    stream: Stream, max_bytes: int, delimiters: str, wanted: str
) -> Iterator[tuple[int, bytes, list[str] | str]]:
    """The line where each record begins, its bytes, and its cells, or in words why it has none."""
    consumed = _Consumed(stream, max_bytes)
    delimiter = delimiters[0]
    parser = csv.reader(iter(consumed), delimiter=delimiter)
    is_header = True
    while True:
        try:
            cells = next(parser, None)
        except (csv.Error, InputError) as error:
            problem = str(error) if isinstance(error, InputError) else f"is not CSV ({error})"
            yield consumed.first, consumed.take(), problem
            parser = csv.reader(iter(consumed), delimiter=delimiter)
            is_header = False
            continue
        if cells is None:
            return
        number, raw = consumed.first, consumed.take()
        if is_header:
            cells, delimiter = csv_header(raw, wanted, delimiters)
            parser = csv.reader(iter(consumed), delimiter=delimiter)
            is_header = False
        yield number, raw, _NOT_CLOSED if _is_open(raw, delimiter) else cells


class _Consumed:
    """The lines that the CSV parser has taken since the last record, which may stretch over several."""

    def __init__(self, stream: Stream, max_bytes: int) -> None:
        self._lines = numbered_lines(stream, max_bytes)
        self._max_bytes = max_bytes
        self.pending: list[bytes] = []
        self.first = 0
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
            self.pending.append(line)
            self.size += len(line)
            if number == 1 and line.startswith((b"\xff\xfe", b"\xfe\xff")):
                raise InputError("is UTF-16; convert the file first: iconv -f UTF-16 -t UTF-8")
            if self.size > self._max_bytes or not is_whole:
                raise InputError(f"is {too_long(self._max_bytes)}")
            yield (line.removeprefix(BOM) if number == 1 else line).decode("utf-8", "surrogateescape")


def _is_open(raw: bytes, delimiter: str) -> bool:
    """Whether a record ends inside a quoted cell: the file ends there, too."""
    if raw.count(b'"') % 2 == 0:
        return False
    text = raw.removeprefix(BOM).decode("utf-8", "surrogateescape")
    try:
        list(csv.reader(text.splitlines(keepends=True), delimiter=delimiter, strict=True))
    except csv.Error as error:
        return "unexpected end" in str(error)
    return False


def _record(fields: Fields, path: str, options: Options) -> Record:
    number, raw, values, problem = fields
    if values is None:
        return Record(number, str(number), None, f"line {number} of {path} {problem}", path, raw)
    id, text = values.get("id") or str(number), values[options.text_field]
    if any("\udc80" <= character <= "\udcff" for character in text if not character.isascii()):
        return Record(number, id, None, f"line {number} of {path} is not UTF-8; {CONVERT}", path, raw)
    return Record(number, id, text, None, path, raw)
