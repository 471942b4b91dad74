"""The reader, found and loaded: `mtscore-reader`, a distribution of its own that need not be installed."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from mtscore.errors import ModelError

if TYPE_CHECKING:
    from mtscore.reading.reading import RawReading, Reads

PACKAGE = "mtscore_reader"
HOW_TO = "install it from the repository with: pip install ./models/reader"


def is_installed() -> bool:
    """Whether the reader is there. Nothing of it is imported."""
    return find_spec(PACKAGE) is not None


def reader_folder() -> Path:
    """The folder of the installed reader's files. Raises `ModelError` without one."""
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise ModelError(f"close reading needs the reader, which is not installed; {HOW_TO}")
    return Path(spec.origin).parent / "data"


@lru_cache(maxsize=2)
def load_reader(threads: int) -> Reads:
    """The installed reader, one a process. Raises `ModelError` when it is missing or damaged."""
    with _told():
        from mtscore_reader import Reader

        return Reader.load(threads=threads)


@contextmanager
def _told() -> Iterator[None]:
    """What is wrong with the reader, as `ModelError`."""
    reader_folder()
    try:
        from mtscore_reader import ReaderError
    except ImportError as error:
        raise ModelError(f"the reader cannot be used ({error}); {HOW_TO}") from error
    try:
        yield
    except ReaderError as error:
        raise ModelError(f"{error}; {HOW_TO}") from error


class InstalledReader:
    """The installed reader, its files checked. The weights are loaded for the first text, once in a process; several
    threads may read at once. Raises `ModelError` when it is missing or damaged."""

    def __init__(self, threads: int | None = None) -> None:
        """`threads` are those of one reading; None: as many as there are processors for each that reads at once."""
        with _told():
            from mtscore_reader import verified

            self.digest = str(verified()["digest"])
        self._threads, self._readers = threads, 1
        self._lock = Lock()

    def share(self, readers: int) -> None:
        """So many threads will read at once."""
        self._readers = readers

    def read(
        self,
        text: str,
        sentences: Sequence[tuple[int, int]] | None = None,
        *,
        most_windows: int | None = None,
    ) -> RawReading:
        """What `mtscore_reader.Reader.read` says."""
        with self._lock:
            reader = load_reader(self._threads or threads_for(self._readers))
        return reader.read(text, sentences, most_windows=most_windows)


def threads_for(jobs: int) -> int:
    """The threads of each of so many that read at once: together as many as there are processors."""
    try:
        processors = len(os.sched_getaffinity(0))
    except AttributeError:  # not on macOS and Windows
        processors = os.cpu_count() or 1
    return max(1, processors // jobs)
