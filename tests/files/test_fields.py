"""Named values of records, as label files need them."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from mtscore.errors import InputError
from mtscore.files.fields import read_fields


def test_jsonl_and_csv_give_the_same_values_packed_or_not(tmp_path: Path) -> None:
    lines, table = b'{"text": "Bread.", "label": "1"}\n', b"text,label\nBread.,1\n"
    for name, data in (("a.jsonl", lines), ("a.csv", table)):
        for suffix, pack in (("", bytes), (".gz", gzip.compress)):
            (tmp_path / (name + suffix)).write_bytes(pack(data))
            *_, record = read_fields(str(tmp_path / (name + suffix)))
            assert record.values == {"text": "Bread.", "label": "1"}
    assert record.number == 2


def test_a_malformed_or_long_record_has_a_problem_and_no_other_has(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{broken\n{"text": "' + b"a" * 100 + b'"}\n{"text": "Bread."}\n')
    first, second, third = read_fields(str(path), max_bytes=50)
    assert "not JSON" in str(first.problem)
    assert "longer than 50 bytes" in str(second.problem)
    assert third == (3, b'{"text": "Bread."}\n', {"text": "Bread."}, None)


@pytest.mark.parametrize(("name", "said"), [("gone.jsonl", "no such file"), ("a.txt", "read here")])
def test_a_file_that_cannot_be_read_is_an_error(name: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=said):
        list(read_fields(str(tmp_path / name)))
