"""The description of the service for programs: an OpenAPI 3.1 document."""

from __future__ import annotations

import json
from functools import lru_cache
from importlib import resources
from typing import Any

from mtscore.serve.settings import Settings
from mtscore.version import __version__


def document(settings: Settings) -> dict[str, Any]:
    """The document, with this service's version, readings and limits."""
    found: dict[str, Any] = json.loads(_text())
    found["info"]["version"] = __version__
    schemas = found["components"]["schemas"]
    schemas["Documents"]["properties"]["documents"]["maxItems"] = settings.max_documents
    schemas["Reading"] |= {"enum": list(settings.readings), "default": settings.reading}
    if settings.token is not None:
        found["security"] = [{"token": []}]
    return found


@lru_cache(maxsize=1)
def _text() -> str:
    return (resources.files("mtscore.serve") / "templates" / "openapi.json").read_text(encoding="utf-8")
