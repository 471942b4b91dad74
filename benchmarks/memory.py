"""The memory of a process and all below it, sampled while it runs (Linux)."""

from __future__ import annotations

import os
import threading
from pathlib import Path

INTERVAL = 0.5
"""Seconds between two looks."""


class PeakMemory:
    """The largest sums of a process and all below it, in MiB. `proportional` counts a page that several processes
    share once in all (PSS); `resident` counts it for each of them (RSS), and so says too much."""

    def __init__(self, pid: int | None = None) -> None:
        """Watches this process, or the one named, from the beginning of a `with` block to its end."""
        self.proportional = self.resident = 0.0
        self._pid = os.getpid() if pid is None else pid
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> PeakMemory:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def __str__(self) -> str:
        return f"{self.proportional:.0f} MiB (pages counted for each process: {self.resident:.0f} MiB)"

    def _watch(self) -> None:
        while not self._stop.wait(INTERVAL):
            sizes = [_sizes(pid) for pid in (self._pid, *_descendants(self._pid))]
            self.proportional = max(self.proportional, sum(size["Pss"] for size in sizes) / 1024)
            self.resident = max(self.resident, sum(size["Rss"] for size in sizes) / 1024)


def _descendants(pid: int) -> list[int]:
    found = []
    for tasks in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in _read(tasks).split():
            found += [int(child), *_descendants(int(child))]
    return found


def _sizes(pid: int) -> dict[str, int]:
    """Proportional and resident size of one process in KiB, 0 once it has ended."""
    rows = (line.split() for line in _read(Path(f"/proc/{pid}/smaps_rollup")).splitlines()[1:])
    return {"Pss": 0, "Rss": 0} | {name.rstrip(":"): int(size) for name, size, *_ in rows}


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:  # the process has ended
        return ""
