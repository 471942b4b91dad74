"""Locks that end with the process that holds them, however it ends.

They lie on an open file or folder itself, which the library `filelock` cannot do (it empties what it locks); and a
lock file goes when it is not needed any more (`filelock` leaves it).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec


def has_locks() -> bool:
    """Whether the system has such locks (Windows has not)."""
    return find_spec("fcntl") is not None


def try_lock(handle: int) -> bool:
    """Lock an open file or folder for this process, until the handle is closed; False when another one has it. True
    where the system has no locks."""
    if not has_locks():
        return True
    import fcntl

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


@contextmanager
def lock_file(path: str) -> Iterator[bool]:
    """A locked file at `path` for as long as the block lasts; False where another process has it."""
    handle = _locked(path)
    try:
        yield handle is not None
    finally:
        if handle is not None:
            with suppress(OSError):
                os.unlink(path)
            os.close(handle)


def _locked(path: str) -> int | None:
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        if not try_lock(handle):
            os.close(handle)
            return None
        with suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(handle), os.stat(path)):
                return handle
        os.close(handle)  # the one who had it has removed it in the meantime
