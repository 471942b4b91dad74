"""Pages that say themselves that a machine translated them: told in a verdict's `detail`, and no part of the score.

A browser and the services that translate pages on the fly leave their marks in them; other pages say so in a line of
their own. An article about translation may hold the same words, so a line that says it is short.
"""

from __future__ import annotations

import re

MAX_LINE = 240
"""Characters of the longest line that may say it of its page."""

_MARKS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "the page is marked as translated by a browser",
        re.compile(r"""<html\b[^<>]{0,2000}\btranslated-(?:ltr|rtl)\b""", re.IGNORECASE),
    ),
    (
        "the page was saved from a translating proxy",
        re.compile(
            r"""class=["']?(?:google-src-text|notranslate["']?\s[^<>]{0,200}_tipon)|\bid=["']?gt-nvframe|\.translate\.goog["'/]""",
            re.IGNORECASE,
        ),
    ),
    (
        "the page carries the translating service GTranslate",
        re.compile(r"gtranslate_wrapper|gtranslatesettings|/plugins/gtranslate/|gt_(?:float|switcher)", re.IGNORECASE),
    ),
    (
        "the page carries the translating service Weglot",
        re.compile(r"cdn\.weglot\.com|weglot-(?:data|translations)|\bdata-wg-", re.IGNORECASE),
    ),
    (
        "the page is marked as translated",
        re.compile(r"""<meta\b[^<>]{0,200}\bname=["']?(?:machine-)?translated\b""", re.IGNORECASE),
    ),
)  # fmt: skip

_SAID = re.compile(
    r"\btranslated (?:automatically )?(?:by|with|using) "
    r"(?:google|deepl|bing|yandex|microsoft|a machine|machine translation)\b"
    r"|\bthis (?:page|article|text|post|content|document|version|story|translation)(?: \w{1,12}){0,3}? "
    r"(?:machine|automatically|auto)[- ](?:translated|generated)\b"
    r"|^[ \t*_(\[]{0,4}(?:machine|automatically|auto)[- ]translated\b",
    re.IGNORECASE | re.MULTILINE,
)


def declared_translation(text: str, *, is_html: bool = False) -> str | None:
    """What a page says of its being translated by a machine, in words; None if it says nothing."""
    if is_html:
        for meaning, mark in _MARKS:
            if mark.search(text):
                return meaning
    if "ranslated" not in text and "RANSLATED" not in text:
        return None
    for found in _SAID.finditer(text):
        start = (
            max(text.rfind("\n", 0, found.start()), text.rfind(">", 0, found.start()) if is_html else -1) + 1
        )
        end = _end_of_line(text, found.end(), is_html)
        if end - start <= MAX_LINE:
            return f"the page says that a machine translated it (“{' '.join(found[0].split())}”)"
    return None


def _end_of_line(text: str, place: int, is_html: bool) -> int:
    ends = [
        text.find("\n", place, place + MAX_LINE),
        text.find("<", place, place + MAX_LINE) if is_html else -1,
    ]
    found = [end for end in ends if end >= 0]
    return min(found) if found else min(len(text), place + MAX_LINE + 1)
