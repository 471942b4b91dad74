"""Words that were hyphenated at the end of a line, in one piece again ("com-\\nposed", "com -posed", "com- posed").

Extraction from PDF and e-mail leaves the halves in many forms, and "two -hour" looks the same: only halves that make a
known word together are joined. A line that was broken there still ends behind the word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Protocol

from mtscore.text.view import Edit

_HALF = "[^\\W\\d_]{2,30}"
_PLACE = re.compile(
    r"[-‐\u00ad](?:(?<=[^\W\d_].)[ \t]{0,8}(?:\r\n|[\r\n\u2028])[ \t]{0,8}|(?<=[^\W\d_] .)|(?<=[^\W\d_]-) )"
    r"(?=[^\W\d_])"
)
"""Where two halves may meet. It begins with the hyphen, so that `re` skips to it."""
_LEFT = re.compile(rf"(?<![\w'’-]){_HALF}$")
_RIGHT = re.compile(rf"{_HALF}(?![\w'’-])")
_REST = re.compile(r"\S{0,60}?([ \t])")
_LONGEST = 32


class KnownWords(Protocol):
    """What tells known words, in lower case."""

    def __contains__(self, word: str, /) -> bool: ...


def joined(text: str, words: KnownWords) -> Iterator[Edit]:
    """The edits that join the halves of known words; `words` holds those in lower case."""
    done = 0
    for place in _PLACE.finditer(text):
        start, end = place.span()
        if text[start - 1] == " ":
            start -= 1
        left = _LEFT.search(text, max(done, start - _LONGEST), start)
        right = _RIGHT.match(text, end)
        if not (left and right and right[0].islower() and left[0][1:].islower()):
            continue
        is_soft = place[0][0] == "\u00ad"
        if not is_soft and (left[0] + right[0]).lower() not in words:
            continue
        yield Edit(start, end, "")
        done = right.end()
        rest = _REST.match(text, done) if len(place[0].strip(" \t")) > 1 else None
        if rest:
            yield Edit(*rest.span(1), "\n")
            done = rest.end()
