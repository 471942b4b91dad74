"""From tasks to answers: the messages of the processes that read, as they come, on the event loop."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import aclosing
from typing import Any

from starlette.requests import Request

from mtscore.records import Verdict
from mtscore.render.jsonl import to_json
from mtscore.serve.asked import Asked
from mtscore.serve.problems import Problem
from mtscore.serve.processes.readers import Job, Readers
from mtscore.serve.processes.tasks import Given, Message, Task

PULSE = 0.5
"""Seconds between two reports of progress."""

CHUNK = 32
"""Documents that one process reads together."""

_STATUS = {"refused": 413, "failed": 500, "lost": 422}


async def messages(
    readers: Readers, job: Job, queue: asyncio.Queue[Message]
) -> AsyncGenerator[Message | None, None]:
    """What is said of a job, and None after each `PULSE` of silence. Leaving early ends the work on it."""
    readers.submit(job)
    is_over = False
    try:
        while not is_over:
            try:
                message = await asyncio.wait_for(queue.get(), PULSE)
            except asyncio.TimeoutError:
                yield None
                continue
            is_over = message.kind == "end"
            if not is_over:
                yield message
    finally:
        if not is_over:
            readers.cancel(job)


def new_job(task: Task) -> tuple[Job, asyncio.Queue[Message]]:
    """A job whose messages arrive in a queue of the running event loop."""
    loop, queue = asyncio.get_running_loop(), asyncio.Queue[Message]()
    return Job(task, lambda message: loop.call_soon_threadsafe(queue.put_nowait, message)), queue


async def verdict_lines(readers: Readers, asked: Asked, request: Request) -> AsyncIterator[str]:
    """A verdict for each document, in order, as a line of JSON."""
    for task in _tasks(asked):
        answered = 0
        async with aclosing(messages(readers, *new_job(task))) as answer:
            async for message in answer:
                if message is None:
                    if await request.is_disconnected():
                        return
                elif message.kind == "verdict":
                    answered += 1
                    yield message.value
                elif message.kind == "lost":
                    for given in task.given[answered:]:
                        answered += 1
                        yield _not_read(given, message.value, readers)
                elif message.kind in _STATUS:
                    raise Problem(_STATUS[message.kind], message.value)


def _tasks(asked: Asked) -> Iterator[Task]:
    size = len(asked.given) if asked.has_siblings else CHUNK if asked.reading == "quick" else 1
    for start in range(0, len(asked.given), size):
        yield Task(asked.given[start : start + size], asked.reading, has_siblings=asked.has_siblings)


def _not_read(given: Given, why: str, readers: Readers) -> str:
    return to_json(Verdict(given.id, "cannot_tell", "unreadable", why, signature=readers.signature))


async def shown_events(readers: Readers, asked: Asked, request: Request) -> AsyncIterator[dict[str, Any]]:
    """What a person is shown of the documents, last; before that, at what point the work is."""
    task = Task(asked.given, asked.reading, is_shown=True, has_siblings=asked.has_siblings)
    job, queue = new_job(task)
    begun, done, total = time.monotonic(), 0, len(asked.given)
    async with aclosing(messages(readers, job, queue)) as answer:
        async for message in answer:
            if message is not None and message.kind == "shown":
                yield {"event": "done", **message.value}
                return
            if message is not None and message.kind in _STATUS:
                yield {"event": "problem", "status": _STATUS[message.kind], "detail": message.value}
                return
            if message is not None:
                done, total = message.value
            elif await request.is_disconnected():
                return
            place = readers.place(job)
            seconds = round(time.monotonic() - begun, 1)
            if place is not None:
                yield {"event": "waiting", "ahead": place, "seconds": seconds}
            else:
                yield {"event": "reading", "done": done, "of": total, "seconds": seconds}
