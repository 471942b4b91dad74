"""The reader, found and loaded: `mtscore-reader`, a distribution of its own that need not be installed."""

from __future__ import annotations

import os
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from mtscore.errors import ModelError

if TYPE_CHECKING:
    from mtscore.reading.reading import Reads

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
    reader_folder()
    try:
        from mtscore_reader import Reader, ReaderError
    except ImportError as error:
        raise ModelError(f"the reader cannot be used ({error}); {HOW_TO}") from error
    try:
        return Reader.load(threads=threads)
    except ReaderError as error:
        raise ModelError(f"{error}; {HOW_TO}") from error


def threads_for(jobs: int) -> int:
    """The threads of each of so many processes: together as many as there are processors."""
    try:
        processors = len(os.sched_getaffinity(0))
    except AttributeError:  # not on macOS and Windows
        processors = os.cpu_count() or 1
    return max(1, processors // jobs)
