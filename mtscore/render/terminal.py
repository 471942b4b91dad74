"""What every rendering for a terminal needs: a console, and texts that cannot steer it.

Ids, articles and quoted words are written by strangers. An escape sequence in them could recolour the screen
or hide what stands before it, and a bidirectional control could reorder it; so nothing untrusted is
printed without `sanitize`, and rich's markup is never parsed.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

MAX_WIDTH = 100
"""Columns of running text at most: longer lines are hard to read."""

# Everything that is not plainly visible ASCII or a letter of a living script needs a look.
_SUSPECT = re.compile(r"[^\x20-\x7e\u00c0-\u024f\u0370-\u052f\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7a3]")
_INVISIBLE = frozenset("\u00ad\u200b\u2060\ufeff")
_JOINERS = frozenset("\u200c\u200d")


def sanitize(text: str) -> str:
    """`text` on one line, safe to print: white space becomes a space, what is invisible and harmless (soft
    hyphens, zero-width spaces) goes, other control and format characters are shown as escapes."""
    return _SUSPECT.sub(_shown, text)


def _shown(match: re.Match[str]) -> str:
    return _shown_character(match[0])


@lru_cache(maxsize=4096)
def _shown_character(character: str) -> str:
    if character in _INVISIBLE:
        return ""
    if character.isspace():
        return " "
    if character in _JOINERS or unicodedata.category(character) not in ("Cc", "Cf", "Cs"):
        return character
    return character.encode("unicode_escape").decode()


def clip(text: str, width: int) -> str:
    """The sanitised `text` with single spaces, cut to `width` columns; "..." ends what was longer."""
    from rich.cells import cell_len, set_cell_size

    start = text[: 4 * width + 64]  # enough to fill the columns, whatever the length of the text
    shown = " ".join(sanitize(start).split())
    if cell_len(shown) <= width and len(start) == len(text):
        return shown
    return set_cell_size(shown, max(width - 3, 0)).rstrip() + "..."


def open_console(stream: TextIO) -> Console:
    """A console on `stream` that parses no markup. It has colour on a terminal unless NO_COLOR or TERM say
    otherwise, and elsewhere only if FORCE_COLOR asks for it."""
    from rich.console import Console

    return Console(file=stream, markup=False, emoji=False, highlight=False)


def is_styled(console: Console) -> bool:
    """Whether colour reaches the reader, so that nothing else has to mark the findings."""
    return console.color_system is not None and not console.no_color


def print_wrapped(console: Console, text: Text, first: str = "", indent: str = "") -> None:
    """Prints `text` wrapped to the console's width without trailing space: behind `first` on its first line
    and behind `indent` on the others."""
    from rich.text import Text

    width = max(console.width - max(len(first), len(indent)), 20)
    lines = [text] if text.cell_len <= width else text.wrap(console, width)
    for number, line in enumerate(lines):
        line.rstrip()
        start = indent if number else first
        if is_styled(console):
            console.print(Text.assemble((start, "dim"), line), no_wrap=True, crop=False)
        else:  # many times faster, for texts of many lines
            console.file.write(f"{start}{line.plain}\n")
