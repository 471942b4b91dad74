"""What is answered to a request that cannot be: a status and a sentence, as RFC 9457 has it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

MEDIA_TYPE = "application/problem+json"


class Problem(Exception):  # noqa: N818  # its name in the standard
    """Ends a request with a status of 4xx or 5xx and a sentence for a person."""

    def __init__(self, status: int, sentence: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(sentence)
        self.status = status
        self.headers = dict(headers or {})

    @property
    def body(self) -> dict[str, str | int]:
        """The problem as JSON."""
        title = HTTPStatus(self.status).phrase
        return {"type": "about:blank", "title": title, "status": self.status, "detail": str(self)}

    def response(self) -> Response:
        """The problem as it is sent."""
        return Response(json.dumps(self.body), self.status, self.headers, MEDIA_TYPE)


async def on_problem(request: Request, error: Exception) -> Response:
    """A problem that a request ran into."""
    assert isinstance(error, Problem)
    return error.response()


async def on_http_exception(request: Request, error: Exception) -> Response:
    """What the framework refuses by itself: addresses and methods that are not there."""
    assert isinstance(error, HTTPException)
    sentences = {
        404: "there is nothing at this address; /openapi.json says what there is",
        405: "this address does not take that method; /openapi.json says which it takes",
    }
    sentence = sentences.get(error.status_code, "the request cannot be answered")
    return Problem(error.status_code, sentence, error.headers).response()


def failure(error: Exception) -> Problem:
    """A bug. Its message may quote what was pasted, and goes nowhere."""
    return Problem(500, f"mtscore failed on this ({type(error).__name__}); please report it as a bug")
