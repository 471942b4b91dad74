"""How many requests are inside at a time, and how much they may bring: what is beyond that is told to come back."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager

import anyio
from starlette.requests import ClientDisconnect, Request

from mtscore.serve.problems import Problem
from mtscore.serve.settings import Settings

_BODIES = 4
"""The longest requests that are held at a time."""

_READ_ANYWAY = 4
"""Requests up to so many times the limit are read to their end and thrown away: who still sends hears no answer."""

_LONGEST_WAIT = 60


class Door:
    """Lets requests in, one after the other, as long as there is room."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.inside = 0
        self._bytes = 0
        self._seconds = 1.0  # that a request took lately

    @contextmanager
    def enter(self) -> Iterator[Visit]:
        """Room for one request for as long as it is answered. Raises a problem of status 429 where there is none."""
        if self.inside >= self._settings.queue:
            raise self._come_back(
                f"{self.inside} requests are being answered or wait, as many as there may be"
            )
        visit, begun = Visit(self, self._settings), time.monotonic()
        self.inside += 1
        try:
            yield visit
        finally:
            self.inside -= 1
            self._bytes -= visit.size
            self._seconds += 0.1 * (time.monotonic() - begun - self._seconds)

    def take(self, size: int) -> None:
        """Room for so many bytes more."""
        if self._bytes + size > _BODIES * self._settings.max_body:
            raise self._come_back("the requests that wait are too long already")
        self._bytes += size

    def _come_back(self, why: str) -> Problem:
        seconds = min(max(1, math.ceil(self._seconds)), _LONGEST_WAIT)
        return Problem(429, f"{why}; try again in {seconds} s", {"Retry-After": str(seconds)})


class Visit:
    """One request inside."""

    def __init__(self, door: Door, settings: Settings) -> None:
        self._door = door
        self._limit = settings.max_body
        self._patience = settings.time_limit
        self.size = 0

    async def body(self, request: Request) -> bytes:
        """What the request brings. Raises a problem when it is too long, or does not come in time."""
        if request.headers.get("content-encoding", "identity") != "identity":
            raise Problem(415, "send the request as it is, not compressed")
        length = request.headers.get("content-length", "")
        if length.isdecimal() and int(length) > _READ_ANYWAY * self._limit:
            raise self._too_long()
        try:
            with anyio.fail_after(self._patience):
                return await self._read(request)
        except TimeoutError as error:
            raise Problem(408, f"the request did not come within {self._patience:g} seconds") from error
        except ClientDisconnect as error:
            raise Problem(400, "the request broke off") from error

    async def _read(self, request: Request) -> bytes:
        pieces, total = [], 0
        async for piece in request.stream():
            total += len(piece)
            if total > _READ_ANYWAY * self._limit:
                raise self._too_long()
            if total <= self._limit:
                self._door.take(len(piece))
                self.size += len(piece)
                pieces.append(piece)
            else:
                pieces.clear()
        if total > self._limit:
            raise self._too_long()
        return b"".join(pieces)

    def _too_long(self) -> Problem:
        return Problem(
            413, f"the request has more than {self._limit:,} bytes; send fewer or shorter texts at a time"
        )
