"""A page in the browser, and what went on in it that should not."""

from __future__ import annotations

from typing import Any


class WatchedPage:
    """An empty page that keeps its messages, errors and dialogs as `troubles`, and the addresses it asked for."""

    def __init__(self, browser: Any, timeout: int) -> None:
        """`timeout` is in milliseconds."""
        self.page = browser.new_page()
        self.page.set_default_timeout(timeout)
        self.troubles: list[str] = []
        self.requests: list[str] = []
        self.page.on("console", lambda message: self.troubles.append(message.text))
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))
        self.page.on("dialog", lambda dialog: self.troubles.append(dialog.message))
        self.page.on("request", lambda request: self.requests.append(request.url))
