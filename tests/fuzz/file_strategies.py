"""Files that are nearly right: built by their formats' rules, then bent."""

from __future__ import annotations

import gzip
import io
import json
from typing import Any

import zstandard
from hypothesis import strategies as st

SUFFIXES = (
    ".txt", ".html", ".jsonl", ".csv", ".tsv", ".eml", ".mhtml", ".warc", ".wet", ".parquet", ".md", ".xhtml",
    ".pdf", "",
)  # fmt: skip

words = st.sampled_from(
    ["bread", "café", "“quoted”", "=1+1", 'a "b" c', "a;b", "a\tb", "漢字", "\u200b", "\ud800", "", "x" * 300]
)
plain = st.lists(words, max_size=12).map(" ".join)
values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | plain,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=6,
)
objects = st.fixed_dictionaries(
    {}, optional={"text": plain | values, "id": values, "mtscore": values, "x": values}
)
encodings = st.sampled_from(["utf-8", "cp1252", "utf-16", "utf-16-le", "utf-8-sig", "shift_jis", "mac_roman"])


def encoded(text: str, encoding: str) -> bytes:
    return text.encode(encoding, "surrogatepass" if encoding.startswith("utf") else "replace")


@st.composite
def texts(draw: st.DrawFn) -> bytes:
    return encoded(draw(plain), draw(encodings))


@st.composite
def pages(draw: st.DrawFn) -> bytes:
    charset = draw(
        st.sampled_from(
            ["windows-1252", "utf-8", "utf-16", "nonsense", "utf-7", "hex", "", "idna", "undefined"]
        )
    )
    opening = draw(st.sampled_from(["<!doctype html>", "<?xml version='1.0' encoding='x'?>", "<html>", ""]))
    return encoded(f'{opening}<meta charset="{charset}"><p>{draw(plain)}</p>', draw(encodings))


@st.composite
def json_lines(draw: st.DrawFn) -> bytes:
    ends = st.sampled_from([b"\n", b"\r\n", b"\n\n", b""])
    return b"".join(
        encoded(json.dumps(record, ensure_ascii=draw(st.booleans())), "utf-8") + draw(ends)
        for record in draw(st.lists(objects | values, max_size=6))
    )


@st.composite
def tables(draw: st.DrawFn) -> bytes:
    between = draw(st.sampled_from([",", ";", "\t"]))
    quoted = st.builds(lambda text, is_quoted: f'"{text}"' if is_quoted else text, plain, st.booleans())
    rows = [["id", "text"], *draw(st.lists(st.lists(quoted, min_size=1, max_size=3), max_size=6))]
    return encoded(
        "".join(between.join(row) + draw(st.sampled_from(["\n", "\r\n", "\r"])) for row in rows),
        draw(encodings),
    )


@st.composite
def messages(draw: st.DrawFn) -> bytes:
    kind = draw(
        st.sampled_from(
            ["text/plain", "text/html", "multipart/mixed; boundary=x", "multipart/mixed", "a", ";;"]
        )
    )
    charset = draw(st.sampled_from(["utf-8", "windows-1252", "nonsense", "utf-7", "=?", ""]))
    coding = draw(st.sampled_from(["base64", "quoted-printable", "8bit", "uuencode", "nonsense"]))
    body = draw(plain)
    return encoded(
        f"Subject: {draw(words)}\nContent-Type: {kind}; charset={charset}\nContent-Transfer-Encoding: {coding}\n\n"
        f"{body}\n--x\nContent-Type: text/plain\n\n{body}\n--x--\n",
        draw(encodings),
    )


@st.composite
def archives(draw: st.DrawFn) -> bytes:
    data = b""
    for _ in range(draw(st.integers(0, 4))):
        payload = draw(texts())
        kind = draw(
            st.sampled_from(["response", "resource", "conversion", "request", "revisit", "metadata", "?"])
        )
        content = draw(
            st.sampled_from(
                ["application/http; msgtype=response", "text/plain", "text/html", "image/png", ""]
            )
        )
        if content.startswith("application"):
            coding = draw(
                st.sampled_from(["", "Content-Encoding: gzip\r\n", "Transfer-Encoding: chunked\r\n"])
            )
            status = draw(st.sampled_from(["200 OK", "404", "x", ""]))
            payload = f"HTTP/1.1 {status}\r\nContent-Type: text/html\r\n{coding}\r\n".encode() + payload
        size = draw(
            st.sampled_from([len(payload), len(payload), len(payload), 0, -1, 10**20, len(payload) + 7])
        )
        head = (
            f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: http://e/\r\n"
            f"Content-Type: {content}\r\nContent-Length: {size}"
        )
        record = head.encode() + b"\r\n\r\n" + payload + b"\r\n\r\n"
        data += gzip.compress(record, mtime=0) if draw(st.booleans()) else record
    return data


@st.composite
def parquets(draw: st.DrawFn) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet

    rows = draw(st.integers(0, 5))
    texts = draw(
        st.lists(st.none() | plain.filter(lambda text: "\ud800" not in text), min_size=rows, max_size=rows)
    )
    columns: dict[str, Any] = {
        "text": pa.array(texts, draw(st.sampled_from([pa.string(), pa.large_string()])))
    }
    if draw(st.booleans()):
        columns["id"] = pa.array(range(rows))
    if draw(st.booleans()):
        columns["tags"] = pa.array([["a", None]] * rows, pa.list_(pa.string()))
    buffer = io.BytesIO()
    pa.parquet.write_table(
        pa.table(columns), buffer,
        compression=draw(st.sampled_from(["none", "snappy", "gzip", "zstd"])), use_dictionary=draw(st.booleans()),
        data_page_version=draw(st.sampled_from(["1.0", "2.0"])), row_group_size=draw(st.integers(1, 6)),
    )  # fmt: skip
    return buffer.getvalue()


contents = st.one_of(
    texts(), pages(), json_lines(), tables(), messages(), archives(), parquets(), st.binary(max_size=400)
)


@st.composite
def bent(draw: st.DrawFn, data: bytes) -> bytes:
    """The data with a few bytes changed, cut out or repeated; most often as they were."""
    for _ in range(draw(st.sampled_from([0, 0, 1, 1, 2, 4]))):
        start = draw(st.integers(0, len(data)))
        end = start + draw(st.sampled_from([0, 1, 1, 4, 50]))
        data = data[:start] + draw(st.binary(max_size=4) | st.just(data[start:end] * 2)) + data[end:]
    return data


@st.composite
def files(draw: st.DrawFn) -> tuple[str, bytes]:
    """A name and what the file holds, which need not go together."""
    data = draw(contents.flatmap(bent))
    packing = draw(st.sampled_from(["", "", "", ".gz", ".zst"]))
    if packing:
        packed = gzip.compress(data, mtime=0) if packing == ".gz" else zstandard.compress(data)
        data = draw(st.sampled_from([packed, packed * 2, packed[:-3], data]))
    return "a" + draw(st.sampled_from(SUFFIXES)) + packing, data
