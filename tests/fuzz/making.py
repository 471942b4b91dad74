"""Input that is nearly right, made from random numbers alone: thousands a second, and the same again for a seed.

Hypothesis makes a few hundred inputs a second and then makes small what broke. What is read by the byte is worth many
more tries than that; `targets` lists it. The pieces are those of `strategies`.
"""

from __future__ import annotations

import base64
import gzip
import io
import json
import quopri
import random
from collections.abc import Callable
from typing import Any

import zstandard
from strategies import ATTRIBUTES, BREAKS, ENTITIES, INVISIBLE, LETTERS, MARKS, MOJIBAKE, NAMES, PIECES, PROSE

from mtscore.text.surrogates import without_surrogates

LARGE = 1000
"""One input of so many is repeated until it is about as long as the default limit lets it be."""

MOST_BYTES = 2 << 20

ENCODINGS = (
    "utf-8", "utf-8", "utf-8", "cp1252", "utf-16", "utf-16-le", "utf-8-sig", "utf-32", "shift_jis", "mac_roman",
    "koi8_r", "cp1251", "gb18030", "iso8859_15",
)  # fmt: skip
CHARSETS = (
    "windows-1252", "utf-8", "utf-16", "UTF-16BE", "iso-8859-1", "nonsense", "utf-7", "hex", "", "idna", "undefined",
    "unicode_escape", "=?", "punycode", "\x00", "mbcs", "rot13", "zlib", "ascii", "utf-8-sig", "big5", "a" * 60,
)  # fmt: skip
ODD_VALUES: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 2**63, -(2**63), 10**30, 0.5, 1e308, float("nan"), float("inf"), "", "x", "\ud800",
    "1", "garbled", "clean", "skip", [], {}, [[]], [None], {"a": None},
)  # fmt: skip
_DIRTY = (*ENTITIES, *MOJIBAKE, *LETTERS, *INVISIBLE, *BREAKS, *MARKS)
_TAGS = ("<{}{}>", "<{}{}>", "</{}{}>", "<{}{}", "</{}{}", "<!--{}{}", "<{}{}/>", "<!{}{}>", "<![CDATA[{}{}")

Random = random.Random


def chance(rng: Random, one_in: int) -> bool:
    """Whether something happens that does once in so many times."""
    return rng.randrange(one_in) == 0


def text(rng: Random, most: int = 20) -> str:
    """Prose, dirt and characters of all planes in any order."""
    pools = (PIECES, _DIRTY, PROSE)
    pieces = [rng.choice(rng.choice(pools)) for _ in range(rng.randrange(most))]
    if chance(rng, 3):
        pieces.append(chr(rng.randrange(rng.choice((0x80, 0x800, 0x10000, 0x110000)))))
        rng.shuffle(pieces)
    return grown(rng, "".join(pieces))


def page(rng: Random) -> str:
    """A web page, most often a broken one."""
    pieces = [
        rng.choice(_TAGS).format(rng.choice(NAMES), rng.choice(ATTRIBUTES))
        if chance(rng, 2)
        else rng.choice(PIECES)
        for _ in range(rng.randrange(40))
    ]
    if chance(rng, 4):
        pieces.insert(
            0, rng.choice(("<!doctype html>", "<html class=translated-ltr>", "<?xml version='1.0'?>"))
        )
    return grown(rng, "".join(pieces))


def grown(rng: Random, piece: str) -> str:
    """The text itself, or many times over."""
    if chance(rng, LARGE) and piece:
        size = rng.randrange(MOST_BYTES)
        return piece * (size // max(len(piece.encode("utf-8", "replace")), 1))
    return piece * rng.choice((1, 1, 1, 1, 2, 5))


def encoded(rng: Random, given: str) -> bytes:
    """The text in some encoding."""
    encoding = rng.choice(ENCODINGS)
    return given.encode(encoding, "surrogatepass" if encoding.startswith("utf") else "replace")


def bent(rng: Random, data: bytes) -> bytes:
    """The data with a few bytes changed, cut out, repeated or moved; most often as they were."""
    for _ in range(rng.choice((0, 0, 1, 1, 2, 4))):
        start = rng.randrange(len(data) + 1)
        end = start + rng.choice((0, 1, 1, 4, 50))
        change = rng.randrange(4)
        if change == 0:
            middle = rng.randbytes(rng.randrange(4))
        elif change == 1:
            middle = data[start:end] * 2
        elif change == 2:
            middle = bytes(byte ^ 1 << rng.randrange(8) for byte in data[start : start + 1])
            end = start + 1
        else:
            middle = rng.choice(
                (b'"', b"\n", b"\r", b"\0", b",", b"{", b"}", b"\xff", b"\xef\xbb\xbf", b"<", b"=")
            )
        data = data[:start] + middle + data[end:]
    return data


def packed(rng: Random, data: bytes, suffix: str) -> bytes:
    """The data in one or more gzip members or zstd frames."""
    cut = rng.randrange(len(data) + 1) if chance(rng, 3) else len(data)
    parts = [data[:cut], data[cut:]] if cut < len(data) else [data]
    pack: Callable[[bytes], bytes] = (
        (lambda part: gzip.compress(part, 1, mtime=0)) if suffix == ".gz" else zstandard.compress
    )
    return b"".join(map(pack, parts))


# JSON


def value(rng: Random, depth: int = 2) -> Any:
    """A JSON value."""
    kind = rng.randrange(6 if depth else 4)
    if kind < 2:
        return rng.choice(ODD_VALUES)
    if kind < 4:
        return "".join(rng.choice(PIECES) for _ in range(rng.randrange(4)))
    if kind == 4:
        return [value(rng, depth - 1) for _ in range(rng.randrange(4))]
    return {rng.choice(("a", "text", "id", "", "mtscore", "\u200b")): value(rng, depth - 1) for _ in range(3)}


def changed(rng: Random, values: Any) -> Any:
    """The values with one of them, anywhere, exchanged or left out."""
    if isinstance(values, dict) and values and not chance(rng, 6):
        key = rng.choice(sorted(values))
        if chance(rng, 5):
            return {name: kept for name, kept in values.items() if name != key}
        return values | {key: changed(rng, values[key])}
    if isinstance(values, list) and values and not chance(rng, 4):
        place = rng.randrange(len(values))
        return [*values[:place], changed(rng, values[place]), *values[place + 1 :]]
    return value(rng)


def dumped(rng: Random, values: Any) -> bytes:
    """JSON, now and then bent."""
    data = json.dumps(values, ensure_ascii=chance(rng, 2)).encode("utf-8", "surrogatepass")
    return bent(rng, data) if chance(rng, 4) else data


def objects(rng: Random, *names: str) -> bytes:
    """JSON lines whose objects have some of the names."""
    lines = []
    for _ in range(rng.randrange(6)):
        record: Any = {name: value(rng) for name in names if not chance(rng, 4)}
        if "text" in record and not chance(rng, 4):
            record["text"] = text(rng, 6)
        record = value(rng) if chance(rng, 8) else record
        lines.append(dumped(rng, record) + rng.choice((b"\n", b"\n", b"\r\n", b"\n\n", b"", b" \n")))
    data = b"".join(lines)
    if chance(rng, 12):
        data = data.decode("utf-8", "replace").encode(
            rng.choice(("utf-16", "cp1252", "utf-8-sig")), "replace"
        )
    return bent(rng, data)


def table(rng: Random, *names: str) -> bytes:
    """A table with a header of those names."""
    between = rng.choice((",", ";", "\t", "|"))
    rows: list[list[str]] = [list(names)]
    for _ in range(rng.randrange(6)):
        cells = [text(rng, 4) if chance(rng, 2) else str(rng.choice(ODD_VALUES)) for _ in names]
        if chance(rng, 5):
            cells = cells[: rng.randrange(4)] * rng.choice((1, 2))
        rows.append(['"' + cell.replace('"', '""') + '"' if chance(rng, 2) else cell for cell in cells])
    end = rng.choice(("\n", "\n", "\r\n", "\r"))
    return bent(rng, encoded(rng, "".join(between.join(row) + end for row in rows)))


def parquet(rng: Random) -> bytes:
    """A Parquet file with texts, numbers and lists."""
    import pyarrow as pa
    import pyarrow.parquet

    rows = rng.randrange(6)
    texts = [None if chance(rng, 5) else without_surrogates(text(rng, 4)) for _ in range(rows)]
    columns: dict[str, Any] = {"text": pa.array(texts, rng.choice((pa.string(), pa.large_string())))}
    if chance(rng, 2):
        columns["id"] = pa.array(range(rows))
    if chance(rng, 2):
        lists = [["a" * rng.randrange(9)] * rng.choice((0, 1, 9, 4000)) for _ in range(rows)]
        columns["tags"] = pa.array(lists, pa.list_(pa.string()))
    if chance(rng, 4):
        columns["chat"] = pa.array([[{"by": "a", "says": ["b", None]}] * 3] * rows)
    buffer = io.BytesIO()
    pa.parquet.write_table(
        pa.table(columns), buffer, compression=rng.choice(("none", "snappy", "gzip", "zstd", "brotli", "lz4")),
        use_dictionary=chance(rng, 2), data_page_version=rng.choice(("1.0", "2.0")), row_group_size=rng.randrange(1, 6),
    )  # fmt: skip
    return bent(rng, buffer.getvalue())


# Mail and web archives


def message(rng: Random) -> bytes:
    """An e-mail or a saved page, of one part or several."""
    kinds = (
        "text/plain",
        "text/html",
        "multipart/mixed",
        "multipart/related",
        "message/rfc822",
        "a",
        ";;",
        "",
    )
    boundary = rng.choice(("x", "x", '"x y"', "", "=_", "--", "x" * 200))
    kind = rng.choice(kinds)
    head = (
        f"Subject: {text(rng, 3)}\nContent-Type: {kind}; boundary={boundary}; charset={rng.choice(CHARSETS)}\n"
        f"Content-Transfer-Encoding: {_coding(rng)}\n"
    )
    parts = "".join(f"\n--{boundary}\n{_part(rng)}" for _ in range(rng.randrange(3)))
    whole = f"{head}\n{_coded(rng, page(rng))}{parts}\n--{boundary}--\n"
    return bent(rng, encoded(rng, whole))


def _coding(rng: Random) -> str:
    return rng.choice(
        ("base64", "quoted-printable", "8bit", "7bit", "uuencode", "x-uuencode", "nonsense", "")
    )


def _part(rng: Random) -> str:
    kind = rng.choice(
        ("text/plain", "text/html", "image/png", "multipart/alternative; boundary=x", "message/rfc822")
    )
    where = rng.choice(
        ("", "", "Content-Disposition: attachment; filename==?utf-8?b?a?=\n", "Content-Disposition: ;\n")
    )
    return (
        f"Content-Type: {kind}; charset={rng.choice(CHARSETS)}\n{where}Content-Transfer-Encoding: {_coding(rng)}\n\n"
        f"{_coded(rng, text(rng, 6))}"
    )


def _coded(rng: Random, given: str) -> str:
    data = encoded(rng, given)
    form = rng.randrange(4)
    if form == 0:
        return base64.b64encode(data).decode()
    if form == 1:
        return quopri.encodestring(data).decode("latin-1")
    return given if form == 2 else data.decode("latin-1")


def archive(rng: Random) -> bytes:
    """A web archive: responses, conversions and records that lie about themselves."""
    data = b"".join(_record(rng) for _ in range(rng.randrange(4)))
    return bent(rng, data)


def _record(rng: Random) -> bytes:
    payload = encoded(rng, page(rng) if chance(rng, 2) else text(rng))
    kind = rng.choice(
        ("response", "resource", "conversion", "request", "revisit", "metadata", "warcinfo", "?")
    )
    content = rng.choice(
        ("application/http; msgtype=response", "text/plain", "text/html; charset=x", "image/png", "")
    )
    if content.startswith("application"):
        payload = _response(rng, payload)
    size = rng.choice(
        (len(payload), len(payload), len(payload), 0, -1, 10**20, len(payload) + 7, len(payload) // 2)
    )
    head = (
        f"WARC/1.{rng.randrange(2)}\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {rng.choice(('http://e/', '', '<u>'))}\r\n"
        f"WARC-Record-ID: <urn:uuid:{rng.randrange(99)}>\r\nContent-Type: {content}\r\nContent-Length: {size}"
    )
    record = head.encode() + b"\r\n\r\n" + payload + rng.choice((b"\r\n\r\n", b"\r\n\r\n", b"\n", b""))
    return gzip.compress(record, 1, mtime=0) if chance(rng, 2) else record


def _response(rng: Random, payload: bytes) -> bytes:
    status = rng.choice(("200 OK", "200 OK", "404", "x", "", "99999999999"))
    kind = rng.choice(
        ("text/html", "text/html; charset=nonsense", "text/plain; charset=utf-16", "image/png", "")
    )
    coding = rng.choice(
        ("", "", "Content-Encoding: gzip\r\n", "Content-Encoding: br\r\n", "Transfer-Encoding: chunked\r\n")
    )
    if "gzip" in coding and chance(rng, 2):
        payload = gzip.compress(payload, 1)
    elif "chunked" in coding and chance(rng, 2):
        payload = b"%x\r\n" % len(payload) + payload + b"\r\n0\r\n\r\n"
    return f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n{coding}\r\n".encode() + payload
