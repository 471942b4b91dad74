"""Web archives end to end: how many pages a minute does one core score, and is every record accounted for?

    python -m benchmarks.warc [--pages 600] [--words 700]

Makes a WARC file of its own, packed record by record: pages with menus around invented articles, in UTF-8 and
Windows-1252, conversions, pictures, error pages, and damaged members. Then runs `mtscore score --format jsonl` over it
and counts its CPU time, start included.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import resource
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from benchmarks.toy import parsed, text

LEAST = 1000
"""Pages a minute on one core that are aimed at."""

MENU = 120
"""Links around each article."""


def page(number: int, words: int, charset: str) -> bytes:
    """A web page: an article of about so many words between menus."""
    lines: list[str] = []
    while sum(len(line.split()) for line in lines) < words:
        lines += text(number * 100 + len(lines), 8)
    links = "".join(
        f'<li class="menu-item"><a href="/section/{n}?from={number}" data-track="nav">Section {n}</a></li>'
        for n in range(MENU)
    )
    body = "".join(f'<p class="text">{line}</p>\n' for line in lines)
    return (
        f'<!doctype html><html><head><meta charset="{charset}"><title>Café {number}</title>'
        f"<script>var data = {json.dumps(list(range(400)))};</script><style>p {{ margin: 0 }}</style></head>"
        f"<body><nav><ul>{links}</ul></nav><main><article><h1>Café {number}</h1>{body}</article></main>"
        f"<aside><ul>{links}</ul></aside><footer><p>All rights reserved.</p></footer></body></html>"
    ).encode(charset)


def record(kind: str, number: int, payload: bytes, content_type: str) -> bytes:
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:{number:032x}>\r\n"
        f"WARC-Date: 2024-01-01T00:00:00Z\r\nWARC-Target-URI: https://site.example/{kind}/{number}\r\n"
        f"Content-Type: {content_type}\r\nContent-Length: {len(payload)}\r\n\r\n"
    )
    return gzip.compress(head.encode() + payload + b"\r\n\r\n")


def response(number: int, payload: bytes, content_type: str, status: str = "200 OK") -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\nContent-Length: {len(payload)}\r\n\r\n"
    return record("response", number, head.encode() + payload, "application/http; msgtype=response")


def write_archive(path: Path, pages: int, words: int) -> Counter[str]:
    """Writes the file; how many records of each kind it has."""
    made: Counter[str] = Counter()
    with path.open("wb") as file:
        for number in range(pages):
            charset = "windows-1252" if number % 4 == 0 else "utf-8"
            member = response(number, page(number, words, charset), "text/html")
            if number % 100 == 99:
                member = member[: len(member) // 2] + bytes(40) + member[len(member) // 2 + 40 :]
                made["damaged"] += 1
            else:
                made["page"] += 1
            file.write(member)
            if number % 10 == 0:
                file.write(record("conversion", number, "\n".join(text(number, 20)).encode(), "text/plain"))
                file.write(response(number + pages, b"\x89PNG" + os.urandom(20_000), "image/png"))
                file.write(response(number + 2 * pages, b"<p>not here", "text/html", "404 Not Found"))
                made["conversion"] += 1
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=600)
    parser.add_argument("--words", type=int, default=700, help="of an article (700)")
    toy = ["--pages", "20", "--words", "100"]
    with parsed(parser, arguments, lambda _: toy) as given, tempfile.TemporaryDirectory() as folder:
        return _measure(Path(folder), given.pages, given.words)


def _measure(folder: Path, pages: int, words: int) -> int:
    archive, output = folder / "crawl.warc.gz", folder / "scores.jsonl"
    made = write_archive(archive, pages, words)
    call = [
        sys.executable,
        "-m",
        "mtscore",
        "score",
        "--format",
        "jsonl",
        "--output",
        str(output),
        str(archive),
    ]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(call, stderr=subprocess.PIPE, text=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    verdicts = [json.loads(line) for line in output.read_text(encoding="utf-8").splitlines()]
    found = Counter(_kind(verdict) for verdict in verdicts)
    rate = 60 * (found["page"] + found["conversion"]) / seconds
    print(f"{archive.stat().st_size / 2**20:.1f} MiB packed; made: {dict(made)}; found: {dict(found)}")
    print(f"{seconds:.1f} s of CPU: {rate:,.0f} pages a minute on one core (aimed at: {LEAST:,})")
    if found != made:
        print(f"A RECORD IS MISSING; the command ended with {done.returncode}: {done.stderr[-2000:]}")
    return int(found != made)


def _kind(verdict: dict[str, str]) -> str:
    if verdict["reason"] == "unreadable":
        return "damaged"
    return "conversion" if "/conversion/" in verdict["id"] else "page"


if __name__ == "__main__":
    sys.exit(main())
