"""Files, folders, patterns and standard input to documents, one at a time.

Whatever cannot be read becomes a `Document` without text whose `detail` says why, in its place: nothing is
dropped, nothing is fatal, so that one bad file never costs the verdicts of the others. A new format is one
entry in `READERS` (in `rows.ROW_READERS`, if it has many records), a new compression one in `OPENERS`.
"""

from __future__ import annotations

import glob
import gzip
import io
import os
import re
import stat
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import partial
from typing import IO, Any

from mtscore.errors import InputError
from mtscore.files.rows import BOM, ROW_READERS, Options, RowReader, Stream, too_long
from mtscore.records import Document

MAX_BYTES = 64 * 1024 * 1024
"""Longest text file, or record of a file of many, that is read (bytes, after decompression)."""

STDIN = "-"
_SUFFIX = re.compile(r"\.[a-z0-9]{1,8}$")
_CHUNK = 1 << 20
READ_ERRORS = (OSError, EOFError, zlib.error, InputError)
"""What opening or reading a file raises; `reason` puts it in words."""


OnRead = Callable[[int], object]
"""Called with the number of bytes (as stored, so compressed ones count as such) each time some are read."""


Reader = Callable[[Stream, str, Options], Iterator[Document]]
Opener = Callable[[IO[bytes]], AbstractContextManager[Stream]]


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
        for found in _expand(path):
            if isinstance(found, Document):
                yield found
            else:
                yield from _read_path(found, options, on_read)


def input_files(paths: Iterable[str]) -> Iterator[str]:
    """The files that `read_documents` would try to read, and "-" for standard input."""
    for path in paths:
        yield from (found for found in _expand(path) if not isinstance(found, Document))


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


# What a path stands for


def _expand(path: str) -> Iterator[str | Document]:
    """The files that `path` stands for, or the reason why there are none."""
    if path == STDIN:
        yield path
    elif os.path.isdir(path):
        yield from _walk(path)
    elif glob.has_magic(path) and not os.path.lexists(path):
        matches = sorted(glob.glob(path, recursive=True))
        if not matches:
            yield _unreadable(path, "no file matches this pattern; check the spelling")
        for match in matches:
            yield from _walk(match) if os.path.isdir(match) else (match,)
    else:
        yield path


def _walk(folder: str) -> Iterator[str | Document]:
    """The readable files below `folder`, in the order of their names. Links to folders are not followed."""
    is_empty = True
    pending = [folder]
    while pending:
        path = pending.pop()
        if path != folder and not os.path.isdir(path):
            is_empty = False
            yield path
            continue
        try:
            with os.scandir(path) as entries:
                wanted = [entry for entry in entries if _is_wanted(entry)]
        except OSError as error:
            is_empty = False
            yield _unreadable(path, f"the folder cannot be listed ({reason(error)})")
            continue
        pending += [entry.path for entry in sorted(wanted, key=lambda entry: entry.name, reverse=True)]
    if is_empty:
        yield _unreadable(folder, f"a folder without readable files; known are {_known_suffixes()}")


def _is_wanted(entry: os.DirEntry[str]) -> bool:
    if entry.name.startswith("."):
        return False
    if entry.is_dir(follow_symlinks=False):
        return True
    is_broken_link = entry.is_symlink() and not os.path.exists(entry.path)
    return (entry.is_file() or is_broken_link) and input_format(entry.name)[0] in READERS


def input_format(path: str) -> tuple[str, str]:
    """The suffix that tells the format and the one that tells the compression, in lower case; each may be
    empty. "News.JSONL.gz" gives (".jsonl", ".gz")."""
    name = os.path.basename(path).lower()
    compression = next((suffix for suffix in OPENERS if name.endswith(suffix)), "")
    found = _SUFFIX.search(name[: len(name) - len(compression)])
    return (found[0] if found else ""), compression


def _known_suffixes() -> str:
    return f"{', '.join(READERS)}, each also with {' or '.join(OPENERS)}"


# One file


def _read_path(path: str, options: Options, on_read: OnRead | None) -> Iterator[Document]:
    suffix, compression = input_format(path)
    # A file without a suffix can only have been named on purpose (a pipe such as /dev/fd/63, "README").
    reader = _read_text if path == STDIN or not suffix else READERS.get(suffix)
    if reader is None:
        yield _unreadable(
            path, f"unknown suffix {suffix}; known are {_known_suffixes()}; or pipe its text to -"
        )
        return
    count = 0
    try:
        with open_input(path, compression, on_read) as stream:
            for document in reader(stream, path, options):
                yield document
                count += 1
    except READ_ERRORS as error:
        doubt = "" if isinstance(error, EOFError) else ", and may be wrong too"
        progress = f"; {count} records were read before{doubt}" if count else ""
        yield _unreadable(_name(path), reason(error) + progress)


@contextmanager
def open_input(path: str, compression: str, on_read: OnRead | None) -> Iterator[Stream]:
    if path == STDIN:
        if sys.stdin is None:
            raise OSError("standard input is closed")
        yield sys.stdin.buffer
        return
    if "\0" in path:
        raise FileNotFoundError
    with (
        open(path, "rb", buffering=0) as raw,
        io.BufferedReader(_Counted(raw, on_read) if on_read else raw, _CHUNK) as stream,
    ):
        if compression:
            with OPENERS[compression](stream) as unpacked:
                yield unpacked
        else:
            yield stream


class _Counted(io.RawIOBase):
    """A raw stream that reports how much was read, for progress bars."""

    def __init__(self, raw: io.FileIO, on_read: OnRead) -> None:
        self._raw = raw
        self._on_read = on_read

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return self._raw.seekable()

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._raw.seek(offset, whence)

    def readinto(self, buffer: Any) -> int | None:
        size = self._raw.readinto(buffer)
        self._on_read(size or 0)
        return size

    def close(self) -> None:
        self._raw.close()
        super().close()


def _name(path: str) -> str:
    return "stdin" if path == STDIN else path


def _unreadable(id: str, detail: str) -> Document:
    return Document(id, None, detail)


def reason(error: Exception) -> str:
    """An exception of opening or reading a file, in words that say what to do."""
    if isinstance(error, FileNotFoundError):
        return "no such file or folder; check the spelling"
    if isinstance(error, PermissionError):
        return "no permission to read it"
    if isinstance(error, EOFError):
        return "the compressed data ends too soon; fetch the file again"
    if isinstance(error, (zlib.error, gzip.BadGzipFile)):
        return f"the compressed data is damaged ({error}); fetch the file again"
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


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


# Readers: one for each format


def _read_text(stream: Stream, path: str, options: Options, *, is_html: bool = False) -> Iterator[Document]:
    data = stream.read(options.max_bytes + 1)
    if len(data) > options.max_bytes:
        yield _unreadable(_name(path), too_long(options.max_bytes))
        return
    text, problem = _decode(data)
    if problem is None and "\0" in text:
        problem = f"a NUL byte at offset {data.index(0)}: binary, or UTF-16 text; give it as UTF-8 text"
    yield Document(_name(path), None if problem else text, problem, is_html)


def _read_html(stream: Stream, path: str, options: Options) -> Iterator[Document]:
    return _read_text(stream, path, options, is_html=True)


def _read_rows(read: RowReader, stream: Stream, path: str, options: Options) -> Iterator[Document]:
    is_empty = True
    for row in read(stream, _name(path), options):
        if row.number:  # not the header
            yield Document(row.id, row.text, row.problem)
            is_empty = False
    if is_empty:
        yield Document(path, "")


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


READERS: dict[str, Reader] = {
    ".txt": _read_text,
    ".md": _read_text,
    ".html": _read_html,
    ".htm": _read_html,
    **{suffix: partial(_read_rows, reader) for suffix, reader in ROW_READERS.items()},
}
OPENERS: dict[str, Opener] = {".gz": _gunzip, ".zst": _unzstd}
