"""Work on several processes, in order, with little read ahead. No process outlives the one that it works for."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, TypeVar

from mtscore.errors import MtscoreError

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

READ_AHEAD = 3
"""Batches that are at work or wait for each process: enough that none is ever idle."""

IDLE_SECONDS = 300
"""How long processes wait for more work before they end."""

PULSE = 0.5
"""Seconds after which a worker looks whether the process that it works for is still there."""

Batch = TypeVar("Batch")
Result = TypeVar("Result")

_pools: dict[tuple[int, int], Any] = {}
"""The processes, by the process that they work for and their number."""
_lock = threading.Lock()


def in_processes(task: Callable[[Batch], Result], batches: Iterator[Batch], jobs: int) -> Iterator[Result]:
    """What `task` makes of each batch, in order. `task` goes to the processes and should be small. A single batch is
    worked on here."""
    first = list(islice(batches, READ_AHEAD * jobs))
    if len(first) < 2:
        yield from map(task, first)
        return
    from concurrent.futures.process import BrokenProcessPool

    pool = _pool(jobs)
    waiting = chain(iter(first), batches)
    del first
    try:
        yield from _in_order(pool, task, waiting, jobs)
    except BrokenProcessPool as error:
        _forget(pool)
        raise MtscoreError(
            "a process that scores has died, perhaps for lack of memory; try fewer jobs"
        ) from error


def in_threads(task: Callable[[Batch], Result], batches: Iterator[Batch], jobs: int) -> Iterator[Result]:
    """What `task` makes of each batch, in order, on so many threads: for work that leaves Python most of the time."""
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(jobs, thread_name_prefix="mtscore") as pool:
        yield from _in_order(pool, task, batches, jobs)


def _in_order(
    pool: Executor, task: Callable[[Batch], Result], batches: Iterator[Batch], jobs: int
) -> Iterator[Result]:
    """The results in the order of the batches, of which few wait."""
    running: deque[Future[Result]] = deque()
    try:
        running.extend(pool.submit(task, batch) for batch in islice(batches, READ_AHEAD * jobs))
        while running:
            result = running.popleft().result()
            running.extend(pool.submit(task, batch) for batch in islice(batches, 1))
            yield result
    finally:
        for future in running:
            future.cancel()


def _pool(jobs: int) -> Any:
    """So many processes, the same every time. They are joblib's, which start anywhere (in scripts without a guard, in
    notebooks), but not those that `joblib.Parallel` shares: it may stop those at any time."""
    from joblib.externals.loky import ProcessPoolExecutor

    key = os.getpid(), jobs
    with _lock:
        if key not in _pools:
            _pools[key] = ProcessPoolExecutor(
                jobs, timeout=IDLE_SECONDS, initializer=_end_with, initargs=(os.getpid(),)
            )
        return _pools[key]


def _forget(pool: Any) -> None:
    with _lock:
        for key in [key for key, other in _pools.items() if other is pool]:
            del _pools[key]


def _end_with(parent: int) -> None:
    """End this process soon after `parent`, however that ends: a killed process cannot tell its workers. On Windows,
    workers end when they have waited long enough."""
    if sys.platform == "win32":
        return

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(PULSE)
        os._exit(1)

    threading.Thread(target=watch, name="mtscore-parent", daemon=True).start()
