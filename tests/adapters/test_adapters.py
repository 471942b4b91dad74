"""The adapters, each with the library that it is for: the same scores as everywhere, and the recipes as printed."""

from __future__ import annotations

import csv
import gzip
import importlib
import json
import os
import pickle
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from mtscore.adapters import frames
from mtscore.adapters.huggingface import Annotate, Keep
from mtscore.adapters.judge import COLUMNS, Judge
from mtscore.errors import InputError, MtscoreError
from mtscore.files.filtering.annotation import annotation
from mtscore.scoring.scorer import Scorer

ROOT = Path(__file__).resolve().parents[2]
RECIPES = (ROOT / "docs" / "guide" / "pipelines.md").read_text(encoding="utf-8")

CLEAN, ODD = "The cat the cat the cat. " * 8, "Sat sat blorf cat sat sat. " * 8
TEXTS = [CLEAN, ODD, "Too short.", CLEAN + ODD, ODD + " The cat."] * 6


@pytest.fixture(autouse=True)
def _folder(in_tmp_path: Path, tiny_model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A working folder with the texts, and the tiny model as the default."""
    monkeypatch.setenv("MTSCORE_MODEL", str(tiny_model))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    lines = [json.dumps({"id": f"d{n}", "text": text}) + "\n" for n, text in enumerate(TEXTS)]
    Path("crawl.jsonl").write_text("".join(lines), encoding="utf-8")
    Path("crawl.jsonl.gz").write_bytes(gzip.compress("".join(lines).encode()))
    Path("crawl").mkdir()
    for part in range(2):
        Path(f"crawl/{part}.jsonl").write_text("".join(lines[part::2]), encoding="utf-8")


@pytest.fixture
def verdicts(tiny_model: Path) -> dict[str, tuple[Any, ...]]:
    """What the scorer itself says, by id."""
    found = Scorer.load(tiny_model).score_many(TEXTS)
    return {f"d{number}": annotation(verdict) for number, verdict in enumerate(found)}


@pytest.fixture
def kept(verdicts: dict[str, tuple[Any, ...]]) -> list[str]:
    """The ids of what a filter keeps."""
    ids = [id for id, verdict in verdicts.items() if verdict[3] != "garbled"]
    assert 0 < len(ids) < len(TEXTS)
    return ids


def recipe(heading: str, number: int = 0, language: str = "python") -> str:
    """A code block below a heading of docs/guide/pipelines.md."""
    section = RECIPES.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    found: str = re.findall(rf"```{language}\n(.*?)```", section, re.DOTALL)[number]
    return found


def run(code: str) -> None:
    """Run a recipe as a process of its own, as a user would."""
    Path("recipe.py").write_text(code, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PATH": os.defpath}  # no environment is activated
    environment["JAVA_HOME"] = _java_home()
    environment.pop("PYSPARK_PYTHON", None)
    done = subprocess.run(
        [sys.executable, "recipe.py"],
        capture_output=True,
        text=True,
        env=environment,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def _java_home() -> str:
    found = shutil.which("java")
    return os.environ.get("JAVA_HOME") or (str(Path(found).resolve().parents[1]) if found else "")


def json_lines(*paths: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for path in paths for line in path.read_text(encoding="utf-8").splitlines()]


def by_id(rows: list[dict[str, Any]]) -> dict[str, tuple[Any, ...]]:
    return {row["id"]: tuple(row.get(name) for name in COLUMNS) for row in rows}


# What they share


def test_a_judge_says_what_the_scorer_says(verdicts: dict[str, tuple[Any, ...]]) -> None:
    columns = Judge().columns(TEXTS)
    assert list(columns) == list(COLUMNS)
    assert list(zip(*columns.values(), strict=True)) == list(verdicts.values())
    assert Judge().columns([None])["mtscore_reason"] == ["unreadable"]
    assert pickle.loads(pickle.dumps(Judge(prior=0.2))) == Judge(prior=0.2)  # noqa: S301  # our own bytes


def test_a_judge_keeps_what_the_filter_keeps() -> None:
    texts = [CLEAN, ODD, "Too short.", None]
    assert Judge().keeps(texts) == [True, False, True, True]
    assert Judge(keeps_undecided=False).keeps(texts) == [True, False, False, False]
    assert Judge(max_score=0.99).keeps(texts) == [True, True, True, True]
    assert Judge(max_score=0.01).keeps(texts) == [False, False, True, True]


# The recipes


@pytest.mark.skipif(sys.platform == "win32", reason="the recipe is for a Unix shell")
def test_recipe_files_and_pipes(kept: list[str]) -> None:
    command = f'mtscore() {{ "{sys.executable}" -m mtscore "$@"; }}\n'
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run(
        ["bash", "-euo", "pipefail", "-c", command + recipe("Files and pipes", language="sh")],
        check=True, env=environment, timeout=120,
    )  # fmt: skip
    assert [row["id"] for row in json_lines(Path("kept.jsonl"))] == kept
    undecided = [row["id"] for row in json_lines(Path("undecided.jsonl"))]
    assert undecided == [f"d{number}" for number in range(2, len(TEXTS), 5)]
    assert Path("kept.jsonl.zst").is_file()


def test_recipe_from_python(verdicts: dict[str, tuple[Any, ...]]) -> None:
    run(recipe("From Python"))
    scores = {row["id"]: row["score"] for row in json_lines(Path("scores.jsonl"))}
    for id, score in scores.items():
        assert score == pytest.approx(verdicts[id][2], rel=1e-5) if score else verdicts[id][2] is None
    assert len(scores) == len(verdicts)


@pytest.fixture
def archives() -> list[str]:
    """Two archives of ten pages each; the addresses of those that a filter keeps."""
    Path("archives").mkdir()
    for part in range(2):
        records = [warc_record(f"https://a.example/{part}/{n}", TEXTS[n % 2]) for n in range(10)]
        Path(f"archives/{part}.warc.gz").write_bytes(b"".join(map(gzip.compress, records)))
    return [f"https://a.example/{part}/{n}" for part in range(2) for n in range(0, 10, 2)]


def warc_record(address: str, text: str) -> bytes:
    page = f"<html><body><nav><a href='/'>Home</a></nav><article><p>{text}</p></article></body></html>"
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + page.encode()
    head = (
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:0>\r\nWARC-Date: 2024-01-01T00:00:00Z\r\n"
        f"WARC-Target-URI: {address}\r\nContent-Type: application/http; msgtype=response\r\n"
        f"Content-Length: {len(answer)}\r\n\r\n"
    )
    return head.encode() + answer + b"\r\n\r\n"


def test_recipe_web_archives_with_datatrove(archives: list[str]) -> None:
    pytest.importorskip("datatrove")
    pytest.importorskip("orjson")
    run(recipe("Web archives"))
    rows = json_lines(*sorted(Path("kept").glob("*.jsonl")))
    assert sorted(row["id"] for row in rows) == archives
    assert len(json_lines(*sorted(Path("rejected").glob("*.jsonl")))) == 10


def test_recipe_web_archives_with_spark(archives: list[str]) -> None:
    pytest.importorskip("pyspark")
    run(recipe("Web archives", 1))
    rows = json_lines(*sorted(Path("kept-pages").glob("*.json")))
    assert sorted(row["id"] for row in rows) == archives


def test_recipe_datatrove(verdicts: dict[str, tuple[Any, ...]], kept: list[str]) -> None:
    pytest.importorskip("datatrove")
    pytest.importorskip("orjson")
    run(recipe("datatrove"))
    rows = {name: json_lines(*sorted(Path(name).glob("*.jsonl"))) for name in ("kept", "rejected")}
    assert sorted(row["id"] for row in rows["kept"]) == sorted(kept)
    assert {row["metadata"]["filter_reason"] for row in rows["rejected"]} == {"garbled"}
    found = by_id([{"id": row["id"], **row["metadata"]} for row in rows["kept"] + rows["rejected"]])
    assert found == verdicts


def test_recipe_spark(verdicts: dict[str, tuple[Any, ...]], kept: list[str]) -> None:
    pytest.importorskip("pyspark")
    if shutil.which("java") is None:
        pytest.skip("needs a Java runtime")
    run(recipe("Spark"))
    import pyarrow.parquet

    assert sorted(pyarrow.parquet.read_table("kept.parquet").column("id").to_pylist()) == sorted(kept)
    assert len(list(Path("scores").glob("part-*"))) == 4
    scores = {row["id"]: row.get("mtscore_score") for row in json_lines(*Path("scores").glob("part-*"))}
    assert scores == {id: verdict[2] for id, verdict in verdicts.items()}


def test_recipe_hugging_face(verdicts: dict[str, tuple[Any, ...]], kept: list[str]) -> None:
    pytest.importorskip("datasets")
    code = recipe("Hugging Face datasets") + 'scored.to_json("scored.jsonl")\n'
    run(code.replace("map(Annotate(),", "map(Annotate(), num_proc=2,"))
    assert [row["id"] for row in json_lines(Path("kept.jsonl"))] == kept
    assert by_id(json_lines(Path("scored.jsonl"))) == verdicts
    batch = {"text": TEXTS}
    assert Keep()(batch).count(True) == len(kept)
    assert list(Annotate()(batch)) == list(COLUMNS)


@pytest.mark.parametrize(("library", "number"), [("pandas", 0), ("polars", 1)])
def test_recipe_frames(
    library: str, number: int, verdicts: dict[str, tuple[Any, ...]], kept: list[str]
) -> None:
    pytest.importorskip(library)
    run(recipe("pandas and polars", number))
    with open("kept.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["id"] for row in rows] == kept
    assert [row["mtscore_score"] for row in rows] == [
        "" if verdicts[id][2] is None else str(verdicts[id][2]) for id in kept
    ]


def test_other_frames_are_refused() -> None:
    with pytest.raises(InputError, match="pandas or polars"):
        frames.annotate({"text": [CLEAN]})


def test_missing_and_existing_columns_are_errors_with_a_sentence() -> None:
    batch = {"body": TEXTS}
    with pytest.raises(InputError, match=r"no column 'text' .*body"):
        Annotate()(batch)
    with pytest.raises(InputError, match="no column 'text'"):
        Keep()(batch)
    with pytest.raises(InputError, match="'mtscore_score' already"):
        Annotate()({"text": TEXTS, "mtscore_score": TEXTS})
    pandas = pytest.importorskip("pandas")
    with pytest.raises(InputError, match="no column 'text'"):
        frames.annotate(pandas.DataFrame(batch))
    annotated = frames.annotate(pandas.DataFrame({"text": [CLEAN]}))
    with pytest.raises(InputError, match="'mtscore_status' already"):
        frames.annotate(annotated)


def test_one_undecodable_string_of_a_spark_column_costs_itself() -> None:
    pa = pytest.importorskip("pyarrow")
    from mtscore.adapters import spark

    texts = pa.array([CLEAN.encode(), b"\xff\xfe", ODD.encode()], pa.binary()).view(pa.string())
    batch = pa.RecordBatch.from_arrays([texts], names=["Text"])
    (annotated,) = spark._Annotate(Judge(), "text")([batch])
    assert annotated.column("mtscore_reason").to_pylist() == [None, "unreadable", None]
    (kept,) = spark._Keep(Judge(keeps_undecided=False), "text")([batch])
    assert kept.num_rows == 1


@pytest.mark.parametrize(("name", "extra"), [("datatrove", "datatrove"), ("pyspark", "spark")])
def test_a_missing_library_names_its_extra(name: str, extra: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in [each for each in sys.modules if each.partition(".")[0] == name]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.delitem(sys.modules, f"mtscore.adapters.{extra}", raising=False)
    with pytest.raises(MtscoreError, match=rf"\[{extra}\]"):
        _use_adapter(extra)


def _use_adapter(extra: str) -> None:
    adapter = importlib.import_module(f"mtscore.adapters.{extra}")
    if extra == "spark":
        adapter.annotate(None)


def test_findings_are_a_column_where_they_are_asked_for(tiny_model: Path) -> None:
    judge = Judge(has_evidence=True)
    columns = judge.columns(TEXTS[:3])
    assert tuple(columns) == judge.names == (*COLUMNS, "mtscore_evidence")
    expected = [len(v.evidence) for v in Scorer.load(tiny_model).score_many(TEXTS[:3])]
    assert [len(json.loads(cell)) for cell in columns["mtscore_evidence"]] == expected
    assert max(expected) > 0
    taken = {"text": TEXTS[:3], "mtscore_evidence": ["mine"] * 3}
    assert tuple(Annotate()(taken)) == COLUMNS
    with pytest.raises(InputError, match="mtscore_evidence"):
        Annotate(judge=judge)(taken)


def test_a_reading_reaches_the_scorer(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[Any, ...]] = []

    def shared(*settings: Any) -> Scorer:
        asked.append(settings)
        return Scorer.load()

    monkeypatch.setattr("mtscore.scoring.scorer.shared_scorer", shared)
    Judge(reading="auto", prior=0.2).verdicts(TEXTS[:1])
    assert asked == [(None, 0.2, "auto")]
