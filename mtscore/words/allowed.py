"""Names and terms that a user knows to be right: what they cover is no finding."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from mtscore.errors import InputError

AROUND = 200
"""Characters beside a finding in which a longer term may begin or end."""


@dataclass(frozen=True)
class Allowed:
    """The terms, in small letters and alphabetical order, each once; of one word or several."""

    terms: tuple[str, ...] = ()

    @classmethod
    def of(cls, source: str | os.PathLike[str] | Iterable[str] | Allowed | None) -> Allowed:
        """The terms of a text file, one a line (empty lines and those that begin with # say nothing), or those
        given. Raises `InputError` where they cannot be read."""
        if source is None:
            return cls()
        if isinstance(source, Allowed):
            return source
        if isinstance(source, str | os.PathLike):
            source = _lines(Path(source))
        if not isinstance(source, Iterable):
            raise InputError(f"names and terms are a list or a file's path, not {type(source).__name__}")
        terms = list(source)
        if not all(isinstance(term, str) for term in terms):
            raise InputError("names and terms that are allowed must be texts")
        return cls(tuple(sorted({" ".join(term.split()).lower() for term in terms} - {""})))

    @property
    def digest(self) -> str:
        """The sha256 of the terms, one a line."""
        return hashlib.sha256("\n".join(self.terms).encode("utf-8", "surrogatepass")).hexdigest()

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        longest_first = sorted(self.terms, key=len, reverse=True)
        written = (r"\s+".join(re.escape(word) for word in term.split()) for term in longest_first)
        return re.compile(rf"(?<!\w)(?:{'|'.join(written)})(?!\w)", re.IGNORECASE)

    def covers(self, text: str, start: int, end: int) -> bool:
        """Whether one of the terms stands in the text at the whole of a place, or around it."""
        if not self.terms:
            return False
        window = text[max(start - AROUND, 0) : end + AROUND]
        first = start - max(start - AROUND, 0)
        found = self._pattern.finditer(window)
        return any(match.start() <= first and first + end - start <= match.end() for match in found)


def _lines(path: Path) -> list[str]:
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"the list of names and terms {path} cannot be read: {reason}") from error
    return [line for line in lines if not line.startswith("#")]
