"""Plain text and web pages: a file is one document."""

from __future__ import annotations

from collections.abc import Iterator

from mtscore.files.formats.record import BOM, Options, Stream, too_long
from mtscore.records import Document


def read_text(stream: Stream, name: str, options: Options, *, is_html: bool = False) -> Iterator[Document]:
    """The file as one document; without text, if it is too long or not UTF-8."""
    data = stream.read(options.max_bytes + 1)
    if len(data) > options.max_bytes:
        yield Document(name, None, too_long(options.max_bytes))
        return
    text, problem = _decode(data)
    if problem is None and "\0" in text:
        problem = f"a NUL byte at offset {data.index(0)}: binary, or UTF-16 text; give it as UTF-8 text"
    yield Document(name, None if problem else text, problem, is_html)


def read_html(stream: Stream, name: str, options: Options) -> Iterator[Document]:
    """The page as one document, raw."""
    return read_text(stream, name, options, is_html=True)


def _decode(data: bytes) -> tuple[str, str | None]:
    """UTF-8 text without its byte order mark, and what is wrong with it (None: nothing)."""
    skipped = len(BOM) if data.startswith(BOM) else 0
    try:
        return data[skipped:].decode("utf-8"), None
    except UnicodeDecodeError as error:
        guess = "UTF-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "WINDOWS-1252"
        return "", (
            f"not UTF-8 at byte offset {skipped + error.start} (0x{error.object[error.start]:02x}); "
            f"convert it first, for example with iconv -f {guess} -t UTF-8"
        )
