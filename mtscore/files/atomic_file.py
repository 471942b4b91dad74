"""Result files that are there once they are complete, and until then as they were."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Literal, TextIO

from mtscore.files.reasons import cannot_write

SUFFIX = ".part"


@contextmanager
def open_atomically(path: str) -> Iterator[TextIO]:
    """A UTF-8 text file that takes its name only when the block ends well; otherwise nothing is left of it.

    A link is followed. Devices and pipes are written to as they are: replacing /dev/null by a file would be
    no favour.
    """
    target = os.path.realpath(path)
    if os.path.exists(target) and not os.path.isfile(target):
        with _open(target, "w", path) as stream:
            yield stream
        return
    part = unfinished(target)
    stream = _open(part, "x", path)
    try:
        with stream:
            yield stream
        os.replace(part, target)
    except BaseException:
        with suppress(OSError):
            os.unlink(part)
        raise


def _open(path: str, mode: Literal["w", "x"], shown: str) -> TextIO:
    try:
        return open(path, mode, encoding="utf-8", errors="backslashreplace", newline="\n")
    except (OSError, ValueError) as error:
        raise cannot_write(shown, error) from None


def unfinished(target: str) -> str:
    """A name beside `target` for what is to take its place."""
    folder, name = os.path.split(target)
    return os.path.join(folder, f".{name}.{os.urandom(4).hex()}{SUFFIX}")
