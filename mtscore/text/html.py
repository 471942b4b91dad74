"""A web page to the text in it: its main text where the page has one, else all of it.

Offsets point into the text that comes out, not into the page: whoever shows evidence shows that text.
"""

from __future__ import annotations

import html as html_entities
import re
from typing import Any

from mtscore.errors import MtscoreError
from mtscore.text.surrogates import without_surrogates

MAX_DEPTH = 400
"""Pages nested deeper than this are flattened instead of parsed: the parser's time grows with the square of the
depth."""

_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,20})")
_TAG_OR_INVISIBLE = re.compile(
    r"<!--.*?(?:-->|$)|<(?:script|style|noscript|template)\b.*?(?:</(?:script|style|noscript|template)\s*>|$)"
    r"|</?([a-zA-Z][a-zA-Z0-9]*)[^<>]*>|<[!?][^<>]*>",
    re.DOTALL | re.IGNORECASE,
)
_VOID = frozenset(
    "area base br col embed hr img input link meta param source track wbr p li option dt dd tr td th".split()
)
_INLINE = frozenset(
    "a abbr b bdi bdo cite code em font i ins kbd mark q s small span strong sub sup u var".split()
)


def read_html(html: str) -> str:
    """The main text of a web page, paragraphs separated by blank lines.

    What is returned is the text that all offsets then refer to. Never fetches anything; any string is
    accepted, and one without text gives "".
    """
    clean = _NOT_TEXT.sub(" ", without_surrogates(html))
    if _is_deep(clean):
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


def _is_deep(html: str) -> bool:
    """Whether elements are nested deeper than `MAX_DEPTH`, were every end tag honoured."""
    depth = 0
    for tag in _TAG.finditer(html):
        if tag[1]:
            depth = max(0, depth - 1)
        elif tag[2].lower() not in _VOID:
            depth += 1
            if depth > MAX_DEPTH:
                return True
    return False


def _flatten(html: str) -> str:
    """Text of a page too deep to parse: tags cut out, a line break for each that is not inline."""
    text = _TAG_OR_INVISIBLE.sub(lambda m: "" if (m[1] or "").lower() in _INLINE else "\n", html)
    return html_entities.unescape(text)


def _tidy(text: str) -> str:
    """One paragraph per line, blank lines between, no other white space than single spaces."""
    return "\n\n".join(line for line in (" ".join(raw.split()) for raw in text.splitlines()) if line)
