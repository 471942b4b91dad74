"""What standard input is, from how it begins: it has no name that could tell."""

from __future__ import annotations

import json
import re

from mtscore.files.formats.record import BOM, Stream

_HEAD = 4096
_PAGE = re.compile(
    rb"\s*(?:<!--.{0,2000}?-->\s*|<\?xml[^>]*>\s*)*<(?:!doctype\s+html|html|head|body|title|meta|article|div|p|h1)\b",
    re.IGNORECASE | re.DOTALL,
)
_PACKED = {b"\x1f\x8b": ".gz", b"\x28\xb5\x2f\xfd": ".zst"}
_OTHERS = {b"%PDF": ".pdf", b"PK\x03\x04": ".docx", b"PAR1": ".parquet"}


class Peekable:
    """A stream whose beginning can be looked at."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._head = b""

    def peek(self, size: int) -> bytes:
        """The next `size` bytes, or fewer at the end."""
        while len(self._head) < size and (more := self._stream.read(size - len(self._head))):
            self._head += more
        return self._head

    def peek_line(self) -> bytes:
        """The first line, or as much of it as `_HEAD` bytes hold."""
        if b"\n" not in self._head and len(self._head) < _HEAD:
            self._head += self._stream.readline(_HEAD - len(self._head))
        return self._head.partition(b"\n")[0]

    def readable(self) -> bool:
        """What `io` asks of a raw stream."""
        return True

    def read(self, size: int = -1, /) -> bytes:
        if not self._head:
            return self._stream.read(size)
        if size < 0:
            data, self._head = self._head + self._stream.read(-1), b""
            return data
        data, self._head = self._head[:size], self._head[size:]
        return data if len(data) == size else data + self._stream.read(size - len(data))

    def readline(self, size: int, /) -> bytes:
        if not self._head:
            return self._stream.readline(size)
        end = self._head.find(b"\n", 0, size) + 1 or min(size, len(self._head))
        line, self._head = self._head[:end], self._head[end:]
        return (
            line
            if line.endswith(b"\n") or len(line) == size
            else line + self._stream.readline(size - len(line))
        )


def compression_of(stream: Peekable) -> str:
    """The suffix of what packed the stream, or ""."""
    head = stream.peek(4)
    return next((suffix for mark, suffix in _PACKED.items() if head.startswith(mark)), "")


def format_of(stream: Peekable) -> str:
    """The suffix that a file of this beginning would have. Waits for no more of the stream than that needs."""
    head = stream.peek(4).removeprefix(BOM)
    for mark, suffix in _OTHERS.items():
        if head.startswith(mark):
            return suffix
    if head.startswith(b"WARC"):
        return ".warc"
    line = stream.peek_line().removeprefix(BOM).strip()
    if line.startswith(b"{"):
        return ".jsonl" if _is_record(line) else ".txt"
    if line.startswith(b"<") or not line:
        return ".html" if _PAGE.match(stream.peek(_HEAD).removeprefix(BOM)) else ".txt"
    return ".txt"


def _is_record(line: bytes) -> bool:
    """Whether a line is a JSON object, or begins like one and is too long or broken to tell."""
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return re.match(rb'\{\s*"', line) is not None
