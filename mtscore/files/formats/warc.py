"""Web archives (WARC, WET): each page, text or conversion is a document, named by its address.

FastWARC reads them, packed record by record or as a whole. Where a record is damaged, the next one that begins
properly is looked for: it costs itself alone, if the file can be read at any place.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import IO, Any, cast

from mtscore.files.formats.record import Options, Stream
from mtscore.files.formats.text import document_of
from mtscore.records import Document

_PAGES = ("text/html", "application/xhtml+xml")
_PLAIN = "text/plain"
_BEGINNINGS = (b"\x1f\x8b\x08", b"WARC/1.")
_CHUNK = 1 << 16


def read_warc(stream: Stream, name: str, options: Options) -> Iterator[Document]:
    """The documents of an archive: HTML and text responses that succeeded, resources, and conversions."""
    source = cast("IO[bytes]", stream)
    can_seek = isinstance(source, io.BufferedReader) and source.seekable()
    start, is_empty = 0, True
    while True:
        reached, problem = start, None
        try:
            for place, document in _documents(_Tail(source), options):
                reached = start + place
                if document is not None:
                    is_empty = False
                    yield document
        except (OSError, ValueError, RuntimeError) as error:
            problem = " ".join(str(error).split())[:100]
        if problem is None:
            break
        following = _next_beginning(source, reached + 1) if can_seek else None
        is_new = reached > start or start == 0
        if is_new or following is None:
            is_empty = False
            yield Document(name, None, f"a record behind byte {reached} is damaged ({problem})")
        if following is None:
            break
        start = following
        source.seek(start)
    if is_empty:
        yield Document(name, "")


def _documents(source: Any, options: Options) -> Iterator[tuple[int, Document | None]]:
    """Where each record begins, and its document, if it is to be one."""
    from fastwarc.warc import ArchiveIterator, WarcRecordType

    wanted = WarcRecordType.response | WarcRecordType.resource | WarcRecordType.conversion
    for record in ArchiveIterator(source, record_types=wanted, parse_http=False):
        yield record.stream_pos, _document(record, options)


def _document(record: Any, options: Options) -> Document | None:
    from fastwarc.warc import WarcRecordType

    if record.is_http:
        record.parse_http(auto_decode="all")
        status = record.http_headers.status_code if record.http_headers is not None else None
        if status is not None and not 200 <= status < 300:
            return None
        kind, charset = record.http_content_type, record.http_charset
    else:
        kind, _, parameters = (record.headers.get("Content-Type") or "").partition(";")
        charset = parameters.partition("charset=")[2].strip(' "') or None
    kind = (kind or "").strip().lower()
    is_html = kind in _PAGES
    if not is_html and kind != _PLAIN and record.record_type != WarcRecordType.conversion:
        return None
    id = (record.headers.get("WARC-Target-URI") or record.record_id or "").strip("<>")
    data = bytes(record.reader.read(options.max_bytes + 1))
    if len(data) < min(record.content_length, options.max_bytes) and not _is_coded(record):
        return Document(id, None, "the archive ends in the middle of it; fetch it again")
    return document_of(data, id, options, declared=charset, is_html=is_html)


def _is_coded(record: Any) -> bool:
    """Whether the length of what is read differs from the one that is stated."""
    headers = record.http_headers if record.is_http else None
    return headers is not None and any(
        headers.get(name) for name in ("Content-Encoding", "Transfer-Encoding")
    )


class _Tail:
    """A stream from where it stands now on."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self._place = 0

    def read(self, size: int = -1, /) -> bytes:
        data = self._source.read(size)
        self._place += len(data)
        return data

    def tell(self) -> int:
        return self._place


def _next_beginning(source: IO[bytes], start: int) -> int | None:
    """Where, from `start` on, a packed or plain record may begin."""
    source.seek(start)
    kept = b""
    while chunk := source.read(_CHUNK):
        data = kept + chunk
        found = [place for mark in _BEGINNINGS if (place := data.find(mark)) >= 0]
        if found:
            return start + min(found)
        start += len(data) - 6
        kept = data[-6:]
    return None
