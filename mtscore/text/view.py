"""A text as it is read, and for each of its characters the place of the text as given that it stands for.

Some characters of a text mean nothing to its reader, or are written in another way than usual. They are left out or
replaced before anything looks at the text, in passes of edits; everything found is then pointed out in the text as it
was given. What such places say of the text as given holds exactly: `given[start:end]` is what is quoted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from mtscore.records import Span

Places = npt.NDArray[np.int32]


class Edit(NamedTuple):
    """What stands instead of `text[start:end]`."""

    start: int
    end: int
    replacement: str


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """`text` is what is read of `given`. `starts` and `ends` say of each character of it where in `given` what it
    stands for begins and ends; None where the two texts are the same."""

    text: str
    given: str
    starts: Places | None = None
    ends: Places | None = None

    @classmethod
    def of(cls, given: str) -> View:
        """A text as it stands."""
        return cls(given, given)

    @property
    def is_same(self) -> bool:
        """Whether the text is read as it was given."""
        return self.starts is None

    def span(self, start: int, end: int) -> Span:
        """The stretch of the text as given that `text[start:end]` stands for."""
        if self.starts is None or self.ends is None:
            return Span(start, end)
        if start >= end:
            place = int(self.starts[start]) if start < len(self.starts) else len(self.given)
            return Span(place, place)
        return Span(int(self.starts[start]), int(self.ends[end - 1]))

    def edited(self, edits: Sequence[Edit]) -> View:
        """The view after some edits of its text, which are in order and do not overlap. Each character of a
        replacement stands for all that it replaces."""
        if not edits:
            return self
        starts, ends = self._places()
        first, last = _sources(edits, len(self.text))
        pieces: list[str] = []
        done = 0
        for start, end, replacement in edits:
            pieces += (self.text[done:start], replacement)
            done = end
        pieces.append(self.text[done:])
        return View("".join(pieces), self.given, starts[first], ends[last])

    def _places(self) -> tuple[Places, Places]:
        if self.starts is None or self.ends is None:
            starts = np.arange(len(self.text), dtype=np.int32)
            return starts, starts + np.int32(1)
        return self.starts, self.ends


def _sources(edits: Sequence[Edit], size: int) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """For each character after the edits of a text of `size` characters, the first and the last character that it comes
    from."""
    bounds = np.array([(start, end) for start, end, _ in edits])
    replaced, lengths = bounds[:, 1] - bounds[:, 0], np.array([len(edit.replacement) for edit in edits])
    kept = np.diff(bounds[:, 0], prepend=0)  # before each edit, what it replaces of the one before included
    kept[1:] -= replaced[:-1]
    sizes = np.append(np.stack([kept, lengths], axis=1).ravel(), size - bounds[-1, 1])
    begins = np.append(np.stack([bounds[:, 0] - kept, bounds[:, 0]], axis=1).ravel(), bounds[-1, 1])
    is_kept = np.arange(len(sizes)) % 2 == 0
    owner = np.repeat(np.arange(len(sizes)), sizes)
    inside = np.arange(len(owner)) - (np.cumsum(sizes) - sizes)[owner]
    first = begins[owner] + np.where(is_kept[owner], inside, 0)
    spread = np.zeros(len(sizes), np.intp)
    spread[1::2] = replaced - 1
    return first, first + spread[owner]
