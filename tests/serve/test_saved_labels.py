"""Labels that were acknowledged stay, whatever happens; nothing else that was pasted is kept."""

from __future__ import annotations

import http.client
import json
import signal
import tempfile
import threading
from pathlib import Path
from typing import Any

import pytest
from conftest import toy_text
from serving import JSON, NDJSON, Running

from mtscore.errors import OutputError
from mtscore.files import scratch
from mtscore.learning.labelling import LabelFile
from mtscore.learning.labels import read_labels
from mtscore.records import Document
from mtscore.render.html.page import write_page
from mtscore.render.html.reference import reference_of
from mtscore.scoring.scorer import Scorer
from mtscore.serve.labels import Labels

RECORD = {"id": "a", "label": "clean", "score": 0.25, "model": "abc", "text": "A text."}


def test_the_file_is_what_train_and_evaluate_read(tmp_path: Path) -> None:
    with Labels(str(tmp_path / "labels.jsonl")) as labels:
        assert labels.counts() == {"garbled": 0, "clean": 0}
        assert not labels.path.exists()
        assert labels.save(RECORD) == {"garbled": 0, "clean": 1}
        assert labels.save({**RECORD, "text": "Another.", "label": "garbled"}) == {"garbled": 1, "clean": 1}
    found = read_labels([str(tmp_path / "labels.jsonl")])
    assert [(text.id, text.text, text.label) for text in found.texts] == [
        ("a", "A text.", 0),
        ("a", "Another.", 1),
    ]
    assert found.problems == ()


def test_a_text_has_one_label_the_last(tmp_path: Path) -> None:
    with Labels(str(tmp_path / "labels.jsonl")) as labels:
        labels.save(RECORD)
        labels.save({**RECORD, "text": "Another."})
        assert labels.save(RECORD) == {"garbled": 0, "clean": 2}
        assert labels.save({**RECORD, "text": " a  TEXT. ", "label": "garbled"}) == {"garbled": 1, "clean": 1}
        assert labels.take_back("A text.") == {"garbled": 0, "clean": 1}
        assert labels.take_back("unknown") == {"garbled": 0, "clean": 1}
        assert labels.save(RECORD) == {"garbled": 0, "clean": 2}
        with pytest.raises(OutputError, match="by another process"):
            LabelFile(labels.path)
    assert [path.name for path in tmp_path.iterdir()] == ["labels.jsonl"]
    with LabelFile(tmp_path / "labels.jsonl") as again:
        assert [record["text"] for record in again.records] == ["Another.", "A text."]


def test_a_file_that_cannot_be_written_is_told(service: Running, trained_model: Path, tmp_path: Path) -> None:
    labels = tmp_path / "none" / "labels.jsonl"
    with Running(tmp_path, trained_model, "--labels", str(labels)) as running:
        answer = running.ask("/v1/labels", RECORD)
        assert (answer.status, "cannot write" in answer.json["detail"]) == (503, True)


def save_until_it_ends(running: Running, name: str, acknowledged: list[tuple[str, str]]) -> None:
    """Labels, and every third one changed, until nobody answers."""
    connection = http.client.HTTPConnection(running.host, running.port, timeout=60)
    try:
        for number in range(10_000):
            label = "garbled" if number % 3 == 2 else "clean"
            text = f"{name} {number - number % 3 // 2}"
            body = json.dumps({**RECORD, "text": text, "label": label})
            connection.request("POST", "/v1/labels", body, {"Content-Type": JSON})
            if connection.getresponse().read().startswith(b'{"garbled"'):
                acknowledged.append((text, label))
    except (OSError, http.client.HTTPException):
        connection.close()


def test_a_label_that_was_acknowledged_survives_a_kill(trained_model: Path, tmp_path: Path) -> None:
    acknowledged: list[tuple[str, str]] = []
    for round_ in range(2):
        with Running(tmp_path, trained_model) as running:
            threads = [
                threading.Thread(target=save_until_it_ends, args=(running, f"{round_}-{n}", acknowledged))
                for n in range(3)
            ]
            for thread in threads:
                thread.start()
            enough = len(acknowledged) + 60
            while len(acknowledged) < enough:
                assert running.process.poll() is None
            running.stop(signal.SIGKILL)
            for thread in threads:
                thread.join()
    with LabelFile(tmp_path / "mtscore-labels.jsonl") as file:
        kept = {record["text"]: record["label"] for record in file.records}
        assert len(kept) == len(file.records)
    last: dict[str, str] = dict(acknowledged)
    # A change that was written, but not acknowledged any more, may be there: then it is the newer one.
    lost = {text: label for text, label in last.items() if kept.get(text) not in (label, "garbled")}
    assert len(last) > 80
    assert lost == {}


def test_nothing_else_is_written(service: Running, trained_model: Path, tmp_path: Path) -> None:
    work, temporary = tmp_path / "work", tmp_path / "tmp"
    work.mkdir()
    temporary.mkdir()
    secret = "Zanzibarquux " + toy_text(3, is_garbled=True)
    with Running(work, trained_model, TMPDIR=str(temporary)) as running:
        for path in ("/v1/score", "/v1/explain"):
            answer = running.ask(
                path, {"documents": [secret, secret + " Again."], "siblings": True}, accept=NDJSON
            )
            assert answer.status == 200
        running.ask("/v1/score", b'{"text": "Zanzibarquux', JSON)
        running.raw(b"GET /Zanzibarquux HTTP/9.9\r\n\r\n")
        code, said = running.stop()
    assert (code, "Zanzibarquux" in said) == (0, False)
    assert list(work.iterdir()) == []
    assert [path for path in temporary.rglob("*") if path.is_file()] == []


def test_a_process_that_leaves_no_trace_makes_no_temporary_file(
    trained_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> Any:
        raise AssertionError("a temporary file")

    monkeypatch.setattr(scratch, "_is_kept_in_memory", True)
    monkeypatch.setattr(tempfile, "TemporaryFile", refuse)
    scorer = Scorer.load(trained_model)
    documents = [Document(str(seed), toy_text(seed, is_garbled=True)) for seed in range(3)]
    verdicts = list(scorer.score_siblings(documents))
    page = scratch.text_scratch()
    texts = [document.text for document in documents]
    write_page(zip(verdicts, texts, strict=True), page, reference_of(scorer))
    assert page.tell() > 1000
