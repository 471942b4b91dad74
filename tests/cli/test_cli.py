"""The command line: which inputs get which answer, where it goes, and the exit code. The scorer is a toy."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any, ClassVar, cast

import pytest

import mtscore.render.progress
from mtscore import Scorer, cli
from mtscore.errors import ModelError
from mtscore.records import Document, Evidence, Label, Span, Verdict

ROOT = Path(__file__).resolve().parents[2]
CLEAN = "The council repaired the old bridge before winter."
GARBLED = "The governation repaired the old bridge before winter."
ODD = "governation"
DOUBTFUL = "Doubtful is this sentence about the old bridge."


class ToyScorer:
    """Flags one word. Stands in for `mtscore.scoring.scorer.Scorer`, with the same methods."""

    loaded: ClassVar[list[tuple[str | None, float | None]]] = []
    jobs: ClassVar[list[int]] = []
    model: ClassVar[SimpleNamespace] = SimpleNamespace(manifest={"files": {}}, path=Path("none"))
    prior: ClassVar[float] = 0.5
    thresholds: ClassVar[dict[str, float]] = {"garbled": 0.5, "suspect": 0.3}

    @classmethod
    def load(
        cls, path: str | None = None, *, prior: float | None = None, reading: str | None = None
    ) -> ToyScorer:
        if path is not None and not os.path.isdir(path):
            raise ModelError(f"no model folder at {path!r}; name one that has a manifest.json")
        cls.loaded.append((path, prior))
        return cls()

    def score_many(self, documents: Iterable[str | Document], *, jobs: int = 1) -> Iterator[Verdict]:
        self.jobs.append(jobs)
        for document in documents:
            assert isinstance(document, Document)
            yield self._score(document)

    def _score(self, document: Document) -> Verdict:
        id, text = document.id, document.text
        if text is None:
            return Verdict(id, "cannot_tell", "unreadable", document.detail)
        if not text.strip():
            return Verdict(id, "cannot_tell", "empty")
        start = text.find(ODD)
        whole = Span(0, len(text))
        found = () if start < 0 else (Evidence(start, start + 11, ODD, "invented_word", 5.0, whole),)
        label: Label = "garbled" if found else "clean"
        score = 0.9 if found else 0.1
        if text == DOUBTFUL:
            label, score = "suspect", 0.4
        words = len(text.split())
        return Verdict(
            id, "scored", None, None, score, label, 50.0, evidence=found, words=words, body=(whole,)
        )


@pytest.fixture(autouse=True)
def toy(monkeypatch: pytest.MonkeyPatch, in_tmp_path: Path) -> type[ToyScorer]:
    """A working folder of its own, the toy scorer, and no say of the environment over colours."""
    for name in ("FORCE_COLOR", "NO_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(ToyScorer, "loaded", [])
    monkeypatch.setattr(ToyScorer, "jobs", [])
    return ToyScorer


def main(arguments: list[str]) -> int:
    """The command, with the toy scorer."""
    return cli.main(arguments, load_scorer=cast("Callable[..., Scorer]", ToyScorer.load))


def put(monkeypatch: pytest.MonkeyPatch, name: str, **members: Any) -> None:
    module = ModuleType(name)
    module.__dict__.update(members)
    monkeypatch.setitem(sys.modules, name, module)


def write(name: str, data: str | bytes) -> str:
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_bytes(data.encode() if isinstance(data, str) else data)
    return name


def lines(output: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in output.splitlines()]


# score


def test_a_table_is_the_default(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["score", write("a.txt", GARBLED), write("b.txt", CLEAN)]) == 0
    out, err = capsys.readouterr()
    assert [" ".join(line.split()) for line in out.splitlines()] == [
        "score label quality words findings document strongest findings",
        "0.90 garbled 50 8 1 a.txt governation",
        "0.10 clean 50 8 0 b.txt",
        "",
        "2 documents: 1 garbled, 1 clean",
    ]
    assert err == ""


def test_json_lines_keep_the_order_of_the_input(capsys: pytest.CaptureFixture[str]) -> None:
    records = [{"id": str(number), "text": CLEAN if number % 2 else GARBLED} for number in range(50)]
    name = write("a.jsonl", "".join(json.dumps(record) + "\n" for record in records))
    assert main(["score", "--format", "jsonl", name]) == 0
    verdicts = lines(capsys.readouterr().out)
    assert [verdict["id"] for verdict in verdicts] == [record["id"] for record in records]
    assert [verdict["score"] for verdict in verdicts] == [0.9, 0.1] * 25


def test_csv_and_html_are_written_to_a_file_too(capsys: pytest.CaptureFixture[str]) -> None:
    paths = [write("a.txt", GARBLED), write("=b.txt", CLEAN)]
    assert main(["score", "--format", "csv", "--output", "out.csv", *paths]) == 0
    assert Path("out.csv").read_bytes().splitlines()[1:] == [
        b"a.txt,scored,,,0.9,garbled,50.0,8,1,governation",
        b"'=b.txt,scored,,,0.1,clean,50.0,8,0,",
    ]
    assert main(["score", "--format", "html", *paths]) == 0
    page = capsys.readouterr().out
    assert page.startswith("<!doctype html>")
    assert "2 documents" in page
    assert '<mark class="invented_word">governation</mark>' in page


def test_every_hostile_input_gets_its_answer_and_the_others_their_verdict(
    capsys: pytest.CaptureFixture[str],
) -> None:
    write("hostile/1-empty.txt", b"")
    write("hostile/2-latin1.txt", "Café".encode("latin-1"))
    write("hostile/3-nul.txt", b"Bread\0cheese")
    write("hostile/4-cut.txt.gz", gzip.compress(GARBLED.encode())[:-6])
    write("hostile/5-big.txt", "bread " * 900_000)
    write("hostile/6.jsonl", b'{"text": "\\ud800 governation"}\n{broken\n{"id": "last", "text": "\\u0000"}\n')
    write("nothing/photo.jpg", b"")
    paths = ["hostile", "nothing", "missing.txt", write("z.txt", CLEAN)]
    assert main(["score", "--format", "jsonl", *paths]) == 1
    out, err = capsys.readouterr()
    found = {verdict["id"]: verdict["reason"] or verdict["label"] for verdict in lines(out)}
    assert found == {
        os.path.join("hostile", "1-empty.txt"): "empty",
        os.path.join("hostile", "2-latin1.txt"): "clean",
        os.path.join("hostile", "3-nul.txt"): "unreadable",
        os.path.join("hostile", "4-cut.txt.gz"): "unreadable",
        os.path.join("hostile", "5-big.txt"): "unreadable",
        "1": "garbled",
        "2": "unreadable",
        "last": "clean",
        "nothing": "unreadable",
        "missing.txt": "unreadable",
        "z.txt": "clean",
    }
    told = err.splitlines()
    assert len(told) == 6
    assert all(line.startswith("mtscore: cannot read ") for line in told)
    assert "longer than 2 MiB" in told[2]


@pytest.mark.parametrize(
    ("texts", "options", "code"),
    [
        ([GARBLED, CLEAN], [], 0),
        ([GARBLED, CLEAN], ["--fail-on", "garbled"], 3),
        ([DOUBTFUL, CLEAN], ["--fail-on", "garbled"], 0),
        ([DOUBTFUL, CLEAN], ["--fail-on", "suspect"], 3),
        ([GARBLED, CLEAN], ["--fail-on", "suspect"], 3),
        ([CLEAN], ["--fail-on", "suspect"], 0),
        ([GARBLED, None], ["--fail-on", "garbled"], 1),
    ],
)
def test_garbled_documents_fail_if_it_is_asked_for(
    texts: list[str | None], options: list[str], code: int
) -> None:
    name = write("a.jsonl", "".join(json.dumps({"text": text}) + "\n" for text in texts))
    for form in ("jsonl", "table", "html"):
        assert main(["score", name, "--format", form, *options]) == code


def test_what_cannot_be_read_is_told_of_once(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["score", "gone.txt", "gone.txt", "lost.txt"]) == 1
    assert len(capsys.readouterr().err.splitlines()) == 2
    for stream in (sys.stdout, sys.stderr):
        monkeypatch.setattr(stream, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "dumb")
    assert main(["explain", "gone.txt"]) == 1
    out, err = capsys.readouterr()
    assert (out + err).count("no such file") == 1, "both go to one terminal"


def test_the_longest_text_is_what_the_user_says(capsys: pytest.CaptureFixture[str]) -> None:
    name = write("a.txt", "bread " * 100)
    assert main(["score", name, "--max-bytes", "600"]) == 0
    assert main(["score", name, "--max-bytes", "599"]) == 1
    assert main(["explain", name, "--max-bytes", "599"]) == 1
    assert capsys.readouterr().err.count("longer than 599 bytes") == 2


def test_a_page_from_a_pipe_is_a_page(
    capsys: pytest.CaptureFixture[str], give_stdin: Callable[[bytes], None]
) -> None:
    page = f"<!doctype html><title>x</title><p>{GARBLED}".encode()
    give_stdin(page)
    assert main(["explain", "-"]) == 0
    assert "<p>" not in capsys.readouterr().out
    give_stdin(page)
    assert main(["explain", "-", "--input-format", "text"]) == 0
    assert "<p>" in capsys.readouterr().out


def test_standard_input(capsys: pytest.CaptureFixture[str], give_stdin: Callable[[bytes], None]) -> None:
    give_stdin(GARBLED.encode())
    assert main(["score", "-", "--format", "jsonl"]) == 0
    assert lines(capsys.readouterr().out)[0]["id"] == "stdin"


def test_options_reach_the_library(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    name = write("a.jsonl", json.dumps({"body": CLEAN}))
    options = ["--model", str(tmp_path), "--prior", "0.02", "--jobs", "3", "--text-field", "body"]
    assert main(["score", *options, name]) == 0
    assert ToyScorer.loaded == [(str(tmp_path), 0.02)]
    assert ToyScorer.jobs == [3]
    assert "1 clean" in capsys.readouterr().out


def test_untrusted_ids_and_reasons_are_harmless_on_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    record = {"id": "\x1b[2J\u202e\ud800", "text": None, "\x1b[1m": 1}
    assert main(["score", write("a.jsonl", json.dumps(record)), "--format", "jsonl"]) == 1
    out, err = capsys.readouterr()
    assert "\x1b" not in out + err
    assert "\u202e" not in err
    assert len(err.splitlines()) == 1
    assert lines(out)[0]["id"] == record["id"]


# --output


def test_output_goes_to_a_file_and_leaves_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    name = write("a.txt", GARBLED)
    assert main(["score", name, "--format", "jsonl", "--output", "out.jsonl"]) == 0
    assert lines(Path("out.jsonl").read_text(encoding="utf-8"))[0]["label"] == "garbled"
    assert main(["score", name, "--output", "out.txt"]) == 0
    assert "garbled" in Path("out.txt").read_text(encoding="utf-8")
    assert capsys.readouterr() == ("", "")
    assert sorted(os.listdir()) == ["a.txt", "out.jsonl", "out.txt"]


def test_output_stays_as_it_was_when_scoring_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail_midway(self: ToyScorer, documents: Iterable[Document], jobs: int) -> Iterator[Verdict]:
        yield Verdict("a", "cannot_tell", "empty")
        raise KeyboardInterrupt

    monkeypatch.setattr(ToyScorer, "score_many", fail_midway)
    write("out.jsonl", "old")
    assert main(["score", write("a.txt", CLEAN), "--format", "jsonl", "--output", "out.jsonl"]) == 130
    assert Path("out.jsonl").read_text() == "old"
    assert sorted(os.listdir()) == ["a.txt", "out.jsonl"]


@pytest.mark.parametrize("inputs", [["d/a.txt"], ["d"], ["d/*.txt"]])
def test_an_input_is_never_overwritten(inputs: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    write("d/a.txt", CLEAN)
    assert main(["score", *inputs, "--output", os.path.join("d", "..", "d", "a.txt")]) == 2
    assert "is also an input" in capsys.readouterr().err
    assert Path("d/a.txt").read_text() == CLEAN


def test_an_output_that_cannot_be_written_is_known_before_scoring(capsys: pytest.CaptureFixture[str]) -> None:
    os.mkdir("folder")
    for bad in (os.path.join("missing", "out.txt"), "folder"):
        assert main(["score", write("a.txt", CLEAN), "--output", bad]) == 1
        assert capsys.readouterr().err.startswith(f"mtscore: cannot write '{bad}'")
    assert ToyScorer.loaded == []


@pytest.mark.skipif(sys.platform == "win32", reason="needs links and devices")
def test_links_are_followed_and_devices_stay_devices() -> None:
    write("real.txt", "old")
    os.symlink("real.txt", "link.txt")
    assert main(["score", write("a.txt", CLEAN), "--output", "link.txt"]) == 0
    assert os.path.islink("link.txt")
    assert "1 clean" in Path("real.txt").read_text()
    assert main(["score", "a.txt", "--output", "/dev/null"]) == 0
    assert not os.path.isfile("/dev/null")


# explain


def test_explain_writes_a_page(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", write("a.html", f"<p>{GARBLED}"), "--html", "out.html"]) == 0
    assert capsys.readouterr() == ("", "")
    page = Path("out.html").read_text(encoding="utf-8")
    assert '<h1 dir="auto">a.html</h1>' in page
    assert '<mark class="invented_word">governation</mark>' in page
    assert main(["explain", "a.html", "--html", "-"]) == 0
    assert capsys.readouterr().out == page


def test_explain_writes_several_documents_as_an_overview_and_says_what_it_could_not_read(
    capsys: pytest.CaptureFixture[str],
) -> None:
    name = write("a.jsonl", json.dumps({"text": GARBLED}) + "\n{broken\n")
    assert main(["explain", name, "--html", "out.html"]) == 1
    assert "2 documents" in Path("out.html").read_text(encoding="utf-8")
    assert "cannot read 2" in capsys.readouterr().err


def test_explain_does_not_overwrite_its_input(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", write("a.html", "<p>x"), "--html", "a.html"]) == 2
    assert "a.html is also an input" in capsys.readouterr().err


def test_explain_marks_the_article(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", write("a.txt", GARBLED)]) == 0
    out = capsys.readouterr().out
    assert out.startswith("GARBLED 0.90 · quality 50 · 1 finding in 8 words\na.txt\n")
    assert "The [[governation]][1] repaired" in out


def test_explain_shows_the_text_of_a_web_page(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", write("a.html", f"<p>{GARBLED}")]) == 0
    out = capsys.readouterr().out
    assert "[[governation]][1]" in out
    assert "<p>" not in out


@pytest.mark.parametrize("form", [[], ["--html", "-"]])
def test_explain_beside_siblings_shows_only_the_article_and_says_what_it_could_not_read(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, form: list[str]
) -> None:
    batches: list[list[Document]] = []

    def judge(self: ToyScorer, documents: Iterable[Document], **_: object) -> Iterator[Verdict]:
        batches.append([*documents])
        return self.score_many(batches[-1])

    monkeypatch.setattr(ToyScorer, "score_siblings", judge, raising=False)
    other = write("other.txt", CLEAN)
    names = ["explain", write("a.txt", GARBLED), "--siblings", other, "gone.txt", *form]
    assert main(names) == 1
    out, err = capsys.readouterr()
    assert [[document.id for document in batch] for batch in batches] == [["a.txt", "other.txt", "gone.txt"]]
    assert "a.txt" in out
    assert "other.txt" not in out
    assert "cannot read gone.txt" in err


def test_how_many_siblings_there_are_is_said(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def compare(self: ToyScorer, documents: Iterable[Document], **_: object) -> Iterator[Verdict]:
        for count, verdict in enumerate(self.score_many(documents)):
            yield replace(verdict, signals={"substitution": {"siblings": float(count % 2)}})

    monkeypatch.setattr(ToyScorer, "score_siblings", compare, raising=False)
    names = [write("a.txt", GARBLED), write("b.txt", CLEAN), write("c.txt", CLEAN)]
    assert main(["score", "--siblings", *names]) == 0
    assert capsys.readouterr().err == "mtscore: 1 of 3 documents have siblings\n"
    assert main(["explain", "a.txt", "--siblings", "b.txt"]) == 0
    assert capsys.readouterr().err == "mtscore: a.txt: 0 siblings found\n"


def test_explain_takes_each_document_of_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    name = write(
        "a.jsonl", json.dumps({"id": "x", "text": GARBLED}) + "\n{broken\n" + json.dumps({"text": CLEAN})
    )
    assert main(["explain", name]) == 1
    out, err = capsys.readouterr()
    assert [line for line in out.splitlines() if " · " in line] == [
        "GARBLED 0.90 · quality 50 · 1 finding in 8 words",
        "CANNOT TELL · unreadable: line 2 of a.jsonl is not JSON (Expecting property name",
        "CLEAN 0.10 · quality 50 · no findings in 8 words",
    ]
    assert err.count("\n") == 1


# model


def test_model_info_prints_the_manifest(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle = SimpleNamespace(path="models/en", manifest={"format": 1, "thresholds": {"garbled": 0.5}})
    put(monkeypatch, "mtscore.model.folder", ModelFolder=SimpleNamespace(load=lambda path: bundle))
    assert main(["model", "info"]) == 0
    assert capsys.readouterr().out == "model: models/en\nformat: 1\nthresholds:\n  garbled: 0.5\n"


@pytest.mark.parametrize(("problems", "code"), [([], 0), (["words.bin is damaged"], 1)])
def test_model_verify(
    problems: list[str], code: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    put(
        monkeypatch,
        "mtscore.model.folder",
        default_model_path=lambda: "models/en",
        verify=lambda path: problems,
    )
    assert main(["model", "verify"]) == code
    assert capsys.readouterr().out == ("words.bin is damaged\n" if problems else "models/en: sound\n")
    assert main(["model", "verify", "elsewhere"]) == code


# Errors


def test_a_bad_model_is_one_line_and_exit_code_1(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["score", write("a.txt", CLEAN), "--model", "nowhere"]) == 1
    assert capsys.readouterr() == (
        "",
        "mtscore: no model folder at 'nowhere'; name one that has a manifest.json\n",
    )


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["score"],
        ["nonsense"],
        ["score", "a.txt", "--prior", "1"],
        ["score", "a.txt", "--prior", "nan"],
        ["score", "a.txt", "--jobs", "0"],
        ["score", "a.txt", "--jobs", "many"],
        ["score", "a.txt", "--format", "xml"],
        ["score", "a.txt", "--form", "jsonl"],
        ["model"],
    ],
)
def test_wrong_usage_is_exit_code_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "usage: mtscore" in err


@pytest.mark.parametrize("command", [[], ["score"], ["explain"], ["model"], ["model", "info"]])
def test_help_has_an_example(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*command, "--help"]) == 0
    assert "example" in capsys.readouterr().out


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("mtscore ")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a full disk")
def test_a_full_disk_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["score", write("a.txt", CLEAN), "--output", "/dev/full"]) == 1
    assert capsys.readouterr().err == "mtscore: input or output failed: No space left on device\n"


def test_many_records_of_another_encoding_are_told_of_in_a_few_lines(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path("a.jsonl").write_bytes(b'{"text": "caf\xe9"}\n' * 3000)
    assert main(["score", "a.jsonl", "--format", "jsonl"]) == 1
    out, err = capsys.readouterr()
    assert len(out.splitlines()) == 3000
    *shown, last = err.splitlines()
    assert len(shown) == 20
    assert all("iconv -f WINDOWS-1252 -t UTF-8" in line for line in shown)
    assert last == "mtscore: cannot read 2,980 more"


# Progress


def test_long_work_on_a_terminal_shows_progress_on_stderr(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    name = write("a.jsonl", (json.dumps({"text": CLEAN}) + "\n") * 20 + "{broken\n")
    assert main(["score", name]) == 1
    assert "scored" not in capsys.readouterr().err
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    assert main(["score", name]) == 1
    assert "scored" not in capsys.readouterr().err
    monkeypatch.setattr(mtscore.render.progress, "DELAY", -1.0)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert main(["score", name]) == 1
    out, err = capsys.readouterr()
    assert "scored" in err
    assert "cannot read 21" in err
    assert "20 clean" in out
    assert "scored" not in out


def test_progress_moves_while_siblings_are_read(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before the first verdict comes, everything was read: the bar has been seen by then."""
    monkeypatch.setattr(mtscore.render.progress, "DELAY", -1.0)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    meter = mtscore.render.progress.Meter(100)

    def verdicts() -> Iterator[int]:
        for _ in range(3):
            meter(20)
        seen, deadline = "", time.monotonic() + 20
        while "60 %" not in seen:  # it is drawn ten times a second
            assert time.monotonic() < deadline
            time.sleep(0.02)
            seen += capsys.readouterr().err
        yield 1

    assert list(mtscore.render.progress.with_progress(verdicts(), meter)) == [1]


# The real process


def process(*arguments: str, **options: Any) -> subprocess.Popen[bytes]:
    """`python` with the toy scorer and the rest as it is."""
    code = "import sys, test_cli; sys.exit(test_cli.main(sys.argv[1:]))"
    path = os.pathsep.join([str(ROOT), str(ROOT / "tests" / "cli")])
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": path, **options.pop("env", {})},
        **options,
    )


def test_python_m_mtscore_helps_at_once() -> None:
    command = [sys.executable, "-X", "importtime", "-m", "mtscore", "--help"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.startswith("usage: mtscore")
    imported = {line.split("|")[-1].strip() for line in done.stderr.splitlines()}
    assert not imported & {"rich", "numpy", "kenlm", "langdetect", "sentencex", "lxml", "joblib", "sklearn"}


@pytest.mark.skipif(sys.platform == "win32", reason="a closed pipe looks different there")
@pytest.mark.parametrize("form", ["jsonl", "table"])
def test_a_closed_pipe_ends_quietly(form: str) -> None:
    write("a.jsonl", (json.dumps({"text": CLEAN}) + "\n") * 20_000)
    running = process("score", "--format", form, "a.jsonl")
    assert running.stdout
    assert running.stderr
    with running.stdout, running.stderr:
        assert running.stdout.readline()
        running.stdout.close()
        assert running.wait(60) == 0
        assert running.stderr.read() == b""


@pytest.mark.skipif(sys.platform == "win32", reason="signals and pipes differ there")
def test_records_are_judged_as_they_come_and_an_interrupt_is_one_line() -> None:
    os.mkfifo("a.jsonl")
    running = process("score", "--format", "jsonl", "a.jsonl")
    assert running.stderr
    with open("a.jsonl", "r+b", buffering=0) as source:  # r+: does not wait for the process to open it
        source.write(b'{"text": ""}\n{broken\n')
        assert b"cannot read 2" in running.stderr.readline()
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=30)
    assert (running.returncode, err) == (130, b"mtscore: interrupted\n")
    assert lines(out.decode())[0]["id"] == "1"


def test_output_is_utf8_json_whatever_the_locale_and_text_is_never_fatal() -> None:
    write("a.jsonl", json.dumps({"id": "Ž漢\ud800", "text": "é " + GARBLED}))
    ascii_only = {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "LC_ALL": "C"}
    out, _ = process("score", "--format", "jsonl", "a.jsonl", env=ascii_only).communicate(timeout=30)
    assert "Ž漢\\ud800".encode() in out
    for arguments in (["score", "a.jsonl"], ["explain", "a.jsonl"]):
        out, err = process(*arguments, env=ascii_only).communicate(timeout=30)
        assert out.isascii()
        assert b"\\u6f22" in out
        assert err == b""
