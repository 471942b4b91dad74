"""Folders that are there once they are complete, and until then as they were.

A new folder is filled beside its place, brought to disk, and put there in one step: on Linux and macOS old and
new change places, so that whoever looks at any moment, or after a power cut, finds one of the two whole. What a
killed run leaves behind is removed by the next.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from mtscore.errors import OutputError
from mtscore.files.atomic_file import SUFFIX, unfinished
from mtscore.files.locks import has_locks, try_lock

_AT_FDCWD, _EXCHANGE = -100, 2


@contextmanager
def swapped_in(target: Path) -> Iterator[Path]:
    """An empty folder to fill, which takes the place of `target` when the block ends well; otherwise nothing
    is left of it. Raises `OutputError` when it cannot be written there."""
    place = Path(os.path.realpath(target))
    part = Path(unfinished(str(place)))
    try:
        with _our_own(part):
            sweep(place)
            yield part
            _sync(part)
            _put(part, place)
            sync_folder(place.parent)
    except OSError as error:
        raise OutputError(
            f"cannot write {str(target)!r}: {error.strerror or error}; name a folder in one that exists"
        ) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)


def sweep(place: Path) -> None:
    """Remove what killed runs left beside `place`; what a living process fills stays."""
    for left in place.parent.glob(f".{place.name}.*{SUFFIX}"):
        handle = _locked(left)
        if handle is not None:
            shutil.rmtree(left, ignore_errors=True)
            os.close(handle)


def sync_folder(folder: Path) -> None:
    """Bring the names in a folder to disk, where the system can."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextmanager
def _our_own(part: Path) -> Iterator[None]:
    """The folder, made, and locked as long as the block lasts or the process lives."""
    part.mkdir()
    handle = _locked(part)
    try:
        yield
    finally:
        if handle is not None:
            os.close(handle)


def _locked(folder: Path) -> int | None:
    """An open handle that locks the folder; None when another process has it, or the system has no locks."""
    if not has_locks():
        return None
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        if try_lock(handle):
            return handle
        os.close(handle)
    return None


def _sync(folder: Path) -> None:
    for path in folder.iterdir():
        with path.open("rb+") as file:
            os.fsync(file.fileno())
    sync_folder(folder)


def _put(part: Path, place: Path) -> None:
    """`part` at `place`; what was there is then at `part`."""
    if not place.exists():
        os.rename(part, place)
    elif not _exchange(part, place):  # no such call here: for an instant, neither has the name
        old = part.with_name(part.name + ".old")
        os.rename(place, old)
        os.rename(part, place)
        shutil.rmtree(old, ignore_errors=True)


def _exchange(one: Path, other: Path) -> bool:
    """Let two folders change places in one step; False where the system has no call for it."""
    library = ctypes.CDLL(None, use_errno=True)
    names = os.fsencode(one), os.fsencode(other)
    if sys.platform == "darwin" and hasattr(library, "renamex_np"):
        return bool(library.renamex_np(*names, _EXCHANGE) == 0)
    if sys.platform == "linux" and hasattr(library, "renameat2"):
        return bool(library.renameat2(_AT_FDCWD, names[0], _AT_FDCWD, names[1], _EXCHANGE) == 0)
    return False
