"""Reading: every input gives its documents in order, and whatever cannot be read says why in its place."""

from __future__ import annotations

import glob
import gzip
import io
import json
import os
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import zstandard

from mtscore.files.documents import input_files, read_documents, total_bytes
from mtscore.records import Document

Write = Callable[[str, bytes], str]


@pytest.fixture
def write(in_tmp_path: Path) -> Write:
    """Writes a file below an empty working folder and gives its name back."""

    def write_file(name: str, data: bytes) -> str:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_bytes(data)
        return name

    return write_file


def read(*paths: str, text_field: str = "text", max_bytes: int = 1 << 20) -> list[Document]:
    return list(read_documents(paths, text_field=text_field, max_bytes=max_bytes))


def the_unreadable(document: Document) -> str:
    """The detail of a document that must not have a text."""
    assert document.text is None
    assert document.detail
    assert "\n" not in document.detail
    return document.detail


def jsonl(*records: object) -> bytes:
    return "".join(json.dumps(record) + "\n" for record in records).encode()


CASES = [json.loads(line) for line in (Path(__file__).parent / "input_cases.jsonl").read_text().splitlines()]


@pytest.mark.parametrize("case", [pytest.param(case, id=case["label"]) for case in CASES])
def test_a_file_gives_its_documents(case: dict[str, Any], write: Write) -> None:
    data = bytes.fromhex(case["hex"]) if "hex" in case else case["data"].encode()
    options = {name: case[name] for name in ("text_field", "max_bytes") if name in case}
    found = read(write(case["file"], data), **options)
    assert [document.id for document in found] == [wanted["id"] for wanted in case["documents"]]
    for document, wanted in zip(found, case["documents"], strict=True):
        if "unreadable" in wanted:
            said = the_unreadable(document)
            assert [part for part in wanted["unreadable"] if part not in said] == []
        else:
            assert (document.text, document.is_html) == (wanted["text"], wanted.get("is_html", False))
            assert wanted.get("detail", "") in (document.detail or "")
            assert (document.detail is None) == ("detail" not in wanted)


# Text and HTML files


@pytest.mark.parametrize("name", ["a.html", "a.htm", "a.html.gz"])
def test_web_pages_are_handed_on_raw(write: Write, name: str) -> None:
    page = b"<p>Bread &amp; cheese"
    data = gzip.compress(page) if name.endswith(".gz") else page
    assert read(write(name, data)) == [Document(name, page.decode(), is_html=True)]


def test_an_empty_file_is_an_empty_document_not_an_unreadable_one(write: Write) -> None:
    names = [
        write("a.txt", b""),
        write("b.jsonl", b""),
        write("c.jsonl", b"\n \n"),
        write("d.txt.gz", gzip.compress(b"", mtime=0)),
    ]
    assert read(*names) == [Document(name, "") for name in names]


def test_a_missing_path_is_one_unreadable_document(write: Write) -> None:
    write("b.txt", b"Bread.")
    missing, present = read("a.txt", "b.txt")
    assert missing.id == "a.txt"
    assert "no such file" in the_unreadable(missing)
    assert present.text == "Bread."
    assert "no such file" in the_unreadable(read("nul\0.txt")[0])


# Folders, patterns, standard input


def test_a_folder_gives_its_known_files_in_the_order_of_names(write: Write) -> None:
    for name in ["d/b.txt", "d/a/z.md", "d/a/y.txt", "d/c.jsonl", "d/.hidden.txt", "d/.git/x.txt", "d/e.pdf"]:
        write(name, b'{"id": "c", "text": ""}' if name.endswith("jsonl") else b"")
    ids = [document.id for document in read("d")]
    assert [id.replace(os.sep, "/") for id in ids] == ["d/a/y.txt", "d/a/z.md", "d/b.txt", "c"]
    assert list(input_files(["d"])) == [
        os.path.join("d", *tail) for tail in (["a", "y.txt"], ["a", "z.md"], ["b.txt"], ["c.jsonl"])
    ]


def test_a_folder_without_readable_files_says_so(write: Write) -> None:
    write("d/e/photo.jpg", b"")
    document = read("d")[0]
    assert document.id == "d"
    assert "without readable files" in the_unreadable(document)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_links_and_pipes_in_a_folder_do_no_harm(write: Write) -> None:
    write("d/a.txt", b"Bread.")
    os.symlink("gone", "d/b.txt")
    os.symlink(".", "d/loop")
    os.mkfifo("d/c.txt")
    good, broken = read("d")
    assert good.text == "Bread."
    assert "no such file" in the_unreadable(broken)


def test_patterns_are_sorted_and_a_file_of_that_very_name_wins(write: Write) -> None:
    for name in ["n/b.txt", "n/a.txt", "n/deep/c.txt", "odd[1].txt"]:
        write(name, b"")
    assert [document.id for document in read("n/*.txt")] == [
        os.path.join("n", name) for name in ("a.txt", "b.txt")
    ]
    assert len(read("n/**/*.txt")) == 3
    assert read("odd[1].txt") == [Document("odd[1].txt", "")]
    assert "no file matches" in the_unreadable(read("*.nothing")[0])


@pytest.mark.parametrize(
    ("data", "documents"),
    [
        (b'{"text": "Bread"}\n{"text": "Cheese"}', [Document("1", "Bread"), Document("2", "Cheese")]),
        (b"\xef\xbb\xbf" + jsonl({"id": "x", "text": "Bread"}), [Document("x", "Bread")]),
        (b"{a} brace begins this text\n", [Document("stdin", "{a} brace begins this text\n")]),
        (b"<!DOCTYPE html>\n<p>Bread", [Document("stdin", "<!DOCTYPE html>\n<p>Bread", is_html=True)]),
        (b"\n\n <HTML><body>x", [Document("stdin", "\n\n <HTML><body>x", is_html=True)]),
        (b"<!-- saved --><html>x", [Document("stdin", "<!-- saved --><html>x", is_html=True)]),
        (b"<3 this text\n", [Document("stdin", "<3 this text\n")]),
        (b"Bread", [Document("stdin", "Bread")]),
        (b"", [Document("stdin", "")]),
        (gzip.compress(b"<html>Bread", mtime=0), [Document("stdin", "<html>Bread", is_html=True)]),
        (zstandard.compress(jsonl({"text": "Bread"})), [Document("1", "Bread")]),
    ],
)
def test_standard_input_is_what_it_looks_like(
    data: bytes, documents: list[Document], monkeypatch: pytest.MonkeyPatch
) -> None:
    pipe(monkeypatch, data)
    assert read("-") == documents


def test_standard_input_is_what_it_is_said_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    pipe(monkeypatch, b'{"text": "Bread"}')
    assert list(read_documents(["-"], input_format="text")) == [Document("stdin", '{"text": "Bread"}')]
    pipe(monkeypatch, b"text;id\nBread;7\n")
    assert list(read_documents(["-"], input_format="csv")) == [Document("7", "Bread")]
    pipe(monkeypatch, b"PAR1")
    assert "pipe" in the_unreadable(next(read_documents(["-"], input_format="parquet")))


@pytest.mark.parametrize(
    ("data", "said"), [(b"%PDF-1.7", "pdftotext"), (b"PK\x03\x04zip", "pandoc"), (None, "closed")]
)
def test_standard_input_that_cannot_be_read_says_why(
    data: bytes | None, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipe(monkeypatch, data)
    (document,) = read("-")
    assert document.id == "stdin"
    assert said in the_unreadable(document)


def pipe(monkeypatch: pytest.MonkeyPatch, data: bytes | None) -> None:
    """Puts data on standard input."""
    monkeypatch.setattr(sys, "stdin", None if data is None else io.TextIOWrapper(io.BytesIO(data)))


def test_records_on_standard_input_are_read_as_they_come() -> None:
    ours, theirs = os.pipe()
    with open(ours, encoding="utf-8") as reading, open(theirs, "wb", buffering=0) as writing:
        writing.write(b'{"text": "one"}\n')
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sys, "stdin", reading)
            documents = read_documents(["-"])
            assert next(documents).text == "one"
            writing.write(b'{"text": "two"}\n')
            assert next(documents).text == "two"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_without_a_suffix_is_what_it_looks_like(write: Write) -> None:
    write("page", b"<html>Bread")
    os.mkfifo("pipe")
    sender = subprocess.Popen(["cp", "page", "pipe"])
    assert read("pipe", "page") == [
        Document("pipe", "<html>Bread", is_html=True),
        Document("page", "<html>Bread"),
    ]
    assert sender.wait(10) == 0


def test_an_address_says_how_to_fetch_it() -> None:
    (document,) = read("https://example.org/a?b=1")
    assert document.id == "https://example.org/a?b=1"
    assert "curl -sL 'https://example.org/a?b=1' | mtscore score -" in the_unreadable(document)


def test_the_name_of_a_file_does_not_matter_if_its_format_is_given(write: Write) -> None:
    name = write("page.txt", b"<p>Bread")
    assert list(read_documents([name], input_format="html")) == [Document(name, "<p>Bread", is_html=True)]


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may read everything")
def test_a_forbidden_folder_costs_itself(write: Write) -> None:
    write("d/a/x.txt", b"hidden")
    write("d/b.txt", b"Bread.")
    os.chmod("d/a", 0)
    try:
        closed, good = read("d")
    finally:
        os.chmod("d/a", 0o700)
    assert "cannot be listed" in the_unreadable(closed)
    assert good.text == "Bread."


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_links_that_lead_to_themselves_cost_themselves(write: Write) -> None:
    write("d/a.txt", b"Bread.")
    write("d/sub/c.txt", b"Cheese.")
    os.symlink("b.txt", "d/b.txt")
    os.symlink("..", "d/sub/up")
    os.symlink(".", "d/sub/self")
    first, loop, last = read("d")
    assert (first.text, last.text) == ("Bread.", "Cheese.")
    assert the_unreadable(loop)
    assert [document.id for document in read("d/**/*.txt") if document.text] == [first.id, last.id]
    assert [document.id for document in read("**/c.txt")] == [last.id]
    assert [document.id for document in read("d/*/*/c.txt")] == ["d/sub/self/c.txt"]


@pytest.mark.parametrize(
    "pattern", ["n/*.txt", "n/**", "n/**/*.txt", "n/[ab].txt", "*/a.txt", "n/../n/a.*", "./n/?.txt"]
)
def test_patterns_find_what_the_shell_finds(pattern: str, write: Write) -> None:
    for name in ["n/b.txt", "n/a.txt", "n/deep/c.txt", "n/.hidden.txt", "n/deep/er/d.txt"]:
        write(name, b"")
    expected = {os.path.normpath(path) for path in glob.glob(pattern, recursive=True) if os.path.isfile(path)}
    assert {os.path.normpath(document.id) for document in read(pattern)} == expected


# JSON lines


# CSV and Parquet


def test_parquet_rows_are_documents(write: Write) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    parquet.write_table(pyarrow.table({"id": [7, None, 9], "text": ["one", "two", None]}), "a.parquet")
    first, second, third = read("a.parquet")
    assert (first, second) == (Document("7", "one"), Document("2", "two"))
    assert "row 3 of a.parquet has null" in the_unreadable(third)
    seen: list[int] = []
    assert list(read_documents(["a.parquet"], on_read=seen.append)) == [first, second, third]
    assert sum(seen) > 0
    parquet.write_table(pyarrow.table({"text": [1]}), "b.parquet")
    assert "int64, not texts" in the_unreadable(read("b.parquet")[0])
    assert "no field 'body'" in the_unreadable(read("a.parquet", text_field="body")[0])


@pytest.mark.parametrize(
    ("line", "said"),
    [(b"[" * 200_000, "JSON"), (b'{"text": "' + b"a" * 2_000_000 + b'"}', "longer than 1 MiB")],
)
def test_a_huge_line_costs_itself_alone(write: Write, line: bytes, said: str) -> None:
    before, bad, after = read(
        write("a.jsonl", jsonl({"text": "one"}) + line + b"\n" + jsonl({"text": "three"}))
    )
    assert (before.text, after.text, after.id) == ("one", "three", "3")
    assert said in the_unreadable(bad)


# Size


def test_the_limit_is_exact(write: Write) -> None:
    fits, too_long = write("a.txt", b"a" * 100), write("b.txt", b"a" * 101)
    first, second = read(fits, too_long, max_bytes=100)
    assert first.text == "a" * 100
    assert "longer than 100 bytes" in the_unreadable(second)
    line = jsonl({"text": "a" * 88}).rstrip()
    assert len(line) == 100
    for end in (b"", b"\n"):
        assert read(write("c.jsonl", line + end), max_bytes=100)[0].text is not None
        assert read(write("d.jsonl", line + b" " + end), max_bytes=100)[0].text is None


def test_five_megabytes_in_one_line_are_read(write: Write) -> None:
    text = "bread " * 900_000
    documents = read(
        write("a.txt", text.encode()), write("a.jsonl", jsonl({"text": text})), max_bytes=8 << 20
    )
    assert [document.text == text for document in documents] == [True, True]


def test_a_compression_bomb_is_not_unpacked(write: Write) -> None:
    bomb, packed = gzip.compress(bytes(50_000_000), compresslevel=9), zstandard.compress(bytes(50_000_000))
    text, line, after = read(
        write("a.txt.gz", bomb), write("b.jsonl.gz", bomb + gzip.compress(b"\n" + jsonl({"text": "x"})))
    )
    assert "longer than" in the_unreadable(read(write("c.txt.zst", packed))[0])
    assert "longer than" in the_unreadable(text)
    assert "line 1" in the_unreadable(line)
    assert after.text == "x"


# Compressed files


def test_gzip_is_read_member_by_member(write: Write) -> None:
    data = gzip.compress(jsonl({"text": "one"})) + gzip.compress(jsonl({"text": "two"}))
    assert [document.text for document in read(write("a.JSONL.gz", data))] == ["one", "two"]


def test_zstd_is_read_frame_by_frame(write: Write) -> None:
    data = zstandard.compress(jsonl({"text": "one"})) + zstandard.compress(jsonl({"text": "two"}))
    assert [document.text for document in read(write("a.jsonl.zst", data))] == ["one", "two"]
    assert read(write("b.txt.zst", zstandard.compress(b"Bread.")))[0].text == "Bread."


def test_a_cut_or_damaged_zstd_file_costs_only_its_rest(write: Write) -> None:
    whole = zstandard.ZstdCompressor(write_checksum=True).compress(many_records())
    *good, last = read(write("a.jsonl.zst", whole[: len(whole) // 2]))
    assert len(good) > 500
    assert the_unreadable(last).endswith(
        f"ends too soon; fetch the file again; {len(good)} records were read before"
    )
    damaged = bytearray(whole)
    damaged[-1] ^= 1
    *_, last = read(write("b.jsonl.zst", bytes(damaged)))
    assert "damaged" in the_unreadable(last)
    assert "fetch the file again" in the_unreadable(read(write("c.txt.zst", b"not zstd"))[0])


def many_records() -> bytes:
    source = random.Random(0)
    return jsonl(*({"id": f"r{number}", "text": source.randbytes(300).hex()} for number in range(2000)))


def test_a_cut_file_costs_only_its_rest(write: Write) -> None:
    whole = gzip.compress(many_records())
    *good, last, other = read(write("a.jsonl.gz", whole[: len(whole) // 2]), write("b.txt", b"Bread."))
    assert len(good) > 500
    assert [document.id for document in good] == [f"r{number}" for number in range(len(good))]
    assert last.id == "a.jsonl.gz"
    assert the_unreadable(last).endswith(f"{len(good)} records were read before")
    assert other.text == "Bread."


def test_a_damaged_file_is_told_of_even_if_its_records_look_right(write: Write) -> None:
    data = bytearray(gzip.compress(many_records()))
    data[-8] ^= 1  # the checksum, which is only known to be wrong at the very end
    *good, last, other = read(write("a.jsonl.gz", bytes(data)), write("b.txt", b"Bread."))
    assert len(good) == 2000
    assert "2000 records were read before, and may be wrong too" in the_unreadable(last)
    assert other.text == "Bread."


@pytest.mark.parametrize(
    "data", [b"not gzip at all", gzip.compress(b"Bread and cheese.", mtime=0)[:-4], b"\x1f\x8b"]
)
def test_a_damaged_text_is_unreadable(write: Write, data: bytes) -> None:
    assert "fetch the file again" in the_unreadable(read(write("a.txt.gz", data))[0])


# What a progress bar needs


def test_the_bytes_read_add_up_to_the_total(write: Write) -> None:
    names = [
        write("a.txt", b"Bread."),
        write("b.jsonl.gz", gzip.compress(jsonl({"text": "x"}))),
        "missing.txt",
    ]
    seen: list[int] = []
    list(read_documents(names, on_read=seen.append))
    assert total_bytes(names) == sum(seen) > 0
    assert total_bytes([*names, "-"]) is None


def test_files_are_read_one_record_at_a_time(write: Write) -> None:
    name = write("a.jsonl", jsonl(*({"text": "x" * 1000} for _ in range(20_000))))
    seen: list[int] = []
    next(read_documents([name], on_read=seen.append))
    assert sum(seen) < os.path.getsize(name) / 5
