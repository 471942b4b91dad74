"""Label files: what is read, what is told, and what belongs together."""

from __future__ import annotations

import gzip
import json
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from conftest import toy_text
from jsonl_cases import Case, read_cases

from mtscore import InputError
from mtscore.learning.labels import MAX_PROBLEMS, LabelSet, doubts, read_labels
from mtscore.learning.near_duplicates import near_copies, text_key


def write(folder: Path, *records: Any, name: str = "labels.jsonl") -> Path:
    path = folder / name
    lines = [record if isinstance(record, str) else json.dumps(record) for record in records]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def told(labels: LabelSet) -> list[str]:
    return [f"{problem.kind} {problem}" for problem in labels.problems]


def test_all_fields_of_a_record_are_read(tmp_path: Path) -> None:
    record = {
        "id": "a1",
        "text": "A text.",
        "label": "Garbled",
        "group": "letters",
        "quality": 40,
        "weight": 2,
    }
    (text,) = read_labels([str(write(tmp_path, record))]).texts
    assert (text.id, text.text, text.label, text.where) == ("a1", "A text.", 1, "labels.jsonl:1")
    assert (text.group, text.quality, text.weight) == ("letters", 40.0, 2.0)


@pytest.mark.parametrize(
    ("value", "label"),
    [(1, 1), (0, 0), ("1", 1), (1.0, 1), (True, 1), (False, 0), (" CLEAN ", 0), ("garbled", 1)],
)
def test_the_ways_to_write_a_label(tmp_path: Path, value: object, label: int) -> None:
    (text,) = read_labels([str(write(tmp_path, {"text": "x", "label": value}))]).texts
    assert text.label == label


def test_a_csv_file_gives_the_same_as_json_lines_and_names_the_lines_that_records_begin_on(
    tmp_path: Path,
) -> None:
    path = tmp_path / "labels.csv"
    path.write_text('id,text,label\na,"Two\nlines, here.",1\nb,Other.,maybe\nc,Third.,0\n', encoding="utf-8")
    labels = read_labels([str(path)])
    assert [(t.id, t.text, t.label, t.where) for t in labels.texts] == [
        ("a", "Two\nlines, here.", 1, "labels.csv:2"),
        ("c", "Third.", 0, "labels.csv:5"),
    ]
    assert told(labels) == ["label labels.csv:4: unknown label 'maybe'; known are 1 or garbled, 0 or clean"]


def test_a_cell_of_a_csv_file_may_be_long(tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    path.write_text(f"text,label\n{'word ' * 100_000},1\n", encoding="utf-8")
    assert len(read_labels([str(path)]).texts[0].text) == 500_000


def test_files_may_be_packed_and_texts_may_stand_beside_the_labels(tmp_path: Path) -> None:
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "a.txt").write_text("From a file.", encoding="utf-8")
    (tmp_path / "texts" / "b.html").write_text("<p>From a <b>page</b>.</p>", encoding="utf-8")
    records = ({"path": "texts/a.txt", "label": 1}, {"path": "texts/b.html", "label": 0})
    packed = tmp_path / "labels.jsonl.gz"
    packed.write_bytes(gzip.compress(write(tmp_path, *records).read_bytes()))
    labels = read_labels([str(packed)])
    assert [(t.id, t.text.strip()) for t in labels.texts] == [
        ("texts/a.txt", "From a file."),
        ("texts/b.html", "From a page."),
    ]


@pytest.mark.parametrize("case", read_cases(Path(__file__).with_name("label_records.jsonl")))
def test_a_record_that_cannot_be_used_is_told_and_costs_no_other(tmp_path: Path, case: Case) -> None:
    labels = read_labels([str(write(tmp_path, case["line"], {"text": "Good.", "label": 0}))])
    assert told(labels) == [case["expected"]]
    assert [text.text for text in labels.texts] == ["Good."]


def test_the_same_text_twice_is_kept_once_and_not_at_all_with_two_labels(tmp_path: Path) -> None:
    records = [("One text.", 1), ("one  TEXT.", 1), ("Other text.", 1), ("Other text.", 0), ("Third.", 0)]
    labels = read_labels([str(write(tmp_path, *({"text": t, "label": n} for t, n in records)))])
    assert [text.where for text in labels.texts] == ["labels.jsonl:1", "labels.jsonl:5"]
    both = "one text with two labels (labels.jsonl:3, labels.jsonl:4); decide for one"
    assert told(labels) == [
        "duplicate labels.jsonl:2: the same text as labels.jsonl:1",
        f"contradiction labels.jsonl:3: {both}",
        f"contradiction labels.jsonl:4: {both}",
    ]


def test_a_last_line_that_was_torn_off_is_told(tmp_path: Path) -> None:
    path = write(tmp_path, {"text": "Whole.", "label": 1})
    path.write_text(path.read_text(encoding="utf-8") + '{"text": "Tor', encoding="utf-8")
    labels = read_labels([str(path)])
    assert len(labels.texts) == 1
    (problem,) = told(labels)
    assert problem.startswith("unreadable labels.jsonl:2: is not JSON")
    assert problem.endswith("; the file breaks off here")


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("gone.jsonl", None, "cannot read the labels"),
        ("a.txt", b"x", r"neither a \.jsonl nor a \.csv file"),
        ("a.jsonl", b"\n\n", "holds no labels"),
        ("a.csv", b"text,verdict\nx,1\n", "needed are label, and text or path"),
        ("a.csv", b"", "holds no labels"),
        ("a.jsonl.gz", b"no gzip", "cannot read"),
    ],
)
def test_a_file_that_cannot_be_used_at_all_is_refused(
    tmp_path: Path, name: str, data: bytes | None, message: str
) -> None:
    if data is not None:
        (tmp_path / name).write_bytes(data)
    with pytest.raises(InputError, match=message):
        read_labels([str(tmp_path / name)])


@pytest.mark.parametrize("name", ["a.jsonl", "a.csv"])
def test_a_record_that_is_not_utf_8_costs_itself(tmp_path: Path, name: str) -> None:
    csv, jsonl = (
        b"text,label\nGood.,1\nB\xe4d.,1\n",
        b'{"text": "Good.", "label": 1}\n{"text": "B\xe4d.", "label": 1}\n',
    )
    (tmp_path / name).write_bytes(csv if name == "a.csv" else jsonl)
    labels = read_labels([str(tmp_path / name)])
    assert [text.text for text in labels.texts] == ["Good."]
    (problem,) = labels.problems
    assert problem.kind == "unreadable"
    assert "is not UTF-8" in problem.detail


def test_parts_of_one_document_belong_together(tmp_path: Path) -> None:
    records = [{"text": f"Part {i}.", "label": 0, "document": ("a", 7, None)[i % 3]} for i in range(6)]
    texts = read_labels([str(write(tmp_path, *records))]).texts
    assert [text.document for text in texts] == ["a", "7", "", "a", "7", ""]
    units = near_copies([text.text for text in texts], [text.document for text in texts]).tolist()
    assert units == [0, 1, 2, 0, 1, 5]


def peak_of(path: Path, max_bytes: int) -> tuple[LabelSet, int]:
    """The labels of a file, and the most bytes that reading them took."""
    tracemalloc.start()
    try:
        return read_labels([str(path)], max_bytes=max_bytes), tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_line_that_unpacks_to_a_hundred_megabytes_costs_itself(tmp_path: Path) -> None:
    path = tmp_path / "labels.jsonl.gz"
    long = b'{"label": 1, "text": "' + bytes(100_000_000) + b'"}\n'
    path.write_bytes(gzip.compress(long + b'{"text": "Good.", "label": 0}\n', 1))
    del long
    labels, peak = peak_of(path, 1 << 20)
    assert [text.text for text in labels.texts] == ["Good."]
    assert told(labels) == ["unreadable labels.jsonl.gz:1: is longer than 1 MiB; split it into articles"]
    assert peak < 20_000_000


def test_a_text_file_beside_the_labels_is_bounded_too(tmp_path: Path) -> None:
    (tmp_path / "a.txt.gz").write_bytes(gzip.compress(b"word " * 1_000_000))
    many = gzip.compress(b'{"text": "Again."}\n' * 40_000)
    (tmp_path / "many.jsonl.gz").write_bytes(many)
    path = write(tmp_path, {"path": "a.txt.gz", "label": 1}, {"path": "many.jsonl.gz", "label": 1})
    labels, peak = peak_of(path, 1 << 20)
    assert [problem.detail for problem in labels.problems] == [
        "cannot read 'a.txt.gz': longer than 1 MiB; split it into articles",
        "'many.jsonl.gz' holds many documents; name a file for each text",
    ]
    assert peak < 10_000_000


def test_a_record_again_and_again_is_counted_and_not_kept(tmp_path: Path) -> None:
    path = tmp_path / "labels.csv.gz"
    path.write_bytes(gzip.compress(b"text,label\n" + b"Again.,1\n" * 40_000))
    labels, peak = peak_of(path, 1 << 20)
    assert len(labels.texts) == 1
    assert labels.counts == {"duplicate": 39_999}
    assert len(labels.problems) == MAX_PROBLEMS
    assert peak < 5_000_000


def test_few_labels_and_a_single_class_are_doubtful(tmp_path: Path) -> None:
    few = read_labels([str(write(tmp_path, {"text": "a", "label": 1}, {"text": "b", "label": 1}))]).texts
    assert doubts(few) == [
        "2 usable labels are few: metrics from under 20 are mostly noise",
        "all labels are garbled: without clean ones, half of the metrics stay empty",
    ]
    many = [{"text": str(i), "label": i % 2} for i in range(20)]
    assert doubts(read_labels([str(write(tmp_path, *many))]).texts) == []


def test_texts_that_share_long_passages_belong_together() -> None:
    one, other, third = (toy_text(i, is_garbled=True) for i in range(3))
    excerpt = one[: len(one) // 2]
    both = other[: len(other) // 2] + " " + third[: len(third) // 2]
    assert near_copies([one, other, excerpt, third]).tolist() == [0, 1, 0, 3]
    assert near_copies([one, other, both, third]).tolist() == [0, 1, 1, 1]
    assert near_copies(["Short.", "Other."]).tolist() == [0, 1]
    assert near_copies([]).tolist() == []


def test_white_space_and_case_make_no_other_text() -> None:
    assert text_key("A  Text\n") == text_key("a text")
    assert text_key("a text") != text_key("a test")
