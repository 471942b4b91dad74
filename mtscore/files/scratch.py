"""Where texts wait for a later step: in temporary files, or in memory where a process must leave no trace on disk."""

from __future__ import annotations

import io
import tempfile
from typing import IO, TextIO, cast

_is_kept_in_memory = False


def keep_in_memory() -> None:
    """From now on nothing of this process goes into temporary files."""
    global _is_kept_in_memory  # noqa: PLW0603  # a property of the process, set once when it starts
    _is_kept_in_memory = True


def binary_scratch() -> IO[bytes]:
    """An empty file for bytes, gone when it is closed."""
    return io.BytesIO() if _is_kept_in_memory else tempfile.TemporaryFile("w+b")


def text_scratch() -> TextIO:
    """An empty file for text, gone when it is closed."""
    if _is_kept_in_memory:
        return io.StringIO(newline="\n")
    return cast("TextIO", tempfile.TemporaryFile("w+", encoding="utf-8", newline="\n"))
