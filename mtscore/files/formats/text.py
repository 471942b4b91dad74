"""Plain text and web pages: a file is one document."""

from __future__ import annotations

from collections.abc import Iterator

from mtscore.files.formats.encoding import decode
from mtscore.files.formats.record import Options, Stream, too_long
from mtscore.records import Document


def read_text(stream: Stream, name: str, options: Options) -> Iterator[Document]:
    """The file as one document; without text, if it is too long or in no encoding that is known."""
    yield document_of(stream.read(options.max_bytes + 1), name, options)


def read_html(stream: Stream, name: str, options: Options) -> Iterator[Document]:
    """The page as one document, raw."""
    yield document_of(stream.read(options.max_bytes + 1), name, options, is_html=True)


def document_of(
    data: bytes, name: str, options: Options, *, declared: str | None = None, is_html: bool = False
) -> Document:
    """The document that `data` is, unless it is too long; `declared` is the encoding that a header names."""
    if len(data) > options.max_bytes:
        return Document(name, None, too_long(options.max_bytes))
    text, detail = decode(data, declared, is_page=is_html)
    return Document(name, text, detail, is_html and text is not None)
