"""Documents out of what a request brought. Nothing of it touches the disk."""

from __future__ import annotations

import io
from collections.abc import Iterator

from mtscore.files.compression import OPENERS
from mtscore.files.documents import FORMATS, SUFFIXES, format_by_name
from mtscore.files.formats.record import Options, too_long
from mtscore.files.formats.sniffing import Peekable, format_of
from mtscore.files.paths import input_format, unknown
from mtscore.files.reasons import READ_ERRORS, reason, unreadable
from mtscore.records import Document
from mtscore.serve.processes.tasks import Given

_HEAD = 4096


def read_given(given: Given, max_bytes: int) -> Iterator[Document]:
    """The documents of one text or file, at least one."""
    if given.data is not None:
        yield from _read_file(given.id, given.data, Options("text", max_bytes))
        return
    text = given.text or ""
    if is_too_long(text, max_bytes):
        yield unreadable(given.id, too_long(max_bytes))
        return
    is_html = given.form == "html" or (given.form == "auto" and _is_page(text))
    yield Document(given.id, text, is_html=is_html)


def is_too_long(text: str, max_bytes: int) -> bool:
    """Whether a text has more than `max_bytes`, as UTF-8."""
    return len(text) > max_bytes or (
        4 * len(text) > max_bytes and len(text.encode("utf-8", "surrogatepass")) > max_bytes
    )


def _is_page(text: str) -> bool:
    head = text[:_HEAD].encode("utf-8", "replace")
    return format_of(Peekable(io.BytesIO(head))) == ".html"


def _read_file(name: str, data: bytes, options: Options) -> Iterator[Document]:
    """The documents of a file, or one that says why it cannot be read any further."""
    suffix, compression = input_format(name)
    form = format_by_name(name)
    if form is None:
        yield unreadable(name, unknown(name, suffix, SUFFIXES))
    elif form == "parquet":
        yield unreadable(name, "Parquet files are read on the command line only: mtscore score FILE")
    else:
        if form == "warc" and compression == ".gz":
            compression = ""  # packed record by record: read as such
        try:
            with io.BytesIO(data) as stream:
                if not compression:
                    yield from FORMATS[form](stream, name, options)
                    return
                with OPENERS[compression](stream) as unpacked:
                    yield from FORMATS[form](unpacked, name, options)
        except READ_ERRORS as error:
            yield unreadable(name, reason(error))
