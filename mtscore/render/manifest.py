"""A model folder's manifest for people: what the model is, where it comes from and how well it does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mtscore.render.terminal import clip, sanitize

MAX_LISTED = 12
"""Items of a list that are written out; of longer ones only the number is shown."""

_INDENT = "  "


def describe_manifest(manifest: Mapping[str, Any]) -> str:
    """The manifest as indented `name: value` lines, in its own order, with a line end."""
    return "".join(line + "\n" for line in _lines(manifest, ""))


def _lines(values: Mapping[str, Any], indent: str) -> Iterator[str]:
    for name, value in values.items():
        title = f"{indent}{sanitize(str(name)).replace('_', ' ')}:"
        if isinstance(value, Mapping):
            yield title
            yield from _lines(value, indent + _INDENT)
        elif isinstance(value, list) and any(isinstance(item, (Mapping, list)) for item in value):
            yield title
            for number, item in enumerate(value, start=1):
                yield from _lines({str(number): item}, indent + _INDENT)
        elif isinstance(value, list):
            is_short = len(value) <= MAX_LISTED
            yield f"{title} {', '.join(map(_scalar, value))}" if is_short else f"{title} {len(value)} items"
        else:
            yield f"{title} {_scalar(value)}"


def _scalar(value: Any) -> str:
    if value is None:
        return "-"
    return f"{value:.6g}" if isinstance(value, float) else clip(str(value), 400)
