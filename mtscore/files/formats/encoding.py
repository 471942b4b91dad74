"""Bytes to text: what encoding they have, and what had to be assumed.

In this order: a byte-order mark; UTF-8, if it fits; what the page or message declares; what most other English
text is in, Windows-1252, or whatever fits better. What is mostly UTF-8 stays UTF-8.
"""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

from mtscore.files.formats.record import BOM

_MARKS = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)
_DECLARED = re.compile(
    rb"""(?:charset|<\?xml[^>]{0,80}encoding)\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE
)
_HEAD = 4096
"""Bytes of a page in which a declaration is looked for."""

_AS_BROWSERS_DO = {"ascii": "cp1252", "iso8859-1": "cp1252", "iso8859-9": "cp1254", "gb2312": "gb18030"}
_USUAL = "cp1252"
_LIKELY = [
    "cp1252", "mac_roman", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "koi8_r", "shift_jis",
    "euc_jp", "gb18030", "big5", "euc_kr",
]  # fmt: skip
_WIDE = ["utf_16_le", "utf_16_be", "utf_32_le", "utf_32_be"]
_SAMPLE = 1 << 16
"""Bytes that are looked at to guess an encoding."""

CONVERT = "convert the file first, for instance: iconv -f WINDOWS-1252 -t UTF-8"
"""What to do with records that are not UTF-8. They are not guessed at: a filter hands them on as they came in, and one
line is too little to go by."""

_FEW = 10
"""UTF-8 with so many good characters for each bad byte is UTF-8 that was damaged."""


class Decoded(NamedTuple):
    """Text, or None and a `detail` that says why there is none. Beside a text, `detail` says what was assumed."""

    text: str | None
    detail: str | None = None


def decode(data: bytes, declared: str | None = None, *, is_page: bool = False) -> Decoded:
    """The text of `data`. `declared` is the encoding that a header names; a page (`is_page`) may name one itself."""
    if data.startswith(BOM):
        data = data[len(BOM) :]
    elif marked := _marked(data):
        return marked
    try:
        return _without_nul(data.decode("utf-8"), data, None)
    except UnicodeDecodeError as error:
        first = error.start
    if (repaired := _mostly_utf8(data, first)) is not None:
        return repaired
    who = "as it is declared"
    if declared is None and is_page and (found := _DECLARED.search(data, 0, _HEAD)):
        declared, who = found[1].decode("ascii"), "as the page declares"
    if declared is not None and (text := _strictly(data, declared)) is not None:
        return _without_nul(text, data, f"read as {_name(declared)}, {who}")
    return _guessed(data, first)


def _marked(data: bytes) -> Decoded | None:
    for mark, name in _MARKS:
        if data.startswith(mark):
            try:
                return Decoded(data.decode(name), f"read as {name}, by its byte-order mark")
            except UnicodeDecodeError as error:
                return Decoded(
                    None, f"has the byte-order mark of {name} but is damaged at byte offset {error.start}"
                )
    return None


def _mostly_utf8(data: bytes, first: int) -> Decoded | None:
    """UTF-8 with a few bad bytes, or cut within its last character."""
    bad, good = 0, 0
    for character in re.findall("[^\x00-\x7f]", data.decode("utf-8", "surrogateescape")):
        if "\udc80" <= character <= "\udcff":
            bad += 1
        else:
            good += 1
    is_cut = first >= len(data) - 3 and good
    if not is_cut and bad * _FEW > good:
        return None
    text = data.decode("utf-8", "replace")
    count = "1 byte is" if bad == 1 else f"{bad} bytes are"
    return _without_nul(text, data, f"{count} not UTF-8, the first at offset {first}: read as U+FFFD")


def _strictly(data: bytes, declared: str) -> str | None:
    try:
        return data.decode(_codec(declared))
    except (LookupError, UnicodeDecodeError, ValueError):
        return None


def _codec(declared: str) -> str:
    """Python's name of an encoding, as browsers take it. Raises `LookupError` for what is none of text."""
    found = codecs.lookup(declared)
    if not found._is_text_encoding or found.name in ("utf-7", "idna", "punycode") or "escape" in found.name:
        raise LookupError(declared)
    return _AS_BROWSERS_DO.get(found.name, found.name)


def _name(encoding: str) -> str:
    name = _codec(encoding)
    return name.replace("cp125", "windows-125") if name.startswith("cp125") else name.replace("_", "-")


def _guessed(data: bytes, first: int) -> Decoded:
    from charset_normalizer import from_bytes

    sample = data[max(0, first - _SAMPLE // 2) :][:_SAMPLE]
    matches = from_bytes(sample, cp_isolation=_WIDE if b"\0" in sample else _LIKELY)
    best = matches.best()
    if best is not None:
        alike = [
            name for match in matches if match.chaos <= best.chaos for name in match.could_be_from_charset
        ]
        encoding = _USUAL if _USUAL in alike else best.encoding
        text = _strictly(data, encoding)
        if text is not None:
            return _without_nul(text, data, f"read as {_name(encoding)}, by the look of it: it is not UTF-8")
    what = f"0x{data[first]:02x} at byte offset {first}"
    return Decoded(None, f"not UTF-8 ({what}) nor any other encoding that fits; convert it to UTF-8 first")


def _without_nul(text: str, data: bytes, detail: str | None) -> Decoded:
    if "\0" not in text:
        return Decoded(text, detail)
    offset = data.index(0)
    return Decoded(None, f"a NUL byte at offset {offset}: binary, or UTF-16 text; give it as UTF-8 text")
