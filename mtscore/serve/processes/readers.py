"""The processes that read: tasks wait in one line, and each process takes the next.

A thread beside each process hands it tasks and passes on what it says. A task that takes too long, or that its process
does not survive, costs that process, which is replaced, and itself: documents that were to be read with it are read
one by one. So one document can do no harm to others.
"""

from __future__ import annotations

import multiprocessing
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import Any

from mtscore.errors import ModelError
from mtscore.serve.processes.tasks import Message, Task
from mtscore.serve.processes.worker import run
from mtscore.serve.settings import Settings

LOADING = 300.0
"""Seconds that a process has to load its models."""

PULSE = 0.2
"""Seconds after which it is seen that an answer is not wanted any more."""

Deliver = Callable[[Message], object]
"""Takes the messages that answer a task, on any thread."""


@dataclass(eq=False)
class Job:
    """A task, who waits for its answer, and whether it is not wanted any more."""

    task: Task
    deliver: Deliver
    is_cancelled: threading.Event = field(default_factory=threading.Event)
    answered: int = 0  # verdicts that have come


@dataclass(eq=False)
class _Process:
    """One process that reads, and this end of its pipe."""

    process: Any
    connection: Any
    signature: Mapping[str, Any] = field(default_factory=dict)

    def end(self, patience: float) -> None:
        self.connection.close()
        self.process.join(patience)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()
        self.process.close()


class _Lost(Exception):  # noqa: N818  # the process is of no more use; says why
    pass


class Readers:
    """All processes. Use it as a context: leaving ends them."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._line: deque[Job] = deque()
        self._change = threading.Condition()
        self._is_open = True
        self._threads: list[threading.Thread] = []
        self.signature: Mapping[str, Any] = {}

    def __enter__(self) -> Readers:
        """Starts the processes, and returns when all can read. Raises `ModelError` when one cannot."""
        started = [_started(self._settings) for _ in range(self._settings.jobs)]
        try:
            for process in started:
                _wait_until_ready(process)
        except BaseException:
            for process in started:
                process.end(0.0)
            raise
        self.signature = started[0].signature
        self._threads = [
            threading.Thread(target=self._work, args=(process,), name=f"mtscore-reader-{number}", daemon=True)
            for number, process in enumerate(started)
        ]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        with self._change:
            self._is_open = False
            self._line.clear()
            self._change.notify_all()
        for thread in self._threads:
            thread.join()

    @property
    def waiting(self) -> int:
        """Tasks that no process has taken yet."""
        return len(self._line)

    def place(self, job: Job) -> int | None:
        """How many tasks are taken before this one; None when it has been taken."""
        with self._change:
            return self._line.index(job) if job in self._line else None

    def submit(self, job: Job) -> None:
        """Put a task at the end of the line."""
        with self._change:
            self._line.append(job)
            self._change.notify()

    def cancel(self, job: Job) -> None:
        """The answer is not wanted any more."""
        with self._change:
            job.is_cancelled.set()
            with suppress(ValueError):
                self._line.remove(job)

    def _next(self) -> Job | None:
        with self._change:
            while self._is_open and not self._line:
                self._change.wait()
            return self._line.popleft() if self._is_open else None

    def _work(self, process: _Process | None) -> None:
        """Task after task, until the service closes."""
        pieces: deque[Job] = deque()
        while job := pieces.popleft() if pieces else self._next():
            process = self._attempt(job, process, pieces)
        if process is not None:
            process.end(2.0)

    def _attempt(self, job: Job, process: _Process | None, pieces: deque[Job]) -> _Process | None:
        """Answer one task; returns the process for the next, None where it is lost. What is to be read once more is
        added to `pieces`."""
        try:
            if process is None:
                process = _started(self._settings)
                _wait_until_ready(process)
            self._answer(job, process)
        except (_Lost, ModelError) as error:
            if process is not None:
                process.process.kill()
                process.end(0.0)
            pieces.extend(_what_is_left(job, str(error)))
            return None
        return process

    def _answer(self, job: Job, process: _Process) -> None:
        """Hand a task over and pass on what comes back, until its end."""
        with _losing_it():
            process.connection.send(job.task)
        was_told = False
        limit = self._settings.time_limit * (len(job.task.given) if job.task.has_siblings else 1)
        last = time.monotonic()
        while True:
            if job.is_cancelled.is_set() and not self._is_open:
                raise _Lost("the service was stopped")
            if job.is_cancelled.is_set() and not was_told:
                was_told = True
                with _losing_it():
                    process.connection.send("stop")
            with _losing_it():
                message = process.connection.recv() if process.connection.poll(PULSE) else None
            if message is None:
                if time.monotonic() - last > limit:
                    raise _Lost(f"not read within {limit:g} seconds; split it into shorter texts")
                continue
            last = time.monotonic()
            if message.kind == "progress" and job.task.has_siblings:
                limit = self._settings.time_limit * max(1, message.value[1])
            job.answered += message.kind == "verdict"
            if not job.is_cancelled.is_set():
                job.deliver(message)
            if message.kind == "end":
                return


def _what_is_left(job: Job, why: str) -> list[Job]:
    """A task that was lost, document by document; where it cannot be taken apart, it is said why it has no answer."""
    task, left = job.task, job.task.given[job.answered :]
    if task.is_shown or task.has_siblings or len(left) < 2:
        job.deliver(Message("lost", why))
        job.deliver(Message("end"))
        return []
    delivers = [_without_end(job.deliver)] * (len(left) - 1) + [job.deliver]
    return [
        Job(replace(task, given=(given,)), deliver, job.is_cancelled)
        for given, deliver in zip(left, delivers, strict=True)
    ]


def _without_end(deliver: Deliver) -> Deliver:
    return lambda message: None if message.kind == "end" else deliver(message)


@contextmanager
def _losing_it() -> Iterator[None]:
    """Says that the process has died when its pipe is found broken."""
    try:
        yield
    except (EOFError, OSError) as error:
        raise _Lost("the process that read it has died, perhaps for lack of memory") from error


def _started(settings: Settings) -> _Process:
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=run, args=(there, settings), name="mtscore-reader", daemon=True)
    process.start()
    there.close()
    return _Process(process, here)


def _wait_until_ready(process: _Process) -> None:
    try:
        if not process.connection.poll(LOADING):
            raise ModelError(f"a process did not load its model within {LOADING:g} seconds")
        message = process.connection.recv()
    except (EOFError, OSError) as error:
        raise ModelError("a process ended while it loaded its model, perhaps for lack of memory") from error
    if message.kind != "ready":
        raise ModelError(str(message.value))
    process.signature = message.value
