"""A progress bar on stderr for work that turns out to be long."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

_T = TypeVar("_T")

DELAY = 2.0
"""Seconds without a bar: most work is over by then."""


class Meter:
    """Counts the bytes that were read, for the bar to show against `total` (None: not known)."""

    def __init__(self, total: int | None) -> None:
        self.total = total
        self.done = 0
        self.on_change: Callable[[], object] = lambda: None

    def __call__(self, size: int) -> None:
        self.done += size
        self.on_change()


def with_progress(items: Iterable[_T], meter: Meter) -> Iterator[_T]:
    """`items`, with a bar on stderr after `DELAY` seconds until they end. It moves with what is read, too: siblings are
    all read before the first verdict comes."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    bar = Progress(
        TextColumn("{task.fields[count]:,} scored"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %" if meter.total else ""),
        TimeElapsedColumn(),
        TimeRemainingColumn() if meter.total else TextColumn(""),
        console=Console(file=sys.stderr),
        transient=True,
    )
    task = bar.add_task("", total=meter.total, count=0)
    begun, count = time.monotonic(), 0

    def show() -> None:
        if not bar.live.is_started and time.monotonic() - begun > DELAY:
            bar.start()
        if bar.live.is_started:
            bar.update(task, completed=meter.done, count=count)

    meter.on_change = show
    try:
        for count, item in enumerate(items, start=1):  # noqa: B007  # `show` shows it
            show()
            yield item
    finally:
        bar.stop()
