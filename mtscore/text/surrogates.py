"""Lone surrogates: half characters that no model can read and no encoding can write."""

from __future__ import annotations

import re

_SURROGATE = re.compile(r"[\ud800-\udfff]")


def without_surrogates(text: str) -> str:
    """The text with U+FFFD in place of each lone surrogate: as long as before, so that offsets stay true."""
    return _SURROGATE.sub("\ufffd", text)
