"""The page of what came last. Articles are rendered once and kept, for the page is written again and again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from mtscore.files.atomic_file import open_atomically
from mtscore.records import Verdict
from mtscore.render.html.page import Folded, fold, write_overview
from mtscore.render.html.reference import Reference

MAX_DOCUMENTS = 500
"""Documents on the page."""

MAX_CHARACTERS = 20_000_000
"""Length of their texts together."""


@dataclass(slots=True)
class _Kept:
    path: str
    verdict: Verdict
    text: str | None
    folded: Folded | None = None


class Recent:
    """The latest documents, the last one first, as a page at `path` that is always whole."""

    def __init__(self, path: str, reference: Reference) -> None:
        self._path = path
        self._reference = reference
        self._kept: dict[int, _Kept] = {}
        self._number = 0
        self._characters = 0

    def forget(self, path: str) -> None:
        """The file's documents are not on the page any more: it has changed."""
        for number in [number for number, kept in self._kept.items() if kept.path == path]:
            self._remove(number)

    def add(self, path: str, judged: Iterable[tuple[Verdict, str | None]]) -> None:
        """The documents of one file."""
        for verdict, text in judged:
            self._number += 1
            self._kept[self._number] = _Kept(path, verdict, text)
            self._characters += len(text or "")
            while len(self._kept) > MAX_DOCUMENTS or (
                self._characters > MAX_CHARACTERS and len(self._kept) > 1
            ):
                self._remove(next(iter(self._kept)))

    def write(self) -> None:
        """Write the page anew."""
        folded = [self._folded(number) for number in reversed(self._kept)]
        with open_atomically(self._path) as stream:
            rows = [each.row for each in folded]
            write_overview(rows, (each.html for each in folded), stream, self._reference)

    def _folded(self, number: int) -> Folded:
        kept = self._kept[number]
        if kept.folded is None:
            kept.folded = fold(kept.verdict, kept.text, number, self._reference)
        return kept.folded

    def _remove(self, number: int) -> None:
        self._characters -= len(self._kept.pop(number).text or "")
