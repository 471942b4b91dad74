"""Locks that end with the process that holds them, however it ends.

They lie on an open file or folder itself, which `filelock` cannot do: it locks a file of its own, and empties it.
"""

from __future__ import annotations

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
