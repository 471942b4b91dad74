"""Pages that say themselves that a machine translated them: told in a verdict's `detail`, and no part of the score.

A browser and the services that translate pages on the fly leave their marks in them; other pages say so in a line of
their own. An article about translation may hold the same words, so a line that says it is short.
"""

from __future__ import annotations

import re

MAX_LINE = 240
"""Characters of the longest line that may say it of its page."""

_MARKS: tuple[tuple[str, tuple[str, ...], re.Pattern[str]], ...] = (
    (
        "the page is marked as translated by a browser",
        ("translated-ltr", "translated-rtl"),
        re.compile(r"<html\b[^<>]{0,2000}\btranslated-(?:ltr|rtl)\b"),
    ),
    (
        "the page was saved from a translating proxy",
        ("google-src-text", "_tipon", "gt-nvframe", ".translate.goog"),
        re.compile(
            r"""class=["']?(?:google-src-text|notranslate["']?\s[^<>]{0,200}_tipon)|\bid=["']?gt-nvframe"""
            r"""|\.translate\.goog["'/]"""
        ),
    ),
    (
        "the page carries the translating service GTranslate",
        ("gtranslate", "gt_float", "gt_switcher"),
        re.compile(r"gtranslate_wrapper|gtranslatesettings|/plugins/gtranslate/|gt_(?:float|switcher)"),
    ),
    (
        "the page carries the translating service Weglot",
        ("weglot", "data-wg-"),
        re.compile(r"cdn\.weglot\.com|weglot-(?:data|translations)|\bdata-wg-"),
    ),
    (
        "the page is marked as translated",
        ("translated",),
        re.compile(r"""<meta\b[^<>]{0,200}\bname=["']?(?:machine-)?translated\b"""),
    ),
)
"""What a page is marked with, in words; strings of which a page so marked has one; and the mark. In small letters."""

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
        small = text.lower()
        for meaning, hints, mark in _MARKS:
            if any(hint in small for hint in hints) and mark.search(small):
                return meaning
    if "ranslated" not in text and "RANSLATED" not in text:
        return None
    edges = "\n<>" if is_html else "\n"
    for found in _SAID.finditer(text):
        before = text[max(0, found.start() - MAX_LINE) : found.start()]
        after = text[found.end() : found.end() + MAX_LINE]
        around = len(before) - 1 - max(map(before.rfind, edges)) + _length_of_line(after, edges)
        if around + len(found[0]) <= MAX_LINE:
            return f"the page says that a machine translated it (“{' '.join(found[0].split())}”)"
    return None


def _length_of_line(text: str, edges: str) -> int:
    return min((place for place in map(text.find, edges) if place >= 0), default=len(text))
