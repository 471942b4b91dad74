"""Compressed files, read and written: a new compression is one entry in `OPENERS` and one line in `packed`."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import IO, Any

from mtscore.files.formats.record import Stream

_CHUNK = 1 << 20

Opener = Callable[[IO[bytes]], AbstractContextManager[Stream]]


def packed(raw: IO[bytes], compression: str) -> Any:
    """A stream that compresses what is written to it into `raw`, which stays open."""
    if compression == ".gz":
        return gzip.GzipFile("", "wb", 6, raw, mtime=0)
    if compression == ".zst":
        import zstandard

        return zstandard.ZstdCompressor().stream_writer(raw, closefd=False)
    return raw


def _gunzip(stream: IO[bytes]) -> gzip.GzipFile:
    return gzip.GzipFile(fileobj=stream, mode="rb")


def _unzstd(stream: IO[bytes]) -> io.BufferedReader:
    return io.BufferedReader(_Unzstd(stream), _CHUNK)


class _Unzstd(io.RawIOBase):
    """What a stream of zstd frames unpacks to. A frame that is cut off raises EOFError: the reader of the
    library itself would take it for the end."""

    _PIECE = 1 << 10
    """Bytes unpacked at a time: a bomb makes at most 32 MiB of them."""

    def __init__(self, stream: IO[bytes]) -> None:
        import zstandard

        self._stream = stream
        self._new_frame = zstandard.ZstdDecompressor(max_window_size=1 << 27).decompressobj
        self._error = zstandard.ZstdError
        self._frame = self._new_frame()
        self._is_inside = False
        self._left = b""
        self._unpacked = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._unpacked and self._unpack():
            pass
        size = min(len(buffer), len(self._unpacked))
        buffer[:size] = self._unpacked[:size]
        self._unpacked = self._unpacked[size:]
        return size

    def _unpack(self) -> bool:
        """Unpack a little more; whether there was any."""
        if self._frame.eof:
            self._left = self._frame.unused_data + self._left
            self._frame, self._is_inside = self._new_frame(), False
        piece = self._left or self._stream.read(self._PIECE)
        self._left = b""
        if not piece:
            if self._is_inside:
                raise EOFError
            return False
        self._is_inside = True
        try:
            self._unpacked = memoryview(self._frame.decompress(piece))
        except self._error as error:
            raise zlib.error(str(error)) from error
        return True


OPENERS: dict[str, Opener] = {".gz": _gunzip, ".zst": _unzstd}
"""What unpacks a file, by the suffix of its name."""
