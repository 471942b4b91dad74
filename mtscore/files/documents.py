"""Files, folders, patterns and standard input to documents, one at a time.

Whatever cannot be read becomes a `Document` without text whose `detail` says why, in its place: nothing is
dropped, nothing is fatal, so that one bad file never costs the verdicts of the others. A new format is one
entry in `READERS` (in `RECORD_READERS`, if it has many records).
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import partial

from mtscore.files.formats.csv import read_csv
from mtscore.files.formats.jsonl import read_jsonl
from mtscore.files.formats.parquet import read_parquet
from mtscore.files.formats.record import Options, RecordReader, Stream
from mtscore.files.formats.text import read_html, read_text
from mtscore.files.opening import OnRead, open_input
from mtscore.files.paths import STDIN, expand, input_format, known, shown
from mtscore.files.reasons import READ_ERRORS, reason, unreadable
from mtscore.records import Document

MAX_BYTES = 64 * 1024 * 1024
"""Longest text file, or record of a file of many, that is read (bytes, after decompression)."""

Reader = Callable[[Stream, str, Options], Iterator[Document]]
"""Documents of an open file; the second argument is its name."""


def read_documents(
    paths: Iterable[str],
    *,
    text_field: str = "text",
    max_bytes: int = MAX_BYTES,
    on_read: OnRead | None = None,
) -> Iterator[Document]:
    """The documents of `paths`, in order: files, folders (recursively, sorted by name; known suffixes, no
    hidden entries), patterns such as `news/*.txt`, and `-` for one plain text on standard input.

    A text or HTML file is one document whose id is its path; each record of a JSON lines, CSV or Parquet file
    is one, with the record's `id` or else its line or row number, and its text from `text_field`. Every path
    gives at least one document. Texts longer than `max_bytes` are not read.
    """
    options = Options(text_field, max_bytes)
    for path in paths:
        for found in expand(path, READERS):
            if isinstance(found, Document):
                yield found
            else:
                yield from _read_path(found, options, on_read)


def input_files(paths: Iterable[str]) -> Iterator[str]:
    """The files that `read_documents` would try to read, and "-" for standard input."""
    for path in paths:
        yield from (found for found in expand(path, READERS) if not isinstance(found, Document))


def total_bytes(paths: Iterable[str]) -> int | None:
    """Bytes stored in what `read_documents` would read: what `on_read` will add up to. None when that cannot
    be known beforehand (standard input, pipes)."""
    total = 0
    for path in input_files(paths):
        if path == STDIN:
            return None
        with suppress(OSError, ValueError):
            status = os.stat(path)
            if not stat.S_ISREG(status.st_mode):
                return None
            total += status.st_size
    return total


def _read_path(path: str, options: Options, on_read: OnRead | None) -> Iterator[Document]:
    suffix, compression = input_format(path)
    # A file without a suffix can only have been named on purpose (a pipe such as /dev/fd/63, "README").
    reader = read_text if path == STDIN or not suffix else READERS.get(suffix)
    if reader is None:
        yield unreadable(path, f"unknown suffix {suffix}; known are {known(READERS)}; or pipe its text to -")
        return
    count = 0
    try:
        with open_input(path, compression, on_read) as stream:
            for document in reader(stream, shown(path), options):
                yield document
                count += 1
    except READ_ERRORS as error:
        doubt = "" if isinstance(error, EOFError) else ", and may be wrong too"
        progress = f"; {count} records were read before{doubt}" if count else ""
        yield unreadable(shown(path), reason(error) + progress)


def _read_records(read: RecordReader, stream: Stream, path: str, options: Options) -> Iterator[Document]:
    is_empty = True
    for record in read(stream, path, options):
        if record.number:  # not the header
            yield Document(record.id, record.text, record.problem)
            is_empty = False
    if is_empty:
        yield Document(path, "")


RECORD_READERS: dict[str, RecordReader] = {".jsonl": read_jsonl, ".csv": read_csv, ".parquet": read_parquet}
"""Readers of files of many records, by the suffix of the file's name."""

READERS: dict[str, Reader] = {
    ".txt": read_text,
    ".md": read_text,
    ".html": read_html,
    ".htm": read_html,
    **{suffix: partial(_read_records, reader) for suffix, reader in RECORD_READERS.items()},
}
"""Readers of all formats."""
