"""The page that people paste into. It is the same for everybody, holds nothing of anybody, and loads nothing.

Verdicts come as the page that `mtscore explain --html` writes, and are shown in a frame that is a site of its own:
whatever stands in an article can reach neither this page nor the service.
"""

from __future__ import annotations

import base64
import hashlib
from functools import lru_cache
from importlib import resources

from mtscore.render.html.page import own_policy


@lru_cache(maxsize=1)
def page() -> str:
    """The page with its style and script in it."""
    return (
        _file("shell.html").replace("/*STYLE*/", _file("shell.css")).replace("/*SCRIPT*/", _file("shell.js"))
    )


@lru_cache(maxsize=1)
def policy() -> str:
    """What the page may do, and the verdict pages in it, whose frame inherits this policy."""
    allowed = {
        "default-src": ["'none'"],
        "style-src": [_source("shell.css")],
        "script-src": [_source("shell.js")],
        "connect-src": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
    for directive in own_policy().split(";"):
        name, *sources = directive.split()
        known = allowed.setdefault(name, [])
        known += [source for source in sources if source not in known]
    for sources in allowed.values():
        if len(sources) > 1 and "'none'" in sources:
            sources.remove("'none'")
    return "; ".join(f"{name} {' '.join(sources)}" for name, sources in allowed.items())


def _file(name: str) -> str:
    return (resources.files("mtscore.serve") / "templates" / name).read_text(encoding="utf-8")


def _source(name: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(_file(name).encode()).digest()).decode()}'"
