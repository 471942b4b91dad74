"""Which files of a folder are new and complete.

A file is complete when nothing has changed about it for a while. What notifies of changes is only taken as a reason to
look: events are lost when there are many, and differ from system to system, but what stands in the folder does not
lie.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

from mtscore.files.documents import SUFFIXES
from mtscore.files.paths import expand


class Stamp(NamedTuple):
    """What tells that a file is still the same, also under another name."""

    size: int
    modified: int
    """Nanoseconds."""
    device: int
    inode: int


def stamp_of(path: str) -> Stamp | None:
    """The file's stamp; None where there is none (any more)."""
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return None
    return Stamp(status.st_size, status.st_mtime_ns, status.st_dev, status.st_ino)


class Arrivals:
    """The files of a folder that wait until they are complete."""

    def __init__(
        self,
        folder: str,
        is_done: Callable[[str, Stamp], bool],
        *,
        settle: float,
        ignored: frozenset[str] = frozenset(),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`settle`: seconds without a change after which a file is complete. `ignored` are real paths."""
        self._folder = folder
        self._is_done = is_done
        self._settle = settle
        self._ignored = ignored
        self._clock = clock
        self._waiting: dict[str, tuple[Stamp, float]] = {}

    @property
    def is_waiting(self) -> bool:
        """Whether some file is not complete yet."""
        return bool(self._waiting)

    def look(self) -> None:
        """Take note of what is in the folder and not done. Hidden files, and those in no format that is read, are
        left alone: that is what unfinished ones are called."""
        for path in expand(self._folder, SUFFIXES):
            if isinstance(path, str) and path not in self._waiting:
                stamp = stamp_of(path)
                is_new = stamp is not None and not self._is_done(path, stamp)
                if stamp is not None and is_new and os.path.realpath(path) not in self._ignored:
                    self._waiting[path] = stamp, self._clock()

    def complete(self) -> Iterator[tuple[str, Stamp]]:
        """The files that are complete now, in the order in which they were found. They wait no longer."""
        for path, (stamp, since) in list(self._waiting.items()):
            current = stamp_of(path)
            if current is None:
                del self._waiting[path]  # deleted or renamed
            elif current != stamp:
                self._waiting[path] = current, self._clock()
            elif self._clock() - since >= self._settle:
                del self._waiting[path]
                if not self._is_done(path, stamp):
                    yield path, stamp

    def wait_for(self, path: str, stamp: Stamp) -> None:
        """The file has changed while it was read: it is not complete."""
        self._waiting[path] = stamp, self._clock()
