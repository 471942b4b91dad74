"""The addresses of the service, and what each answers."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack
from functools import partial
from typing import TypeVar

from anyio import to_thread
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from mtscore.errors import InputError, MtscoreError
from mtscore.render.html.page import own_policy
from mtscore.serve import openapi, shell
from mtscore.serve.answers import shown_events, verdict_lines
from mtscore.serve.asked import Asked, asked, label_asked
from mtscore.serve.door import Door, Visit
from mtscore.serve.guard import Guard
from mtscore.serve.labels import Labels
from mtscore.serve.problems import Problem, on_http_exception, on_problem
from mtscore.serve.processes.comparison import compared
from mtscore.serve.processes.readers import Readers
from mtscore.serve.settings import Settings
from mtscore.version import __version__

NDJSON = "application/x-ndjson"

T = TypeVar("T")


def application(settings: Settings, readers: Readers, labels: Labels) -> Guard:
    """The whole service; `readers` are at work already."""
    service = Service(settings, readers, labels)
    routes = [
        Route("/", service.page),
        Route("/healthz", service.health),
        Route("/openapi.json", service.description),
        Route("/v1/info", service.info),
        Route("/v1/score", service.score, methods=["POST"]),
        Route("/v1/explain", service.explain, methods=["POST"]),
        Route("/v1/labels", service.label, methods=["POST"]),
        Route("/v1/compare", service.compare, methods=["POST"]),
    ]
    cross_site = Middleware(
        CORSMiddleware,
        allow_origins=list(settings.origins),
        allow_methods=["GET", "POST"],
        allow_headers=["Authorization", "Content-Type"],
        expose_headers=["Retry-After"],
    )
    app = Starlette(
        routes=routes,
        middleware=[cross_site] if settings.origins else [],
        exception_handlers={Problem: on_problem, HTTPException: on_http_exception},
    )
    app.router.redirect_slashes = False
    return Guard(app, settings)


class Service:
    """What the addresses share."""

    def __init__(self, settings: Settings, readers: Readers, labels: Labels) -> None:
        self._settings = settings
        self._readers = readers
        self._labels = labels
        self._door = Door(settings)
        self._is_comparing = False

    async def page(self, request: Request) -> Response:
        """The page to paste into."""
        return Response(
            shell.page(), headers={"Content-Security-Policy": shell.policy()}, media_type="text/html"
        )

    async def health(self, request: Request) -> Response:
        """That the service is there."""
        return JSONResponse({"status": "ok", "version": __version__, "requests": self._door.inside})

    async def description(self, request: Request) -> Response:
        """The OpenAPI document."""
        return JSONResponse(openapi.document(self._settings))

    async def info(self, request: Request) -> Response:
        """What the page needs to know of the service."""
        settings = self._settings
        counts = await to_thread.run_sync(_told, self._labels.counts)
        return JSONResponse(
            {
                "signature": dict(self._readers.signature),
                "readings": list(settings.readings),
                "reading": settings.reading,
                "labels": {"file": str(self._labels.path), **counts},
                "can_compare": settings.compare is not None,
                "max_bytes": settings.max_bytes,
                "max_body": settings.max_body,
            }
        )

    async def score(self, request: Request) -> Response:
        """One verdict, several, or a stream of them."""
        with ExitStack() as stay:
            given = await self._asked(request, stay.enter_context(self._door.enter()))
            lines = verdict_lines(self._readers, given, request)
            if _wants(request, NDJSON):
                return Streamed(_as_long_as_it_goes(lines), stay.pop_all())
            all_lines = [line async for line in lines]
        if given.is_single and len(all_lines) == 1:
            return Response(all_lines[0], media_type="application/json")
        return Response(f'{{"verdicts": [{",".join(all_lines)}]}}', media_type="application/json")

    async def explain(self, request: Request) -> Response:
        """The page on what was sent; or, as a stream, how far the work is and then all that a person is shown."""
        with ExitStack() as stay:
            given = await self._asked(request, stay.enter_context(self._door.enter()))
            events = shown_events(self._readers, given, request)
            if _wants(request, NDJSON):
                return Streamed((json.dumps(event) + "\n" async for event in events), stay.pop_all())
            async for event in events:
                if event["event"] == "problem":
                    raise Problem(event["status"], event["detail"])
                if event["event"] == "done":
                    return _page(event["page"])
        raise Problem(400, "the request broke off")

    async def label(self, request: Request) -> Response:
        """Save a label, or take it back; it is on disk when this answers."""
        with self._door.enter() as visit:
            record = label_asked(await visit.body(request), _media_type(request))
            keep = partial(self._labels.take_back, record["text"])
            if record["label"] is not None:
                keep = partial(self._labels.save, record)
            return JSONResponse(await to_thread.run_sync(_told, keep))

    async def compare(self, request: Request) -> Response:
        """A page that compares two models on the saved labels."""
        if self._settings.compare is None:
            raise Problem(409, "start the service with --compare DIR to compare its model with another")
        if self._is_comparing:
            raise Problem(429, "the models are being compared already", {"Retry-After": "10"})
        self._is_comparing = True
        try:
            return _page(await to_thread.run_sync(_told, partial(compared, self._settings)))
        finally:
            self._is_comparing = False

    async def _asked(self, request: Request, visit: Visit) -> Asked:
        body = await visit.body(request)
        return asked(body, _media_type(request), self._settings)


class Streamed(StreamingResponse):
    """Lines of JSON, one after the other; the request stays inside until the last has gone."""

    def __init__(self, lines: AsyncIterator[str], stay: ExitStack) -> None:
        super().__init__(lines, media_type=NDJSON)
        self._stay = stay

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self._stay:
            await super().__call__(scope, receive, send)


async def _as_long_as_it_goes(lines: AsyncIterator[str]) -> AsyncIterator[str]:
    """Lines with their ends; the last says so if there cannot be more."""
    try:
        async for line in lines:
            yield line + "\n"
    except Problem as problem:
        yield json.dumps(problem.body) + "\n"


def _told(work: Callable[[], T]) -> T:
    """What `work` returns; what goes wrong with files is told."""
    try:
        return work()
    except MtscoreError as error:
        raise Problem(409 if isinstance(error, InputError) else 503, str(error)) from error


def _page(html: str) -> Response:
    """A page that can do nothing to the service: to browsers it is a site of its own."""
    policy = f"{own_policy()}; frame-ancestors 'none'; sandbox allow-scripts allow-downloads"
    return Response(html, headers={"Content-Security-Policy": policy}, media_type="text/html")


def _media_type(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def _wants(request: Request, media_type: str) -> bool:
    return media_type in request.headers.get("accept", "").lower()
