"""What a small file can make of itself stays within the limit that the user sees."""

from __future__ import annotations

import gzip
import io
import json
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mtscore.errors import InputError
from mtscore.files.documents import MAX_BYTES, read_documents
from mtscore.files.fields import read_fields
from mtscore.files.formats.parquet_pages import row_groups
from mtscore.files.formats.parquet_rows import largest_rows

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


FILTER = """
import io, sys
from test_filtering import ToyScorer
from mtscore.errors import MtscoreError
from mtscore.files.filtering import FilterSettings, filter_records
said = "-"
try:
    count = filter_records(FilterSettings((sys.argv[1],), sys.argv[1] + ".out.parquet"), ToyScorer(), io.BytesIO()).read
except MtscoreError as error:
    count, said = 0, error
peak = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(count, peak // 1024, said)
"""


def read_apart(path: Path) -> tuple[int, int, str]:
    """How many documents another process finds, its largest size in MiB, and what it says of the last."""
    return apart(READ, path)


def filtered_apart(path: Path) -> tuple[int, int, str]:
    """How many records another process filters, its largest size in MiB, and what it says of the rest."""
    return apart(FILTER, path)


def apart(code: str, path: Path) -> tuple[int, int, str]:
    done = subprocess.run(
        [sys.executable, "-c", code, path],
        capture_output=True, text=True, check=True, cwd=Path(__file__).parent,
    )  # fmt: skip
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


def in_lists(pa: Any, times: int, size: int, rows: int = 1) -> Any:
    """A table with a list of one value, so many times, in each row: in a file, the value is there once."""
    value = pa.DictionaryArray.from_arrays(pa.array(np.zeros(times * rows, np.int32)), pa.array(["a" * size]))
    offsets = pa.array(np.arange(rows + 1, dtype=np.int32) * times)
    return pa.table({"text": ["x"] * rows, "tags": pa.ListArray.from_arrays(offsets, value)})


@needs_peaks
@pytest.mark.parametrize(
    ("times", "size", "version"),
    [(20_000, 1_000_000, "1.0"), (20_000_000, 1, "2.0")],
)
def test_a_list_that_repeats_a_value_in_one_row_is_not_unpacked(
    tmp_path: Path, times: int, size: int, version: str
) -> None:
    pa = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    path = tmp_path / "a.parquet"
    options = {"compression": "zstd", "store_schema": False, "data_page_version": version}
    parquet.write_table(in_lists(pa, times, size), path, **options)
    assert path.stat().st_size < 200_000
    count, peak, said = filtered_apart(path)
    assert (count, peak < ROOM) == (0, True)
    assert "a row of its column 'tags' takes" in said
    assert read_apart(path)[0] == 1, "scoring reads no other column than the text's"


@needs_peaks
@pytest.mark.parametrize("compression", ["zstd", "lz4"])
def test_lists_that_are_long_together_are_read_a_few_at_a_time(tmp_path: Path, compression: str) -> None:
    pa = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    path = tmp_path / "a.parquet"
    parquet.write_table(in_lists(pa, 100, 100_000, 40), path, compression=compression, store_schema=False)
    count, peak, _ = filtered_apart(path)
    assert (count, peak < 2 * ROOM) == (40, True), peak
    assert parquet.ParquetFile(f"{path}.out.parquet").metadata.num_rows > 0


def test_what_a_row_may_hold_is_never_less_than_what_it_holds() -> None:
    pa = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    generator = random.Random(1)
    for number in range(12):
        long = generator.randrange(300, 900)
        rows: list[list[str] | None] = [
            ["x" * generator.randrange(20)] * generator.choice((0, 1, 3, 40))
            if generator.randrange(9)
            else None
            for _ in range(500)
        ]
        rows[generator.randrange(500)] = ["y" * 19] * long
        lists = pa.array(rows, pa.list_(pa.string()))
        buffer = io.BytesIO()
        parquet.write_table(
            pa.table({"a": lists, "b": pa.array([[row or [], None] for row in rows], pa.list_(lists.type))}),
            buffer, compression=("none", "snappy", "zstd", "lz4")[number % 4], use_dictionary=number % 3 > 0,
            data_page_version=("1.0", "2.0")[number % 2], data_page_size=generator.choice((500, 1 << 20)),
        )  # fmt: skip
        file = parquet.ParquetFile(buffer)
        (group,) = row_groups(buffer)
        found = largest_rows(buffer, group.chunks, file.schema, None, 0)
        assert len(found) == 2
        assert all(19 * long < size < 1 << 19 for size in found.values())


DAMAGE = """
import io, sys
from mtscore.errors import InputError
from mtscore.files.formats.parquet import read_parquet
from mtscore.files.formats.record import Options
data = open(sys.argv[1], "rb").read()
read = refused = 0
for place in range(len(data) - 8 - int.from_bytes(data[-8:-4], "little"), len(data)):
    for change in (1, 2, 4, 64):
        bent = data[:place] + bytes([data[place] ^ change]) + data[place + 1 :]
        try:
            list(read_parquet(io.BytesIO(bent), "a.parquet", Options("text", 1000, True)))
            read += 1
        except InputError:
            refused += 1
print(read, refused, "-")
"""


def test_no_damage_to_its_end_lets_a_parquet_file_end_the_process(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    path = tmp_path / "a.parquet"
    parquet.write_table(pa.table({"text": ["x"], "tags": [["a", "b"]]}), path, store_schema=False)
    read, refused, _ = apart(DAMAGE, path)
    assert min(read, refused) > 50


@pytest.mark.parametrize("compression", ["none", "snappy", "gzip", "brotli", "zstd", "lz4"])
def test_the_end_of_a_parquet_file_says_what_arrow_says_of_it(compression: str) -> None:
    pa = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    buffer = io.BytesIO()
    table = pa.table({"text": ["x", None] * 20, "n": range(40), "chat": [[{"a": ["b"], "c": 1}]] * 40})
    parquet.write_table(table, buffer, compression=compression, row_group_size=7, use_dictionary=["text"])
    metadata = parquet.ParquetFile(buffer).metadata
    found = row_groups(buffer)
    assert [group.rows for group in found] == [metadata.row_group(n).num_rows for n in range(6)]
    for number, group in enumerate(found):
        chunks = [metadata.row_group(number).column(n) for n in range(4)]
        assert [chunk.path for chunk in group.chunks] == [chunk.path_in_schema for chunk in chunks]
        assert [chunk.end - chunk.start for chunk in group.chunks] == [
            chunk.total_compressed_size for chunk in chunks
        ]
        assert [chunk.start for chunk in group.chunks] == [
            chunk.dictionary_page_offset or chunk.data_page_offset for chunk in chunks
        ]


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
