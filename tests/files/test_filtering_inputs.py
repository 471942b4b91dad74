"""What a filter takes: several inputs, every format, and verdicts beside the records."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from test_filtering import CLEAN, ODD, SHORT, ToyScorer, jsonl, parquet, run, write_parquet

from mtscore.errors import InputError, UsageError
from mtscore.files.filtering import FilterCounts, FilterSettings, filter_records
from mtscore.records import Document, Evidence, Pivot, Span, Verdict

pytestmark = pytest.mark.usefixtures("in_tmp_path")


class FindingScorer(ToyScorer):
    """Has a finding for the word that it does not like, if evidence is asked for."""

    def score_many(
        self, documents: Iterable[str | Document], *, jobs: int = 1, evidence: bool = True
    ) -> Iterator[Verdict]:
        for verdict in super().score_many(documents):
            found = Evidence(
                4,
                15,
                "governation; =1",
                "invented_word",
                5.25,
                Span(0, 20),
                ("government",),
                Pivot("es", "gobierno"),
            )
            has_finding = evidence and verdict.label == "garbled"
            yield replace(verdict, evidence=(found,) if has_finding else ())


def aside(name: str = "k.jsonl.malformed.jsonl") -> list[dict[str, Any]]:
    return [json.loads(line) for line in Path(name).read_bytes().splitlines()]


# Several inputs


def test_files_folders_and_patterns_are_one_input_in_their_order() -> None:
    Path("d/e").mkdir(parents=True)
    lines = jsonl(CLEAN, ODD, CLEAN, SHORT)
    Path("d/b.jsonl").write_bytes(lines[1])
    Path("d/e/c.jsonl.gz").write_bytes(gzip.compress(lines[2]))
    Path("z.jsonl").write_bytes(b"\xef\xbb\xbf" + lines[3].rstrip())
    Path("a.jsonl").write_bytes(lines[0].rstrip())
    counts, out = run(sources=("z.jsonl", "d", "a.*"), max_score=0.95)
    assert out == b"".join([lines[3], lines[1], lines[2], lines[0]]), "each on a line of its own"
    assert counts == FilterCounts(4, kept=3, cannot_tell=1)


def test_one_file_of_several_that_cannot_be_read_costs_itself() -> None:
    good, cut = jsonl(CLEAN)[0], gzip.compress(b"".join(jsonl(*[CLEAN] * 50)))[:-9]
    Path("a.jsonl").write_bytes(good)
    Path("b.jsonl.gz").write_bytes(cut)
    Path("c.jsonl").write_bytes(good)
    counts, _ = run(sources=("a.jsonl", "gone.jsonl", "b.jsonl.gz", "c.jsonl"), output="k.jsonl")
    assert counts.read == counts.kept + counts.malformed
    assert counts.malformed == 2
    assert [each["source"] for each in aside()] == ["gone.jsonl", "b.jsonl.gz"]
    assert "no such file" in aside()[0]["problem"]
    assert "ends too soon" in aside()[1]["problem"]
    with pytest.raises(InputError, match="no such file"):
        run(sources=("gone.jsonl",), output="l.jsonl")


def test_an_interrupted_run_over_several_files_goes_on_with_every_record_once() -> None:
    for name in "abc":
        Path(f"{name}.jsonl").write_bytes(b"".join(jsonl(*[CLEAN, ODD] * 10)))
    settings = FilterSettings(("?.jsonl",), "kept.jsonl.gz", "rejected.jsonl", is_resumed=True)

    def watch(verdicts: Iterator[Verdict]) -> Iterator[Verdict]:
        for number, verdict in enumerate(verdicts):
            if number == 17:
                raise KeyboardInterrupt
            yield verdict

    for _ in range(3):
        with pytest.raises(KeyboardInterrupt):
            filter_records(settings, ToyScorer(), io.BytesIO(), watch=watch)
    assert filter_records(settings, ToyScorer(), io.BytesIO()) == FilterCounts(60, kept=30, rejected=30)
    assert len(Path("rejected.jsonl").read_bytes().splitlines()) == 30


def test_tables_of_one_shape_are_joined_under_one_header() -> None:
    Path("a.csv").write_bytes(b"id,text\r\n1,one\r\n")
    Path("b.csv").write_bytes(b"\xef\xbb\xbfid,text\n2,governation")
    Path("c.csv").write_bytes(b"text,id\nthree,3\n")
    Path("d.csv").write_bytes(b"id,text\n4,four")
    counts, out = run(sources=("?.csv",))
    assert out == b"id,text\r\n1,one\r\n4,four\n"
    assert counts == FilterCounts(4, kept=2, rejected=1, malformed=1)
    assert "its columns are not those of a.csv" in aside(counts.malformed_file)[0]["problem"]


def test_parquet_files_of_one_schema_are_joined() -> None:
    for name in "ab":
        write_parquet(f"{name}.parquet", [CLEAN, ODD])
    Path("c.parquet").write_bytes(b"no parquet")
    counts, _ = run(sources=("?.parquet",), output="k.parquet")
    assert counts == FilterCounts(5, kept=2, rejected=2, malformed=1)
    assert parquet("k.parquet").num_rows == 2


def test_tables_of_which_none_can_be_read_are_an_error() -> None:
    Path("a.csv").write_bytes(b"id,body\n")
    Path("b.csv").write_bytes(b"")
    with pytest.raises(InputError, match="no field 'text'"):
        run(sources=("a.csv", "b.csv"))


@pytest.mark.parametrize("names", [("a.jsonl", "a.csv"), ("a.csv", "a.tsv"), ("a.csv", "a.txt")])
def test_records_are_not_converted(names: tuple[str, str]) -> None:
    for name in names:
        Path(name).write_bytes(b"text\n")
    with pytest.raises(UsageError, match="not converted"):
        run(sources=names)


# Formats


def test_texts_pages_archives_and_messages_become_lines_with_their_ids() -> None:
    page = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>governation"
    head = (
        b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Date: 2024-01-01T00:00:00Z\r\nWARC-Record-ID: <urn:uuid:1>\r\n"
        b"WARC-Target-URI: http://e.example/\r\nContent-Type: application/http; msgtype=response\r\n"
        b"Content-Length: %d\r\n\r\n" % len(page)
    )
    Path("a.txt").write_bytes("Café".encode("cp1252"))
    Path("b.html").write_bytes(b"<p>Bread &amp; cheese")
    Path("c.jsonl").write_bytes(b'{"text": "one", "n": 1.50}')
    Path("d.warc.gz").write_bytes(gzip.compress(head + page + b"\r\n\r\n"))
    Path("e.eml").write_bytes(b"Subject: x\n\nBread.\n")
    Path("f.txt").write_bytes(bytes(10))

    def as_text(document: Document) -> Document:
        return (
            replace(document, text="page: " + str(document.text), is_html=False)
            if document.is_html
            else document
        )

    stdout = io.BytesIO()
    settings = FilterSettings(("?.*",), rejected="r.jsonl", malformed="m.jsonl")
    counts = filter_records(settings, ToyScorer(), stdout, as_text=as_text)
    assert counts == FilterCounts(6, kept=4, rejected=1, malformed=1)
    assert stdout.getvalue().decode().splitlines() == [
        '{"id": "a.txt", "text": "Café"}',
        '{"id": "b.html", "text": "page: <p>Bread &amp; cheese"}',
        '{"text": "one", "n": 1.50}',
        '{"id": "e.eml", "text": "Bread.\\n"}',
    ]
    assert json.loads(Path("r.jsonl").read_bytes()) == {
        "id": "http://e.example/",
        "text": "page: <p>governation",
    }
    assert "NUL byte" in aside("m.jsonl")[0]["problem"]


def test_semicolons_and_tabs_stay_what_they_are() -> None:
    for name, between in (("a.csv", ";"), ("a.tsv", "\t"), ("b.csv", "\t")):
        lines = [between.join(cells) for cells in (("id", "text"), ("1", '"one; two"'), ("2", "governation"))]
        Path(name).write_text("\n".join(lines), encoding="utf-8")
        _, out = run(sources=name)
        assert out.decode() == "\n".join(lines[:2]) + "\n"
        _, out = run(sources=name, annotate="verdict")
        rows = list(csv.DictReader(io.StringIO(out.decode()), delimiter=between))
        assert [(row["id"], row["text"], row["mtscore_label"]) for row in rows] == [
            ("1", "one; two", "clean")
        ]


def test_standard_input_is_json_lines_unless_it_is_said_otherwise(
    give_stdin: Callable[[bytes], None],
) -> None:
    give_stdin(b"text;id\none;1\ngovernation;2\n")
    assert run(sources="-", input_format="csv") == (FilterCounts(2, kept=1, rejected=1), b"text;id\none;1\n")


# Annotations


@pytest.mark.parametrize("member", [b'"mtscore"', b'"\\u006dtscore"'])
def test_no_key_is_written_twice(member: bytes) -> None:
    taken = b'{"text": "one", ' + member + b": 1}\n"
    Path("a.jsonl").write_bytes(taken + jsonl(CLEAN)[0])
    with pytest.raises(UsageError, match=r"line 1 of a.* has a member 'mtscore' already"):
        run(sources="a.jsonl", output="k.jsonl", annotate="verdict")
    assert [path.name for path in Path().iterdir()] == ["a.jsonl"]
    assert run(sources="a.jsonl")[1] == taken + jsonl(CLEAN)[0]
    Path("a.jsonl").write_bytes(jsonl(CLEAN)[0] + taken + b'{"text": "the word \\"mtscore\\""}\n')
    counts, out = run(sources="a.jsonl", annotate="verdict", malformed="m.jsonl")
    assert counts == FilterCounts(3, kept=2, malformed=1)
    assert aside("m.jsonl")[0]["record"].encode() == taken
    assert out.count(b'"mtscore": {') == 2


def test_evidence_can_be_given_too() -> None:
    settings: dict[str, Any] = {"annotate": "evidence", "max_score": 0.95}
    found = {
        "start": 4, "end": 15, "text": "governation; =1", "kind": "invented_word", "weight": 5.25,
        "intended": ["government"], "pivot": {"language": "es", "word": "gobierno"},
    }  # fmt: skip
    Path("a.jsonl").write_bytes(b"".join(jsonl(ODD, CLEAN)))
    Path("a.csv").write_text(f"text\n{ODD}\n{CLEAN}\n", encoding="utf-8")
    write_parquet("a.parquet", [ODD, CLEAN])
    outputs = {}
    for suffix in (".jsonl", ".csv", ".parquet"):
        name = f"k{suffix}"
        filter_records(FilterSettings((f"a{suffix}",), name, **settings), FindingScorer(), io.BytesIO())
        outputs[suffix] = Path(name).read_bytes()
    members = [json.loads(line)["mtscore"] for line in outputs[".jsonl"].splitlines()]
    assert [member["evidence"] for member in members] == [[found], []]
    rows = list(csv.DictReader(io.StringIO(outputs[".csv"].decode())))
    assert [json.loads(row["mtscore_evidence"]) for row in rows] == [[found], []]
    assert b";" not in outputs[".csv"], "no spreadsheet that splits at semicolons finds a formula"
    cells = parquet("k.parquet").column("mtscore_evidence").to_pylist()
    assert [json.loads(cell) for cell in cells] == [[found], []]
