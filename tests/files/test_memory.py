"""What a small file can make of itself stays within the limit that the user sees."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path

import pytest

from mtscore.errors import InputError
from mtscore.files.documents import MAX_BYTES, read_documents
from mtscore.files.fields import read_fields

ROOM = 300
"""MiB that reading a hostile file may take."""

READ = """
import sys
from mtscore.files.documents import read_documents
found = [document.detail or "" for document in read_documents(sys.argv[1:])]
peak = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(len(found), peak // 1024, found[-1] or "-")
"""

needs_peaks = pytest.mark.skipif(sys.platform != "linux", reason="peaks are counted otherwise there")


def read_apart(path: Path) -> tuple[int, int, str]:
    """How many documents another process finds, its largest size in MiB, and what it says of the last."""
    done = subprocess.run([sys.executable, "-c", READ, path], capture_output=True, text=True, check=True)
    count, peak, detail = done.stdout.split(maxsplit=2)
    return int(count), int(peak), detail


def test_the_default_limit_suits_the_memory_that_scoring_takes() -> None:
    per_character, at_rest = 340, 200 << 20
    assert at_rest + per_character * MAX_BYTES < 1 << 30


@needs_peaks
def test_one_long_value_in_many_rows_of_a_parquet_file_is_there_once(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    values = pa.DictionaryArray.from_arrays(pa.array([0] * 3000, pa.int32()), pa.array(["a" * 25_000_000]))
    path = tmp_path / "bomb.parquet"
    parquet.write_table(pa.table({"text": values}), path, compression="zstd", store_schema=False)
    assert path.stat().st_size < 20_000
    count, peak, detail = read_apart(path)
    assert count == 3000
    assert "longer than 2 MiB" in detail
    assert peak < ROOM


@needs_peaks
def test_a_page_of_a_parquet_file_that_is_too_large_is_not_unpacked(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    table = pa.table({"text": ["x"], "other": ["a" * 100_000_000]})
    path = tmp_path / "a.parquet"
    parquet.write_table(table, path, compression="zstd", use_dictionary=False)
    count, peak, _ = read_apart(path)
    assert (count, peak < ROOM) == (1, True), "the other column is not read"
    (document,) = read_documents([str(path)], text_field="other")
    assert "a page of its column 'other' takes" in str(document.detail)


def test_a_page_header_that_is_none_is_told_of(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    path = tmp_path / "a.parquet"
    parquet.write_table(pa.table({"text": ["x"]}), path)
    data = bytearray(path.read_bytes())
    data[4:12] = b"\xff" * 8
    path.write_bytes(data)
    (document,) = read_documents([str(path)])
    assert "no proper header" in str(document.detail)


@needs_peaks
@pytest.mark.parametrize("name", ["a.jsonl.gz", "a.csv.gz", "a.txt.gz", "a.eml.gz", "a.warc.gz"])
def test_packed_files_are_unpacked_up_to_the_limit_only(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    begin = {"a.jsonl.gz": b'{"text": "', "a.csv.gz": b"text\n", "a.eml.gz": b"Subject: x\n\n"}.get(name, b"")
    if name == "a.warc.gz":
        begin = (
            b"WARC/1.0\r\nWARC-Type: conversion\r\nWARC-Record-ID: <urn:uuid:1>\r\nWARC-Date: 2024-01-01T00:00:00Z\r\n"
            b"Content-Type: text/plain\r\nContent-Length: 100000000\r\n\r\n"
        )
    with gzip.open(path, "wb", compresslevel=1) as file:
        file.write(begin)
        for _ in range(100):
            file.write(b"a" * 1_000_000)
    _, peak, detail = read_apart(path)
    assert "longer than 2 MiB" in detail
    assert peak < ROOM


def test_labels_are_unpacked_record_by_record(tmp_path: Path) -> None:
    path = tmp_path / "labels.jsonl.gz"
    line = json.dumps({"label": 1, "text": "a" * 3_000_000}).encode() + b"\n"
    path.write_bytes(gzip.compress(line + b'{"label": 0, "text": "short"}\n', compresslevel=1))
    long, short = read_fields(str(path))
    assert "longer than 2 MiB" in str(long.problem)
    assert len(long.raw) <= MAX_BYTES + 1
    assert short.values == {"label": 0, "text": "short"}
    with pytest.raises(InputError, match="no such file"):
        list(read_fields(str(tmp_path / "gone.jsonl")))
