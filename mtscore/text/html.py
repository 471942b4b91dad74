"""A web page to the text in it: its main text where the page has one, else all of it.

Offsets point into the text that comes out, not into the page: whoever shows evidence shows that text.
"""

from __future__ import annotations

import html as html_entities
import re
from collections import Counter
from typing import Any

from mtscore.errors import MtscoreError
from mtscore.text.surrogates import without_surrogates

MAX_DEPTH = 400
"""Pages nested deeper than this are flattened instead of parsed: the parser's time grows with the square of the
depth."""

MAX_NODES = 400_000
"""So are pages of which the parser would make more elements than this: each takes some 200 bytes."""

_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,20})")
_TAG_OR_INVISIBLE = re.compile(
    r"<!--.*?(?:-->|$)|<(?:script|style|noscript|template)\b.*?(?:</(?:script|style|noscript|template)\s*>|$)"
    r"|</?([a-zA-Z][a-zA-Z0-9]*)(?![a-zA-Z0-9])[^<>]*>|<[!?][^<>]*>",
    re.DOTALL | re.IGNORECASE,
)
_VOID = frozenset(
    "area base br col embed hr img input link meta param source track wbr p li option dt dd tr td th".split()
)
"""Elements that do not nest: those without content, and those that another one of their sort ends."""
_FORMATTING = frozenset("a b big code em font i nobr s small strike strong tt u".split())
"""Elements that the parser opens again wherever a block begins while they are open."""
_SCOPES = frozenset("applet caption marquee math object svg table template".split())
"""Elements that an end tag inside them does not reach out of."""
_INLINE = frozenset(
    "a abbr b bdi bdo cite code em font i ins kbd mark q s small span strong sub sup u var".split()
)


def read_html(html: str) -> str:
    """The main text of a web page, paragraphs separated by blank lines.

    What is returned is the text that all offsets then refer to. Never fetches anything; any string is
    accepted, and one without text gives "".
    """
    clean = _NOT_TEXT.sub(" ", without_surrogates(html))
    if not _is_parsable(clean):
        return _tidy(_flatten(clean))
    try:
        from resiliparse.extract.html2text import extract_plain_text
    except ImportError as error:
        raise MtscoreError(
            "reading HTML needs the package resiliparse: install it with `pip install resiliparse`"
        ) from error
    options: dict[str, Any] = {"alt_texts": False, "links": False, "list_bullets": True}
    found = extract_plain_text(clean, main_content=True, **options)
    return _tidy(found if found.strip() else extract_plain_text(clean, main_content=False, **options))


def _is_parsable(html: str) -> bool:
    """Whether the page is neither nested deeper than `MAX_DEPTH` nor made into more than `MAX_NODES` elements."""
    elements = _OpenElements()
    nodes = 0
    for tag in _TAG.finditer(html):
        name = tag[2].lower()
        if tag[1]:
            elements.close(name)
            continue
        nodes += 1 if name in _FORMATTING else 1 + elements.formatting
        if name not in _VOID:
            elements.open(name)
        if len(elements.names) > MAX_DEPTH or nodes > MAX_NODES:
            return False
    return True


class _OpenElements:
    """The elements that a parser has open, nearly: an end tag closes the nearest element of its name and what is inside
    it, and is none where no such element is open, or only outside the table or the like that is open."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.formatting = 0
        self._inside: list[Counter[str]] = [Counter()]  # how many of each name are open, by scope

    def open(self, name: str) -> None:
        """A start tag."""
        self._inside[-1][name] += 1
        self.names.append(name)
        self.formatting += name in _FORMATTING
        if name in _SCOPES:
            self._inside.append(Counter())

    def close(self, name: str) -> None:
        """An end tag."""
        if name in _SCOPES:
            if not any(inside[name] for inside in self._inside):
                return
        elif not self._inside[-1][name]:
            return
        while True:
            closed = self.names.pop()
            if closed in _SCOPES:
                self._inside.pop()
            self._inside[-1][closed] -= 1
            self.formatting -= closed in _FORMATTING
            if closed == name:
                return


def _flatten(html: str) -> str:
    """Text of a page too deep to parse: tags cut out, a line break for each that is not inline."""
    text = _TAG_OR_INVISIBLE.sub(lambda m: "" if (m[1] or "").lower() in _INLINE else "\n", html)
    return html_entities.unescape(text)


def _tidy(text: str) -> str:
    """One paragraph per line, blank lines between, no other white space than single spaces."""
    return "\n\n".join(line for line in (" ".join(raw.split()) for raw in text.splitlines()) if line)
