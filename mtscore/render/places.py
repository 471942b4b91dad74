"""Where a finding stands in its file, as editors and code hosts count: lines, and columns in UTF-16 code units.

Offsets count code points of the text that was scored. Of a text file that is the file; of a web page it is what can be
read on it, so that a place in its source has to be looked for; of a record in a file of many there is none.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from mtscore.records import Document, Span, Verdict
from mtscore.text.scored_text import with_texts

NEWLINES = ("\r\n", "\n", "\r")
"""What ends a line for editors, and nothing else does."""

_NEWLINE = re.compile("|".join(NEWLINES))
_ASTRAL = re.compile("[\U00010000-\U0010ffff]")

UNITS: dict[str, Callable[[str], int]] = {
    "utf-8": lambda text: len(text.encode("utf-8", "surrogatepass")),
    "utf-16": lambda text: len(text) + len(_ASTRAL.findall(text)),
    "utf-32": len,
}
"""How wide a text is, by the encoding whose units are counted."""


class Place(NamedTuple):
    """From a line and column to another, all counted from 0; the end is not part of it."""

    line: int
    column: int
    end_line: int
    end_column: int


class Places:
    """Finds the place of spans of one text. Columns are in units of `encoding`, a name in `UNITS`."""

    def __init__(self, text: str, encoding: str = "utf-16") -> None:
        self._text = text
        self._width = UNITS[encoding]
        self._starts = [0, *(newline.end() for newline in _NEWLINE.finditer(text))]

    def of(self, start: int, end: int) -> Place:
        """The place of `text[start:end]`."""
        return Place(*self._position(start), *self._position(end))

    def _position(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self._starts, offset) - 1
        return line, self._width(self._text[self._starts[line] : offset])


class Source(NamedTuple):
    """The file that a document came from. `markup` is a web page's source; `is_whole` says that the document is
    the file, character by character."""

    path: str
    markup: str | None = None
    is_whole: bool = False


Sourced = Iterable[tuple[Source, Document]]
"""Documents, each with its source."""


class Located(NamedTuple):
    """A verdict, the text that its offsets point into (None: it could not be read), and where that came from."""

    verdict: Verdict
    text: str | None
    source: Source


def with_places(
    score: Callable[[Iterable[Document]], Iterable[Verdict]], documents: Sourced
) -> Iterator[Located]:
    """What `score` says of each document, and where it came from. `score` must answer in order."""
    waiting: deque[Source] = deque()

    def passing() -> Iterator[Document]:
        for source, document in documents:
            waiting.append(source)
            yield document

    for verdict, text in with_texts(score, passing()):
        yield Located(verdict, text, waiting.popleft())


class Finder:
    """Finds the places of a document's findings in its file."""

    def __init__(self, located: Located) -> None:
        self._text = located.text or ""
        self._markup = located.source.markup
        self._is_whole = located.source.is_whole and located.text is not None
        self._places = Places(self._text if self._markup is None else self._markup)

    def of(self, start: int, end: int, sentence: Span) -> Place | None:
        """The place of `text[start:end]` in the file; None where it cannot be known."""
        if self._markup is None:
            return self._places.of(start, end) if self._is_whole else None
        words, around = self._text[start:end], self._text[sentence.start : sentence.end]
        found = _only(self._markup, around)
        found = _only(self._markup, words) if found is None else found + start - sentence.start
        return None if found is None else self._places.of(found, found + len(words))


def _only(text: str, words: str) -> int | None:
    """Where the words stand, if they do so once."""
    first = text.find(words) if words else -1
    return None if first < 0 or text.find(words, first + 1) >= 0 else first
