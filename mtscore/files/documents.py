"""Files, folders, patterns and standard input to documents, one at a time.

Whatever cannot be read becomes a `Document` without text whose `detail` says why, in its place: nothing is
dropped, nothing is fatal, so that one bad file never costs the verdicts of the others. A new format is one
entry in `FORMATS`, its suffixes are entries in `SUFFIXES`.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any, cast

from mtscore.errors import InputError
from mtscore.files.compression import OPENERS
from mtscore.files.formats.csv import read_csv, read_tsv
from mtscore.files.formats.jsonl import read_jsonl
from mtscore.files.formats.mail import read_mail, read_mhtml
from mtscore.files.formats.parquet import read_parquet
from mtscore.files.formats.record import Options, RecordReader, Stream
from mtscore.files.formats.sniffing import Peekable, compression_of, format_of
from mtscore.files.formats.text import read_html, read_text
from mtscore.files.formats.warc import read_warc
from mtscore.files.opening import OnRead, open_input
from mtscore.files.paths import STDIN, expand, input_format, shown, unknown
from mtscore.files.reasons import READ_ERRORS, reason, unreadable
from mtscore.records import Document

MAX_BYTES = 2 * 1024 * 1024
"""Longest text file, or record of a file of many, that is read (bytes, after decompression). A character takes up to
340 bytes of memory while it is scored: the default stays under 1 GB."""

Reader = Callable[[Stream, str, Options], Iterator[Document]]
"""Documents of an open file; the second argument is its name."""


def read_documents(
    paths: Iterable[str],
    *,
    text_field: str = "text",
    max_bytes: int = MAX_BYTES,
    input_format: str | None = None,
    on_read: OnRead | None = None,
) -> Iterator[Document]:
    """The documents of `paths`, in order: files, folders (recursively, sorted by name; known suffixes, no
    hidden entries), patterns such as `news/*.txt`, and `-` for standard input, whose beginning says what it is.

    A text, page or message is one document whose id is its path; each record of a JSON lines, CSV or Parquet file
    is one, with the record's `id` or else its line or row number, and its text from `text_field`; each page of a web
    archive is one, with its address. Every path gives at least one document. Texts longer than `max_bytes` are not
    read. `input_format` (a name in `FORMATS`) says what all files are, whatever their names.

    `detail` of a document with text says what had to be assumed to read it, such as its encoding.
    """
    options = Options(text_field, max_bytes)
    for path in paths:
        for found in expand(path, SUFFIXES):
            if isinstance(found, Document):
                yield found
            else:
                yield from read_file(found, options, input_format, on_read)


def input_files(paths: Iterable[str]) -> Iterator[str]:
    """The files that `read_documents` would try to read, and "-" for standard input."""
    for path in paths:
        yield from (found for found in expand(path, SUFFIXES) if not isinstance(found, Document))


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


def format_by_name(path: str) -> str | None:
    """The format that a file's name stands for; None for a suffix that is not known."""
    suffix = input_format(path)[0]
    # A file without a suffix can only have been named on purpose (a pipe such as /dev/fd/63, "README").
    return SUFFIXES.get(suffix) if suffix else "text"


def read_file(path: str, options: Options, form: str | None, on_read: OnRead | None) -> Iterator[Document]:
    """The documents of one file, or one that says why it cannot be read any further."""
    count = 0
    try:
        with opened(path, form, on_read) as (stream, found):
            for document in FORMATS[found](stream, shown(path), options):
                yield document
                count += 1
    except READ_ERRORS as error:
        doubt = "" if isinstance(error, EOFError) else ", and may be wrong too"
        progress = f"; {count} records were read before{doubt}" if count else ""
        yield unreadable(shown(path), reason(error) + progress)
    except MemoryError:
        yield unreadable(shown(path), "takes more memory than there is; see --max-bytes")


@contextmanager
def opened(path: str, form: str | None, on_read: OnRead | None) -> Iterator[tuple[Stream, str]]:
    """The file, unpacked, and its format: the one given, or the one that its name or (of standard input and pipes) its
    beginning tells. Raises one of `READ_ERRORS` where there is none."""
    suffix, compression = input_format(path)
    named = form or format_by_name(path)
    if path != STDIN and named is None:
        raise InputError(unknown(path, suffix, SUFFIXES))
    if named == "warc" and compression == ".gz":
        compression = ""  # packed record by record: read as such
    with open_input(path, compression, on_read) as stream:
        if not _is_nameless(path, suffix):
            yield stream, cast("str", named)
            return
        with _sniffed(stream, form) as (unpacked, found):
            yield unpacked, found


def _is_nameless(path: str, suffix: str) -> bool:
    """Whether it is standard input, or a pipe whose name says nothing (/dev/fd/63)."""
    return path == STDIN or (not suffix and not os.path.isfile(path))


@contextmanager
def _sniffed(stream: Stream, form: str | None) -> Iterator[tuple[Stream, str]]:
    """A stream without a name, unpacked, and its format."""
    peekable = Peekable(stream)
    packed = compression_of(peekable)
    if packed and form != "warc":
        with OPENERS[packed](cast("Any", peekable)) as unpacked:
            peekable = Peekable(unpacked)
            yield peekable, form or _format_of(peekable)
    else:
        yield peekable, form or _format_of(peekable)


def _format_of(stream: Peekable) -> str:
    suffix = format_of(stream)
    if suffix in (".pdf", ".docx"):
        raise InputError(unknown(f"FILE{suffix}", suffix, SUFFIXES))
    return SUFFIXES[suffix]


def _read_records(read: RecordReader, stream: Stream, path: str, options: Options) -> Iterator[Document]:
    is_empty = True
    for record in read(stream, path, options):
        if record.number:  # not the header
            yield Document(record.id, record.text, record.problem)
            is_empty = False
    if is_empty:
        yield Document(path, "")


RECORD_FORMATS: dict[str, RecordReader] = {
    "jsonl": read_jsonl,
    "csv": read_csv,
    "tsv": read_tsv,
    "parquet": read_parquet,
}
"""Readers of files of many records, by format."""

FORMATS: dict[str, Reader] = {
    "text": read_text,
    "html": read_html,
    "mhtml": read_mhtml,
    "mail": read_mail,
    "warc": read_warc,
    **{name: partial(_read_records, reader) for name, reader in RECORD_FORMATS.items()},
}
"""Readers of all formats."""

SUFFIXES: dict[str, str] = {
    ".txt": "text",
    ".md": "text",
    ".markdown": "text",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".mhtml": "mhtml",
    ".mht": "mhtml",
    ".eml": "mail",
    ".warc": "warc",
    ".wet": "warc",
    ".jsonl": "jsonl",
    ".csv": "csv",
    ".tsv": "tsv",
    ".parquet": "parquet",
}
"""Formats by the suffix of the file's name."""
