"""E-mail messages and web pages saved as MHTML: MIME, of which one part is the text."""

from __future__ import annotations

from collections.abc import Iterator
from email.message import Message
from email.parser import BytesParser

from mtscore.files.formats.record import Options, Stream, too_long
from mtscore.files.formats.text import document_of
from mtscore.records import Document

_PLAIN, _HTML = "text/plain", "text/html"


def read_mail(stream: Stream, name: str, options: Options) -> Iterator[Document]:
    """The text of a message; its HTML, if it has no plain text."""
    return _read(stream, name, options, (_PLAIN, _HTML))


def read_mhtml(stream: Stream, name: str, options: Options) -> Iterator[Document]:
    """The page of an MHTML file."""
    return _read(stream, name, options, (_HTML, "application/xhtml+xml", _PLAIN))


def _read(stream: Stream, name: str, options: Options, wanted: tuple[str, ...]) -> Iterator[Document]:
    data = stream.read(options.max_bytes + 1)
    if len(data) > options.max_bytes:
        yield Document(name, None, too_long(options.max_bytes))
        return
    try:
        parts = list(_texts(BytesParser().parsebytes(data)))
    except (ValueError, LookupError, TypeError, AttributeError, IndexError, RecursionError) as error:
        yield Document(name, None, f"not a message that can be read ({error})")
        return
    for kind in wanted:
        for part in parts:
            if part.get_content_type() == kind:
                yield _document(part, name, options, is_html=kind != _PLAIN)
                return
    yield Document(name, None, "a message without text: no part of it is text/plain or text/html")


def _texts(message: Message) -> Iterator[Message]:
    """The parts that are no attachments."""
    for part in message.walk():
        if not part.is_multipart() and part.get_content_disposition() != "attachment":
            yield part


def _document(part: Message, name: str, options: Options, *, is_html: bool) -> Document:
    payload = part.get_payload(decode=True)
    charset = part.get_content_charset()
    data = payload if isinstance(payload, bytes) else b""
    return document_of(data, name, options, declared=charset, is_html=is_html)
