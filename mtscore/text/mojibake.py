"""Mojibake: UTF-8 that was read in another encoding ("itâ€™s"). ftfy tells it from text, and says how to undo it.

Its repairs are made where they belong, so that offsets stay true: over the whole text where one encoding explains all
of it, which is exact byte by byte; else sequence by sequence.
"""

from __future__ import annotations

import re
from itertools import accumulate

from mtscore.text.view import Edit

_CONTINUATION = "\u0080-\u00bfŒœŠšŸŽžƒˆ˜\u2013-\u2026‰‹›€™"
_POSSIBLE = re.compile(
    f"[\u00c2-\u00df][{_CONTINUATION}]|[\u00e0-\u00ef][{_CONTINUATION}]{{2}}|[\u00f0-\u00f4][{_CONTINUATION}]{{3}}"
    "|\u0432\u0402|\u201a\u00c4|[a-z]\u221a"
)
"""What UTF-8 looks like as windows-1252 or Latin-1, and some of what it looks like as windows-1251 or Mac Roman: ftfy
is only imported for text that has some."""


_LOST_QUOTE = re.compile("\u00e2\u20ac\ufffd")
"""A closing quotation mark, of whose last byte windows-1252 knows nothing."""


def repairs(text: str) -> list[Edit]:
    """What has to be edited for the text to read as it was written; nothing in text that ftfy finds sound."""
    if not _POSSIBLE.search(text):
        return []
    from ftfy.badness import is_bad

    if not is_bad(text):
        return []
    return _repairs_of_all(text) or _repairs_of_sequences(text)


def _repairs_of_all(text: str) -> list[Edit]:
    """The edits where all of the text is UTF-8 read in one single-byte encoding."""
    from ftfy import fix_encoding_and_explain

    repaired, steps = fix_encoding_and_explain(text)
    plan = [(step.action, step.parameter) for step in steps or []]
    if len(plan) != 2 or plan[0][0] != "encode" or plan[1] != ("decode", "utf-8"):
        return []
    sizes = (len(character.encode("utf-8")) for character in repaired)
    bounds = list(accumulate(sizes, initial=0))  # bytes, of which each is a character of `text`
    if bounds[-1] != len(text):
        return []
    return [
        Edit(start, end, character)
        for start, end, character in zip(bounds, bounds[1:], repaired, strict=False)
        if end - start > 1 or text[start] != character
    ]


def _repairs_of_sequences(text: str) -> list[Edit]:
    """The edits of single sequences that are UTF-8 in disguise."""
    from ftfy import fix_encoding
    from ftfy.badness import is_bad
    from ftfy.chardata import UTF8_DETECTOR_RE

    edits = [Edit(*found.span(), "”") for found in _LOST_QUOTE.finditer(text)]
    for found in UTF8_DETECTOR_RE.finditer(text):
        if is_bad(found[0]):
            repaired = fix_encoding(found[0])
            if repaired != found[0]:
                edits.append(Edit(*found.span(), repaired))
    return sorted(edits)
