"""Who may talk to the service, and what browsers may do with its answers.

A page of another site can send requests to a service on the same machine; browsers say so in `Origin` and
`Sec-Fetch-Site`. A site can also make a name of its own stand for this machine ("DNS rebinding"): then `Host` has that
name. Both are refused before anything is read.
"""

from __future__ import annotations

import hmac
import re

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mtscore.serve.problems import Problem, failure
from mtscore.serve.settings import Settings, is_address, is_loopback

OPEN = ("/", "/healthz", "/openapi.json")
"""What needs no token: nothing in it is anybody's."""

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""On every answer that does not say otherwise."""

_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^\[\]:@/\s]+)(?::(\d{1,5}))?")


class Guard:
    """Stands before the application."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        has_begun = False

        async def send_guarded(message: Message) -> None:
            nonlocal has_begun
            if message["type"] == "http.response.start":
                has_begun = True
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            self._check(scope, Headers(scope=scope))
        except Problem as problem:
            await problem.response()(scope, receive, send_guarded)
            return
        try:
            await self._app(scope, receive, send_guarded)
        except ClientDisconnect:
            return
        except Exception as error:  # noqa: BLE001  # whoever logs it may quote what was pasted
            if not has_begun:
                await failure(error).response()(scope, receive, send_guarded)

    def _check(self, scope: Scope, headers: Headers) -> None:
        hosts = headers.getlist("host")
        found = _HOST.fullmatch(hosts[0]) if len(hosts) == 1 else None
        if found is None or not self._is_own(found[1].strip("[]").lower().rstrip(".")):
            raise Problem(421, "this service does not go by that name; see --allow-host")
        is_page = scope["method"] in ("GET", "HEAD") and scope["path"] in OPEN
        origin = headers.get("origin")
        if origin is not None and origin not in self._settings.origins:
            if origin.partition("://")[2].lower() != hosts[0].lower():
                raise Problem(403, "pages of other sites may not use this service; see --allow-origin")
        elif origin is None and not is_page and headers.get("sec-fetch-site") in ("cross-site", "same-site"):
            raise Problem(403, "pages of other sites may not use this service; see --allow-origin")
        if not (scope["path"] in OPEN or scope["method"] == "OPTIONS"):
            self._check_token(headers)

    def _is_own(self, name: str) -> bool:
        settings = self._settings
        if name in settings.names or name == settings.host.lower() or is_loopback(name):
            return True
        return not settings.is_local and is_address(name)

    def _check_token(self, headers: Headers) -> None:
        if self._settings.token is None:
            return
        scheme, _, token = headers.get("authorization", "").partition(" ")
        is_right = hmac.compare_digest(token.strip().encode(), self._settings.token.encode())
        if scheme.lower() != "bearer" or not is_right:
            raise Problem(
                401, "send the service's token: Authorization: Bearer TOKEN", {"WWW-Authenticate": "Bearer"}
            )
