"""What a text says, whatever it is written with: characters that nobody sees left out, others in their usual form.

Soft hyphens, joiners and marks of direction inside a word make an unknown word of it; so do letters with their accents
apart, ligatures, letters from mathematical alphabets and full-width forms, entities that nobody decoded (`&quot;`)
and text that was read in another encoding than it was written in, and the halves of words that were hyphenated at the
end of a line. None of them is the author's, nor the translator's.
A text without any of these is handed on as it is.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from html.entities import html5

from mtscore.text.hyphens import KnownWords, joined
from mtscore.text.mojibake import repairs
from mtscore.text.view import Edit, View

MAX_ROUNDS = 3
"""Texts are decoded so often at most: what was encoded more often is no text."""

_INVISIBLE_CLASS = (
    "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff"
    "\U000e0001-\U000e007f\U000e0100-\U000e01ef"
)
_INVISIBLE = re.compile(f"[{_INVISIBLE_CLASS}]+")
"""Soft hyphen, joiners, marks of direction, byte-order marks, variation selectors, tags."""

_MATHEMATICAL = re.compile("[\U0001d400-\U0001d7ff]")
_COMPATIBLE = re.compile("[\ufb00-\ufb06\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\U0001d400-\U0001d7ff]")
"""Ligatures, full-width digits and letters, mathematical alphabets."""
_HOLES = re.compile("[\u2102\u210a-\u2113\u2115\u2119-\u211d\u2124\u2128\u212c-\u2131\u2133\u2134]")
"""Letters that the mathematical alphabets lack because they had been encoded before."""
_EAST_ASIAN = "\u2e80-\u2fff\u3001-\u30ff\u3130-\u318f\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff"
_WIDE_MARK = re.compile(
    f"(?<![{_EAST_ASIAN}])[\u3000\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff5e](?![{_EAST_ASIAN}])"
)
"""Full-width punctuation and spaces, but not in Chinese, Japanese or Korean."""
_WIDE_SPACE = "\u3000"

_ODD = re.compile(
    f"[{_INVISIBLE_CLASS}\x80-\x84\x86-\x9f\u3000\ufb00-\ufb06\uff01-\uff5e\U0001d400-\U0001d7ff]"
)
"""Any character that may be left out or replaced, but for accents that stand apart."""

_MARKS = (
    "\u0300-\u036f\u0483-\u0487\u0653-\u0655\u093c\u09bc\u0a3c\u0b3c\u1161-\u1175\u11a8-\u11c2\u3099\u309a"
)
_DECOMPOSED = re.compile(f"[^\\s{_MARKS}][{_MARKS}]{{1,30}}|[\u2126\u212a\u212b]")
"""A letter and its marks, up to a number that a language may have; units that are letters."""

_ENTITY = re.compile(r"&(?:amp;)*(#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")


def clean(given: str, words: KnownWords = ()) -> View:
    """The text as it is to be read; `words` holds the known words, in lower case."""
    view = View.of(given)
    if "&" in given:
        view = _repeated(view, _entities)
    if not view.text.isascii():
        view = _with_usual_characters(view, words)
    return view.edited(list(joined(view.text, words)))


def _with_usual_characters(view: View, words: KnownWords) -> View:
    view = _repeated(view, repairs)
    if _ODD.search(view.text):
        if "\u00ad" in view.text:  # a soft hyphen at the end of a line has to be seen with the line
            view = view.edited(list(joined(view.text, words)))
        for find in (_c1_controls, _invisible, _compatible, _wide_marks):
            view = view.edited(list(find(view.text)))
    if not unicodedata.is_normalized("NFC", view.text):
        view = view.edited(list(_decomposed(view.text)))
    return view


def _repeated(view: View, find: Callable[[str], Iterable[Edit]]) -> View:
    for _ in range(MAX_ROUNDS):
        before, view = view, view.edited(list(find(view.text)))
        if view is before:
            break
    return view


def undecoded(given: str) -> Iterator[tuple[int, int]]:
    """The entities of a text that nobody decoded."""
    for start, end, _ in _entities(given) if "&" in given else ():
        yield start, end


def _entities(text: str) -> Iterator[Edit]:
    for found in _ENTITY.finditer(text):
        name = found[1]
        if name[0] == "#" or f"{name};" in html5:
            yield Edit(*found.span(), html.unescape(f"&{name};"))


_CP1252 = {chr(code): bytes([code]).decode("cp1252", "ignore") for code in range(0x80, 0xA0)}
_C1 = re.compile("[\x80-\x84\x86-\x9f]")
"""Control characters that nobody uses: windows-1252 read as Latin-1. (85 may be the line break that it is called.)"""


def _c1_controls(text: str) -> Iterator[Edit]:
    return _replaced(_C1, _CP1252.__getitem__, text)


def _invisible(text: str) -> Iterator[Edit]:
    return _replaced(_INVISIBLE, lambda _: "", text)


def _compatible(text: str) -> Iterator[Edit]:
    edits = _replaced(_COMPATIBLE, _compatibility, text)
    if not _MATHEMATICAL.search(text):
        return edits
    return iter(sorted([*edits, *_replaced(_HOLES, _compatibility, text)]))


def _wide_marks(text: str) -> Iterator[Edit]:
    return _replaced(_WIDE_MARK, _compatibility, text)


def _decomposed(text: str) -> Iterator[Edit]:
    for found in _DECOMPOSED.finditer(text):
        composed = unicodedata.normalize("NFC", found[0])
        if composed != found[0]:
            yield Edit(*found.span(), composed)


def _compatibility(found: str) -> str:
    return unicodedata.normalize("NFKC", found)


def _replaced(pattern: re.Pattern[str], replacement: Callable[[str], str], text: str) -> Iterator[Edit]:
    for found in pattern.finditer(text):
        yield Edit(*found.span(), replacement(found[0]))
