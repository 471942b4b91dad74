"""What went wrong with a file, in words that say what to do."""

from __future__ import annotations

import gzip
import zlib

from mtscore.errors import InputError, OutputError
from mtscore.records import Document

READ_ERRORS = (OSError, EOFError, zlib.error, InputError)
"""What opening or reading a file raises; `reason` puts it in words."""


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


def unreadable(id: str, detail: str) -> Document:
    """The document that stands for what could not be read."""
    return Document(id, None, detail)


def cannot_write(path: str, error: Exception) -> OutputError:
    """What to raise when a file cannot be opened for writing."""
    why = getattr(error, "strerror", None) or error
    return OutputError(f"cannot write {path!r}: {why}; name a file in a folder that exists")
