"""The filter: every row goes to one place, as it came in, and nothing that happens to a run loses one."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
import zstandard

from mtscore.cli import main
from mtscore.errors import InputError, MtscoreError, UsageError
from mtscore.files.documents import read_documents
from mtscore.files.filtering import FilterCounts, FilterSettings, describe, filter_records
from mtscore.files.filtering.checks import plan
from mtscore.files.filtering.journal import Journal, State
from mtscore.records import Document, Label, Verdict

CLEAN, ODD = "The council repaired the old bridge.", "The governation repaired the old bridge."
SHORT = "short"


class ToyScorer:
    """Calls what holds "governation" garbled (0.9), other texts clean (0.1), and cannot judge "short"."""

    signature: dict[str, Any] = {"model": "toy"}  # noqa: RUF012

    def score_many(
        self, documents: Iterable[str | Document], *, jobs: int = 1, evidence: bool = True
    ) -> Iterator[Verdict]:
        for document in documents:
            assert isinstance(document, Document)
            yield self.score(document)

    def score(self, document: Document) -> Verdict:
        if document.text is None:
            return Verdict(document.id, "cannot_tell", "unreadable", document.detail)
        if document.text == SHORT:
            return Verdict(document.id, "cannot_tell", "too_short")
        label: Label = "garbled" if "governation" in document.text else "clean"
        return Verdict(document.id, "scored", None, None, 0.9 if label == "garbled" else 0.1, label, 50.0)


pytestmark = pytest.mark.usefixtures("in_tmp_path")


def run(**settings: Any) -> tuple[FilterCounts, bytes]:
    """The counts, and what went to standard output."""
    if isinstance(settings.get("sources"), str):
        settings["sources"] = (settings["sources"],)
    stdout = io.BytesIO()
    counts = filter_records(FilterSettings(**settings), ToyScorer(), stdout)
    return counts, stdout.getvalue()


def jsonl(*texts: str) -> list[bytes]:
    return [json.dumps({"text": text, "n": n}).encode() + b"\n" for n, text in enumerate(texts)]


def unpack(path: str) -> bytes:
    data = Path(path).read_bytes()
    if path.lower().endswith(".gz"):
        return gzip.decompress(data)
    if path.lower().endswith(".zst"):
        return zstandard.ZstdDecompressor().stream_reader(data, read_across_frames=True).read()
    return data


# What goes where


def test_lines_pass_byte_for_byte_and_in_order() -> None:
    lines = [
        b'\xef\xbb\xbf{ "text" :"The  council",  "x":1.50 }\r\n',
        b'{"text": "\\u00e9 \xc3\xa9", "text2": [1,  2]}\n',
        *jsonl(ODD),
        b'{"text": "last, without a line end"}',
    ]
    Path("a.jsonl").write_bytes(b"".join(lines))
    counts, out = run(sources="a.jsonl", rejected="r.jsonl")
    assert out == b"".join([lines[0], lines[1], lines[3]])
    assert Path("r.jsonl").read_bytes() == lines[2]
    assert counts == FilterCounts(read=4, kept=3, rejected=1)
    assert not Path("mtscore-malformed.jsonl").exists()


@pytest.mark.parametrize(("undecided", "kept", "aside"), [("keep", 2, 0), ("drop", 1, 0), ("u.jsonl", 1, 1)])
def test_what_cannot_be_judged_goes_where_it_is_said(undecided: str, kept: int, aside: int) -> None:
    Path("a.jsonl").write_bytes(b"".join(jsonl(CLEAN, SHORT, ODD)))
    counts, out = run(sources="a.jsonl", undecided=undecided)
    assert (counts.read, counts.kept, counts.rejected, counts.undecided) == (3, 1, 1, 1)
    assert out.count(b"\n") == kept
    assert (len(Path("u.jsonl").read_bytes().splitlines()) if Path("u.jsonl").exists() else 0) == aside


def test_the_threshold_can_be_moved() -> None:
    Path("a.jsonl").write_bytes(b"".join(jsonl(CLEAN, ODD)))
    assert run(sources="a.jsonl", max_score=0.95)[0].kept == 2
    assert run(sources="a.jsonl", max_score=0.9)[0].kept == 1
    assert run(sources="a.jsonl", max_score=0.1)[0].kept == 0


def test_malformed_lines_are_set_aside_with_their_numbers_and_nothing_else_is() -> None:
    source = random.Random(0)
    bad = [b"{broken\n", b'{"no text": 1}\n', b'{"text": "\xff"}\n', b'{"text": null}\n', b"[1]\n"]
    lines: list[bytes] = []
    expected: dict[int, bytes] = {}
    for number in range(1, 2001):
        is_bad = source.random() < 0.1
        lines.append(source.choice(bad) if is_bad else jsonl(CLEAN)[0])
        if is_bad:
            expected[number] = lines[-1]
    Path("a.jsonl").write_bytes(b"".join(lines))
    counts, out = run(sources="a.jsonl")
    aside = [json.loads(line) for line in Path("mtscore-malformed.jsonl").read_bytes().splitlines()]
    assert {each["line"]: each["record"].encode("utf-8", "surrogateescape") for each in aside} == expected
    assert all(each["source"] == "a.jsonl" and f"line {each['line']} " in each["problem"] for each in aside)
    assert out == b"".join(line for number, line in enumerate(lines, 1) if number not in expected)
    assert counts == FilterCounts(read=2000, kept=2000 - len(expected), malformed=len(expected))


def test_strict_stops_at_the_first_malformed_line_after_what_stands_before_it() -> None:
    Path("a.jsonl").write_bytes(b"".join([*jsonl(CLEAN, ODD), b"{broken\n", *jsonl(CLEAN)]))
    stdout = io.BytesIO()
    with pytest.raises(InputError, match="line 3 of a"):
        filter_records(FilterSettings(("a.jsonl",), is_strict=True), ToyScorer(), stdout)
    assert stdout.getvalue() == jsonl(CLEAN)[0]


def test_annotated_lines_have_their_verdict_and_the_rest_as_it_was() -> None:
    Path("a.jsonl").write_bytes(b'{"text": "short", "x": 1.50 } \n' + jsonl(ODD)[0])
    _, out = run(sources="a.jsonl", max_score=0.95, annotate="verdict")
    first, second = out.splitlines()
    assert first.startswith(b'{"text": "short", "x": 1.50, "mtscore": {"status": "cannot_tell"')
    assert json.loads(second)["mtscore"] == {
        "status": "scored",
        "reason": None,
        "score": 0.9,
        "label": "garbled",
        "quality": 50.0,
    }


@pytest.mark.parametrize("name", ["k.jsonl", "k.jsonl.gz", "k.jsonl.zst", "k.JSONL.GZ", "k.jsonl.Zst"])
def test_files_are_packed_as_their_names_say(name: str) -> None:
    lines = jsonl(*[CLEAN, ODD] * 500)
    for source in ("a.jsonl", "a.jsonl.gz", "a.jsonl.zst"):
        data = b"".join(lines)
        packers: dict[str, Callable[[bytes], bytes]] = {"gz": gzip.compress, "zst": zstandard.compress}
        Path(source).write_bytes(packers.get(source[8:], bytes)(data))
        counts, _ = run(sources=source, output=name)
        assert unpack(name) == b"".join(lines[::2])
        assert counts.read == 1000
        assert sorted(path.name for path in Path().iterdir() if path.name.startswith("k")) == [name]


# CSV


def test_csv_records_pass_byte_for_byte_under_their_header() -> None:
    head, clean, odd = (
        b"id,text,n\r\n",
        b'1,"The ""council""\nrepaired, the bridge",x\r\n',
        b"2,governation,\r\n",
    )
    short, cut, last = b"3,short,y\n", b"4,too few\n", b'5,"\xff",z\n'
    Path("a.csv").write_bytes(head + clean + odd + short + cut + last + b"6,end,e")
    counts, out = run(sources="a.csv", output="k.csv", rejected="r.csv", undecided="u.csv")
    assert out == b""
    assert Path("k.csv").read_bytes() == head + clean + b"6,end,e"
    assert Path("r.csv").read_bytes() == head + odd
    assert Path("u.csv").read_bytes() == head + short
    aside = [json.loads(line) for line in Path("k.csv.malformed.jsonl").read_bytes().splitlines()]
    assert [each["line"] for each in aside] == [6, 7]
    assert counts == FilterCounts(6, kept=2, rejected=1, cannot_tell=1, malformed=2)


def test_csv_rows_can_be_annotated() -> None:
    Path("a.csv").write_bytes(b'text,n\r\n"The ""council""",1\r\nshort,"2"')
    run(sources="a.csv", output="k.csv", annotate="verdict")
    assert Path("k.csv").read_bytes().startswith(b"text,n,mtscore_status,mtscore_reason,mtscore_score")
    with open("k.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["text"] for row in rows] == ['The "council"', "short"]
    assert [row["mtscore_score"] for row in rows] == ["0.1", ""]
    assert [row["mtscore_reason"] for row in rows] == ["", "too_short"]
    Path("k.csv").rename("b.csv")
    with pytest.raises(UsageError, match="mtscore_label"):
        run(sources="b.csv", output="k.csv", annotate="verdict")


def test_a_csv_file_without_the_column_is_refused() -> None:
    Path("a.csv").write_bytes(b"id,body\n1,x\n")
    with pytest.raises(InputError, match="no field 'text'"):
        run(sources="a.csv")
    assert run(sources="a.csv", text_field="body")[0].read == 1


def test_articles_in_csv_may_be_long_and_an_open_quotation_mark_ends_somewhere() -> None:
    long = "bread " * 100_000
    Path("a.csv").write_text(f"text\n{long}\n", encoding="utf-8")
    assert [document.text for document in read_documents(["a.csv"])] == [long]
    Path("b.csv").write_bytes(b'text\n"open\n' + b"x\n" * 600 + b"fine\n")
    counts, out = run(sources="b.csv", max_bytes=1000)
    assert counts.malformed == 1
    assert out.endswith(b"x\nfine\n")


def test_a_quotation_mark_that_is_not_closed_is_told_of() -> None:
    head, whole = b"id,text\n", b'1,"The bread, and ""more"" bread"\n'
    for cut in (b'2,"open\n3,fine\n4,fine\n', b'2,"open', b'2,"open ""\n'):
        Path("a.csv").write_bytes(head + whole + cut)
        counts, _ = run(sources="a.csv", output="k.csv")
        assert (counts.read, counts.malformed) == (2, 1)
        (aside,) = [json.loads(line) for line in Path("k.csv.malformed.jsonl").read_bytes().splitlines()]
        assert (aside["line"], aside["record"].encode()) == (3, cut)
        assert "not closed" in aside["problem"]
    Path("a.csv").write_bytes(head + whole + b'2,a 5" nail\n3,"a" nail\n')
    assert run(sources="a.csv", output="k.csv")[0].malformed == 0
    Path("a.csv").write_bytes(b'id,"text\n1,x\n')
    with pytest.raises(InputError, match="not closed"):
        run(sources="a.csv", output="k.csv")


# Parquet


def parquet(path: str) -> Any:
    import pyarrow.parquet

    return pyarrow.parquet.read_table(path)


def write_parquet(path: str, texts: list[str | None]) -> Any:
    pa = pytest.importorskip("pyarrow")
    pytest.importorskip("pyarrow.parquet")
    table = pa.table(
        {
            "text": pa.array(texts, pa.large_string()),
            "n": pa.array(range(len(texts)), pa.int16()),
            "tags": pa.array([["a"], None] * (len(texts) // 2), pa.list_(pa.string())),
        }
    ).replace_schema_metadata({"made by": "hand"})
    pa.parquet.write_table(table, path, row_group_size=100)
    return table


def test_parquet_rows_keep_values_and_schema() -> None:
    table = write_parquet("a.parquet", [CLEAN, ODD, SHORT, CLEAN, None, ODD] * 200)
    counts, _ = run(sources="a.parquet", output="k.parquet", rejected="r.parquet", undecided="drop")
    assert counts == FilterCounts(1200, kept=400, rejected=400, cannot_tell=200, malformed=200)
    for name, wanted in (("k.parquet", (0, 3)), ("r.parquet", (1, 5))):
        found = parquet(name)
        assert found.schema.equals(parquet("a.parquet").schema, check_metadata=True)
        assert found.to_pylist() == table.take([n for n in range(1200) if n % 6 in wanted]).to_pylist()
    aside = [json.loads(line) for line in Path("k.parquet.malformed.jsonl").read_bytes().splitlines()]
    assert [each["line"] for each in aside] == list(range(5, 1200, 6))
    assert aside[0]["record"] == {"text": None, "n": 4, "tags": ["a"]}


def test_cells_that_python_cannot_hold_cost_their_rows_alone() -> None:
    pa = pytest.importorskip("pyarrow")
    pytest.importorskip("pyarrow.parquet")
    texts = [CLEAN, ODD, CLEAN, ODD]
    far = pa.array([0, 0, 0, 2**62], pa.timestamp("us"))
    broken = [text.encode() for text in texts[:3]] + [b"\xff\xfe"]
    for name, id in (("a.parquet", pa.array(["a", "b", "c", "d"])), ("b.parquet", far)):
        table = pa.table({"text": pa.array(broken, pa.binary()).view(pa.string()), "id": id, "day": far})
        pa.parquet.write_table(table, name)
        counts, _ = run(sources=name, output="k.parquet", malformed="m.jsonl")
        assert counts == FilterCounts(4, kept=2, rejected=1, malformed=1)
        (aside,) = [json.loads(line) for line in Path("m.jsonl").read_bytes().splitlines()]
        assert aside["problem"] == f"row 4 of {name} is not UTF-8 in its column 'text'; convert it"
        assert aside["record"]["text"] == aside["record"]["day"] == "(cannot be read)"
    pa.parquet.write_table(pa.table({"text": texts, "id": far}), "a.parquet")
    assert [document.id for document in read_documents(["a.parquet"])][-1] == "4"


def test_texts_of_a_dictionary_and_two_columns_of_one_name() -> None:
    pa = pytest.importorskip("pyarrow")
    pytest.importorskip("pyarrow.parquet")
    texts = pa.array([CLEAN, ODD, CLEAN])
    pa.parquet.write_table(pa.table({"text": texts.dictionary_encode()}), "a.parquet")
    assert run(sources="a.parquet", output="k.parquet")[0] == FilterCounts(3, kept=2, rejected=1)
    assert parquet("k.parquet").to_pylist() == [{"text": CLEAN}] * 2
    pa.parquet.write_table(pa.Table.from_arrays([texts, texts], names=["text", "text"]), "a.parquet")
    with pytest.raises(InputError, match="several columns 'text'"):
        run(sources="a.parquet", output="k.parquet")


def test_parquet_rows_can_be_annotated_into_a_folder_of_parts() -> None:
    write_parquet("a.parquet", [CLEAN, ODD] * 5)
    run(sources="a.parquet", output="k/", max_score=0.95, annotate="verdict")
    table = parquet("k")
    assert table.column("mtscore_score").to_pylist() == [0.1, 0.9] * 5
    assert table.column("mtscore_reason").null_count == 10
    assert table.column("n").to_pylist() == list(range(10))


def test_parquet_without_rows_keeps_its_schema() -> None:
    table = write_parquet("a.parquet", [])
    run(sources="a.parquet", output="k.parquet")
    assert parquet("k.parquet").equals(table)


@pytest.mark.parametrize("data", [b"", b"no parquet", b"PAR1" + bytes(100) + b"PAR1"])
def test_what_is_no_parquet_is_one_line(data: bytes) -> None:
    pytest.importorskip("pyarrow")
    Path("a.parquet").write_bytes(data)
    with pytest.raises(InputError, match="not a Parquet file"):
        run(sources="a.parquet", output="k.parquet")
    assert not Path("k.parquet").exists()
    (document,) = read_documents(["a.parquet"])
    assert "not a Parquet file" in (document.detail or "")


def test_parquet_without_its_package_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    Path("a.parquet").write_bytes(b"PAR1")
    with pytest.raises(MtscoreError, match=r"\[parquet\]"):
        run(sources="a.parquet", output="k.parquet")


# Limits


@pytest.mark.parametrize("suffix", [".gz", ".zst"])
def test_a_bomb_costs_no_memory_and_no_other_line(suffix: str) -> None:
    pack = gzip.compress if suffix == ".gz" else zstandard.compress
    bomb = pack(bytes(50_000_000))
    assert len(bomb) < 100_000
    before, after = jsonl(CLEAN, ODD)
    Path(f"a.jsonl{suffix}").write_bytes(pack(before) + bomb + pack(b"\n" + after))
    counts, out = run(sources=f"a.jsonl{suffix}", max_bytes=100_000)
    assert counts == FilterCounts(3, kept=1, rejected=1, malformed=1)
    assert out == before
    (aside,) = (json.loads(line) for line in Path("mtscore-malformed.jsonl").read_bytes().splitlines())
    assert aside["line"] == 2
    assert len(aside["record"]) <= 100_001


def test_the_longest_line_is_exact() -> None:
    line = jsonl(CLEAN)[0]
    Path("a.jsonl").write_bytes(line)
    assert run(sources="a.jsonl", max_bytes=len(line) - 1)[0].kept == 1
    assert run(sources="a.jsonl", max_bytes=len(line) - 2)[0].malformed == 1


@pytest.mark.parametrize("suffix", [".gz", ".zst"])
def test_a_file_that_is_cut_off_is_told_of_after_its_rows(suffix: str) -> None:
    source = random.Random(0)
    data = b"".join(jsonl(*(source.randbytes(300).hex() for _ in range(2000))))
    whole = gzip.compress(data) if suffix == ".gz" else zstandard.compress(data)
    Path(f"a.jsonl{suffix}").write_bytes(whole[: len(whole) // 2])
    stdout = io.BytesIO()
    with pytest.raises(InputError, match="ends too soon"):
        filter_records(FilterSettings((f"a.jsonl{suffix}",)), ToyScorer(), stdout)
    assert data.startswith(stdout.getvalue())
    assert stdout.getvalue().count(b"\n") > 300


# Settings that cannot work


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"output": "a.jsonl"}, "different files"),
        ({"output": "k.jsonl", "rejected": "k.jsonl"}, "overwrite each other"),
        ({"output": "k.jsonl", "malformed": "k.jsonl"}, "overwrite each other"),
        ({"output": "k.csv"}, "records are not converted"),
        ({"sources": "a.parquet.gz", "output": "k.parquet.gz"}, "leave .gz out of the name"),
        ({"output": "k.txt"}, "would have to be a .jsonl file"),
        ({"sources": "a.xyz"}, "unknown suffix"),
        ({"sources": "a.parquet"}, "records are not converted"),
        ({"is_resumed": True}, "--resume works from file to file"),
        ({"output": "k.jsonl", "sources": "-", "is_resumed": True}, "--resume works from file to file"),
        ({"sources": "a.parquet", "output": "k.parquet", "is_resumed": True}, "for Parquet a folder"),
    ],
)
def test_settings_that_cannot_work_are_refused(settings: dict[str, Any], said: str) -> None:
    for name in ("a.jsonl", "a.xyz", "a.parquet"):
        Path(name).write_bytes(b"")
    with pytest.raises(UsageError, match=said):
        run(**{"sources": "a.jsonl", **settings})
    assert not list(Path().glob("k*"))


def test_a_folder_that_does_not_exist_is_one_line() -> None:
    Path("a.jsonl").write_bytes(b"".join(jsonl(CLEAN)))
    with pytest.raises(MtscoreError, match="cannot write 'no/k"):
        run(sources="a.jsonl", output="no/k.jsonl")


# Runs that are interrupted


class StopError(Exception):
    """What a test interrupts a run with."""


@pytest.mark.parametrize("name", ["k.jsonl", "k.jsonl.gz", "k.jsonl.zst", "k.csv", "k/"])
@pytest.mark.parametrize("interval", [0.0, 1000.0])
def test_an_interrupted_run_goes_on_with_every_row_once(name: str, interval: float) -> None:
    texts: list[str | None] = [CLEAN, ODD, SHORT, CLEAN] * 30
    source = "a.csv" if name == "k.csv" else "a.parquet" if name == "k/" else "a.jsonl"
    if source == "a.parquet":
        write_parquet(source, texts)
    elif source == "a.csv":
        Path(source).write_text("text\n" + "".join(f"{text}\n" for text in texts), encoding="utf-8")
    else:
        Path(source).write_bytes(b"".join([*jsonl(*map(str, texts)), b"{broken\n"]))
    rejected = "r/" if name == "k/" else "r" + name[1:]
    whole = "w/" if name == "k/" else "w" + name[1:]
    run(sources=source, output=whole, undecided="drop")
    generator = random.Random(1)
    settings = FilterSettings((source,), name, rejected, "drop", is_resumed=True, checkpoint_seconds=interval)
    stops = 0
    while True:
        stop = generator.randrange(1, 80)

        def watch(verdicts: Iterator[Verdict], stop: int = stop) -> Iterator[Verdict]:
            for number, verdict in enumerate(verdicts):
                if number == stop:
                    raise StopError
                yield verdict

        try:
            counts = filter_records(settings, ToyScorer(), io.BytesIO(), watch=watch)
            break
        except StopError:
            stops += 1
            assert not Path(name).is_file()
            if not name.endswith("/"):  # whole lines, whole members
                assert (unpack_part(name) or b"\n").endswith(b"\n")
    assert stops
    malformed = int(source == "a.jsonl")
    assert counts == FilterCounts(120 + malformed, 60, 30, 30, malformed)
    assert content(name) == content(whole)
    assert len(content(rejected)) == 30 + (name == "k.csv")
    assert not [path.name for path in Path().iterdir() if path.name.endswith((".part", ".state.json"))]


def unpack_part(name: str) -> bytes:
    Path(f"{name}.part").rename(f"part-{name}")
    try:
        return unpack(f"part-{name}")
    finally:
        Path(f"part-{name}").rename(f"{name}.part")


def content(path: str) -> list[Any]:
    if path.endswith("/"):
        return list(parquet(path[:-1]).to_pylist())
    return unpack(path).splitlines(keepends=True)


def test_a_run_is_resumed_only_with_what_it_was_begun_with() -> None:
    Path("a.jsonl").write_bytes(b"".join(jsonl(CLEAN, ODD)))

    def stop(verdicts: Iterator[Verdict]) -> Iterator[Verdict]:
        yield next(verdicts)
        raise StopError

    settings = FilterSettings(("a.jsonl",), "k.jsonl")
    with pytest.raises(StopError):
        filter_records(settings, ToyScorer(), io.BytesIO(), watch=stop)
    with pytest.raises(UsageError, match="other settings"):
        run(sources="a.jsonl", output="k.jsonl", max_score=0.3, is_resumed=True)
    Path("k.jsonl.part").write_bytes(b"")
    with pytest.raises(MtscoreError, match="shorter than it was left"):
        run(sources="a.jsonl", output="k.jsonl", is_resumed=True)
    Path("k.jsonl.state.json").write_bytes(b"{")
    with pytest.raises(UsageError, match="cannot be read"):
        run(sources="a.jsonl", output="k.jsonl", is_resumed=True)
    with pytest.raises(UsageError, match=r"--resume .* --restart"):
        run(sources="a.jsonl", output="k.jsonl")
    assert run(sources="a.jsonl", output="k.jsonl", is_restarted=True)[0].read == 2
    assert [path.name for path in Path().glob("k.*")] == ["k.jsonl"]


def test_a_run_that_was_killed_while_its_files_took_their_names_ends_well() -> None:
    Path("a.jsonl").write_bytes(b"".join(jsonl(CLEAN, ODD)))
    settings = FilterSettings(("a.jsonl",), "k.jsonl", "r.jsonl", is_resumed=True)
    journal = Journal(settings, plan(settings), ToyScorer.signature)
    journal.write(State(FilterCounts(2, 1, 1), {"output": 4, "rejected": 8}, is_finished=True))
    Path("k.jsonl").write_bytes(b"kept")
    Path("r.jsonl.part").write_bytes(b"rejected")
    assert filter_records(settings, ToyScorer(), io.BytesIO()) == FilterCounts(2, 1, 1)
    assert Path("k.jsonl").read_bytes() == b"kept"
    assert Path("r.jsonl").read_bytes() == b"rejected"
    assert not Path("k.jsonl.state.json").exists()


# The command


def process(*arguments: str, delay: float = 0.0) -> subprocess.Popen[bytes]:
    """The command as a process of its own, with the toy scorer taking its time."""
    code = (
        "import sys, time, test_filtering as toys; from mtscore.cli import main\n"
        f"class Slow(toys.ToyScorer):\n    def score(self, d): time.sleep({delay}); return super().score(d)\n"
        "import mtscore.files.filtering.run as run; run.LINE_SECONDS = 0.02\n"
        "sys.exit(main(sys.argv[1:], load_scorer=lambda path, prior, reading: Slow()))"
    )
    root = Path(__file__).resolve().parents[2]
    path = os.pathsep.join([str(root), str(root / "tests" / "files")])
    return subprocess.Popen(
        [sys.executable, "-c", code, "filter", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": path},
    )


def test_standard_input_goes_to_standard_output_and_is_counted() -> None:
    out, err = process("--undecided", "drop").communicate(b"".join([*jsonl(CLEAN, ODD, SHORT), b"x\n"]), 60)
    assert out == jsonl(CLEAN)[0]
    assert err.decode() == (
        "mtscore: 4 read = 1 kept + 1 rejected + 2 undecided (1 cannot be judged: left out; "
        "1 malformed: in mtscore-malformed.jsonl)\n"
    )


@pytest.mark.skipif(sys.platform == "win32", reason="a closed pipe looks different there")
def test_a_closed_pipe_ends_quietly() -> None:
    Path("a.jsonl").write_bytes(jsonl(CLEAN)[0] * 20_000)
    running = process("a.jsonl")
    assert running.stdin
    assert running.stdout
    assert running.stderr
    with running.stdin, running.stdout, running.stderr:
        assert running.stdout.readline()
        running.stdout.close()
        assert running.wait(60) == 0
        assert running.stderr.read() == b""


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
def test_a_closed_pipe_in_place_of_a_file_is_no_success() -> None:
    Path("a.jsonl").write_bytes(jsonl(ODD)[0] * 20_000)
    os.mkfifo("rejected.jsonl")
    running = process("a.jsonl", "-o", "k.jsonl", "--rejected", "rejected.jsonl")
    with open("rejected.jsonl", "rb") as reader:
        assert reader.read(10)
    _, err = running.communicate(timeout=60)
    assert running.returncode == 1
    assert "not complete" in err.decode()
    assert not Path("k.jsonl").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="signals differ there")
def test_an_interrupt_leaves_whole_lines_and_kills_lose_nothing() -> None:
    lines = jsonl(*[CLEAN, ODD] * 600)
    Path("a.jsonl").write_bytes(b"".join(lines))
    options = ("a.jsonl", "-o", "k.jsonl.gz", "--rejected", "r.jsonl", "--resume")
    for kind in (signal.SIGINT, signal.SIGKILL, signal.SIGTERM):
        running = process(*options, delay=0.002)
        deadline = time.monotonic() + 60
        size, state = 0, Path("k.jsonl.gz.state.json")
        begun = json.loads(state.read_bytes())["counts"]["read"] if state.exists() else 0
        while time.monotonic() < deadline and size <= begun + 10:
            time.sleep(0.02)
            size = json.loads(state.read_bytes())["counts"]["read"] if state.exists() else 0
        running.send_signal(kind)
        _, err = running.communicate(timeout=60)
        assert running.returncode != 0
        if kind == signal.SIGINT:
            assert (running.returncode, err) == (130, b"mtscore: interrupted\n")
            assert unpack_part("k.jsonl.gz").endswith(b"\n")
            assert Path("r.jsonl.part").read_bytes().endswith(b"\n")
    _, err = process(*options).communicate(timeout=60)
    assert err == b"mtscore: 1,200 read = 600 kept + 600 rejected + 0 undecided\n"
    assert unpack("k.jsonl.gz") == b"".join(lines[::2])
    assert Path("r.jsonl").read_bytes() == b"".join(lines[1::2])


def test_usage_errors_are_exit_code_2(capsys: pytest.CaptureFixture[str], tiny_model: Path) -> None:
    Path("a.jsonl").write_bytes(jsonl(CLEAN)[0])
    model = ("--model", str(tiny_model))
    assert main(["filter", "a.jsonl", "-o", "a.jsonl", *model]) == 2
    assert main(["filter", "a.jsonl", "--resume", *model]) == 2
    assert main(["filter", "a.jsonl", "--max-score", "2"]) == 2
    assert main(["filter", "missing.jsonl", *model]) == 1
    err = capsys.readouterr().err
    assert "no such file" in err
    assert "Traceback" not in err


def test_the_real_scorer_filters_and_jobs_change_nothing(tiny_model: Path) -> None:
    from mtscore.scoring.scorer import Scorer

    clean, odd = "The cat the cat the cat. " * 8, "Sat sat blorf cat sat sat. " * 8
    Path("a.jsonl").write_bytes(b"".join(jsonl(*[clean, odd, "Too short."] * 40)))
    outputs = []
    for jobs in (1, 2):
        stdout = io.BytesIO()
        settings = FilterSettings(("a.jsonl",), annotate="verdict", undecided="drop", jobs=jobs)
        counts = filter_records(settings, Scorer.load(tiny_model), stdout)
        assert counts == FilterCounts(120, kept=40, rejected=40, cannot_tell=40)
        outputs.append(stdout.getvalue())
    assert outputs[0] == outputs[1]


def test_the_counts_say_where_the_undecided_are() -> None:
    counts, settings = FilterCounts(1234, 1000, 200, 34), FilterSettings(("a.jsonl",), undecided="u.jsonl")
    assert describe(counts, settings) == (
        "1,234 read = 1,000 kept + 200 rejected + 34 undecided (34 cannot be judged: in u.jsonl)"
    )
