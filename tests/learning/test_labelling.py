"""Choosing what to label, the file of labels, and the sitting at the terminal."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple, TextIO, TypeAlias

import numpy as np
import pytest
from conftest import toy_text

from mtscore import Document, Scorer
from mtscore.cli import main
from mtscore.errors import InputError, OutputError
from mtscore.learning.label_features import TextFeatures
from mtscore.learning.labelling import LabelFile, Queue
from mtscore.learning.labels import read_labels
from mtscore.learning.session import Session, open_session


def measured(*rows: tuple[float, float]) -> list[TextFeatures]:
    return [TextFeatures(np.array(row), 0.0, 50.0) for row in rows]


# The queue


def order(queue: Queue) -> Iterator[int]:
    while (index := queue.next()) is not None:
        yield index
        queue.done(index)


def test_the_text_that_the_model_is_least_sure_of_comes_first() -> None:
    queue = Queue(measured((0, 0), (0, 0), (0, 0)), np.array([5.0, 0.1, -2.0]))
    assert len(queue) == 3
    assert queue.next() == 1
    assert len(list(order(queue))) == 3
    assert len(queue) == 0


def test_texts_unlike_those_labelled_come_before_their_like() -> None:
    """Two kinds of text; the second kind is nearly as uncertain."""
    texts = measured((0, 0), (0.1, 0), (10, 10), (10.1, 10))
    excess = np.array([0.0, 0.01, 0.2, 0.3])
    assert list(order(Queue(texts, excess)))[:2] == [0, 2]


def test_labels_of_before_count_as_labelled() -> None:
    texts = measured((0, 0), (10, 10), (10, 10.1))
    excess = np.array([0.0, 0.2, 0.3])
    assert Queue(texts, excess).next() == 0
    assert Queue(texts, excess, measured((0, 0.1))).next() == 1


def test_what_is_put_back_waits_again() -> None:
    queue = Queue(measured((0, 0), (1, 1)), np.zeros(2))
    assert len(list(order(queue))) == 2
    assert queue.next() is None
    queue.put_back(1)
    assert queue.next() == 1


def test_an_empty_queue_has_no_next() -> None:
    assert Queue([], np.zeros(0)).next() is None


# The file


def record(number: int) -> dict[str, object]:
    return {"id": str(number), "label": "clean", "text": f"Text {number}.\u2028Ünïcode"}


def test_records_are_appended_and_read_back(tmp_path: Path) -> None:
    path = tmp_path / "labels.jsonl"
    for first in (0, 2):
        with LabelFile(path) as labels:
            assert labels.records == [record(i) for i in range(first)]
            labels.append(record(first))
            labels.append(record(first + 1))
    assert len(read_labels([str(path)]).texts) == 4


def test_undo_takes_the_last_record_back(tmp_path: Path) -> None:
    path = tmp_path / "labels.jsonl"
    with LabelFile(path) as labels:
        labels.append(record(1))
        before = path.read_bytes()
        labels.append(record(2))
        assert labels.undo() == record(2)
        assert path.read_bytes() == before
        assert labels.undo() == record(1)
        assert labels.undo() is None
    assert path.read_bytes() == b""


def test_every_way_to_tear_the_last_record_off_costs_no_other(tmp_path: Path) -> None:
    path = tmp_path / "labels.jsonl"
    with LabelFile(path) as labels:
        labels.append(record(1))
        whole = path.read_bytes()
        labels.append(record(2))
    both = path.read_bytes()
    for size in range(len(whole) + len('{"id": '), len(both)):
        path.write_bytes(both[:size])
        with LabelFile(path) as labels:
            assert labels.records[0] == record(1)
            assert len(labels.records) == (2 if size == len(both) - 1 else 1)
            labels.append(record(3))
            kept = labels.records
        with LabelFile(path) as labels:
            assert labels.records == kept


def test_a_file_of_something_else_is_left_alone(tmp_path: Path) -> None:
    for content in (b"Dear diary,\nnothing.\n", b"No line end", b'{"text": "no label"}\n'):
        path = tmp_path / "labels.jsonl"
        path.write_bytes(content)
        with pytest.raises(InputError, match="is no label record"):
            LabelFile(path)
        assert path.read_bytes() == content
    with pytest.raises(OutputError, match="cannot write"):
        LabelFile(tmp_path / "gone" / "labels.jsonl")


@pytest.mark.skipif(os.name == "nt", reason="no locks there")
def test_one_process_labels_at_a_time(tmp_path: Path) -> None:
    with LabelFile(tmp_path / "labels.jsonl"), pytest.raises(OutputError, match="another process"):
        LabelFile(tmp_path / "labels.jsonl")


# The session


class Setting(NamedTuple):
    """What a session needs."""

    documents: list[Document]
    scorer: Scorer
    cache: Path
    path: Path

    def open(self, labels: LabelFile, **options: Any) -> Session:
        return open_session(self.documents, labels, self.scorer, cache=self.cache, **options)


@pytest.fixture(scope="module")
def scorer(trained_model: Path) -> Scorer:
    return Scorer.load(trained_model)


@pytest.fixture
def setting(scorer: Scorer, tmp_path: Path) -> Setting:
    documents = [Document(*pair) for pair in texts()]
    documents.append(Document("page", f"<p>{documents[0].text}</p>", is_html=True))
    return Setting(documents, scorer, tmp_path / "cache", tmp_path / "labels.jsonl")


def texts() -> list[tuple[str, str]]:
    """Six documents, one that is too short and one that is there twice."""
    found = [toy_text(number, is_garbled=number % 2 == 1) for number in range(6)]
    return [(f"d{number}", text) for number, text in enumerate([*found, "Too short.", found[0]])]


def test_answers_are_kept_and_nothing_is_asked_twice(setting: Setting) -> None:
    left_out: list[tuple[int, int]] = []
    with LabelFile(setting.path) as labels:
        session = setting.open(labels, group="mine", on_left_out=lambda *counts: left_out.append(counts))
        assert left_out == [(1, 7)]
        assert session.waiting == 6
        session.answer("garbled")
        session.answer("clean", quality=80.0)
        assert session.counts == (1, 1, 0)
    asked = set()
    with LabelFile(setting.path) as labels:
        session = setting.open(labels)
        while question := session.current():
            assert session.current() is question, "the same until it is answered"
            asked.add(question.document.id)
            session.answer("skip")
        with pytest.raises(IndexError):
            session.answer("clean")
    assert len(asked) == 4
    read = read_labels([str(setting.path)])
    assert [(text.group, text.quality) for text in read.texts] == [("mine", None), ("mine", 80.0)]
    assert not asked & {text.id for text in read.texts}
    assert read.counts == {"skipped": 4}


def test_undo_asks_again(setting: Setting) -> None:
    with LabelFile(setting.path) as labels:
        session = setting.open(labels)
        assert not session.undo()
        first = session.current()
        session.answer("clean")
        assert session.undo()
        assert session.current() == first
        session.answer("garbled")
    assert [(text.id, text.label) for text in read_labels([str(setting.path)]).texts] == [
        (first.document.id if first else "", 1)
    ]


def test_a_blind_answer_says_so(setting: Setting) -> None:
    with LabelFile(setting.path) as labels:
        session = setting.open(labels, is_blind=True)
        session.answer("clean")
        assert labels.records[0]["blind"] is True


def test_unreadable_documents_are_told(setting: Setting) -> None:
    told: list[Document] = []
    gone = Document("gone", None, "no such file")
    with LabelFile(setting.path) as labels:
        session = open_session([gone, *setting.documents], labels, setting.scorer, on_unreadable=told.append)
    assert told == [gone]
    assert session.waiting == 6


# The command

GiveStdin: TypeAlias = "Callable[[bytes | TextIO | None], None]"


@pytest.fixture
def documents(in_tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    tmp_path = in_tmp_path
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    path = tmp_path / "documents.jsonl"
    records = [{"id": id, "text": text} for id, text in texts()]
    path.write_text("".join(json.dumps(r) + "\n" for r in records), encoding="utf-8")
    return path


def sit(keys: str, documents: Path, model: Path, give_stdin: GiveStdin, *options: str) -> int:
    """One sitting in which these lines are typed."""
    give_stdin(keys.encode())
    return main(["label", str(documents), "--output", "labels.jsonl", "--model", str(model), *options])


def answers() -> list[tuple[str, str]]:
    lines = Path("labels.jsonl").read_text(encoding="utf-8").splitlines()
    return [(r["id"], r["label"]) for r in map(json.loads, lines)]


def test_keys_answer(
    documents: Path, trained_model: Path, give_stdin: GiveStdin, capsys: pytest.CaptureFixture[str]
) -> None:
    keys = "u\nq\nlots\nq\n35\ng\nc\nu\ng\n\n"
    assert sit(keys, documents, trained_model, give_stdin, "--group", "mine") == 0
    out, err = capsys.readouterr()
    assert "nothing to undo in this sitting" in out
    assert "that is no number from 0 to 100" in out
    assert "GARBLED" in out
    assert "2 garbled, 0 clean, 0 skipped; 4 waiting" in out
    assert "cannot be judged: 1 of 7 documents" in err
    assert [label for _, label in answers()] == ["garbled", "garbled"]
    assert [text.quality for text in read_labels(["labels.jsonl"]).texts] == [35.0, None]
    assert sit("s\nc\nc\nc\n", documents, trained_model, give_stdin) == 0
    assert "every document has an answer" in capsys.readouterr().out


def test_blind_labelling_hides_what_the_model_says(
    documents: Path, trained_model: Path, give_stdin: GiveStdin, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sit("g\nc\nx\n", documents, trained_model, give_stdin, "--blind") == 0
    shown = capsys.readouterr().out
    assert "cat" in shown
    for hidden in ("GARBLED", "CLEAN", "SUSPECT", "quality 2", "finding", "[[", "language:"):
        assert hidden not in shown
    sit("", documents, trained_model, give_stdin, "--blind", "--batch", "2", "--format", "jsonl")
    records = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [sorted(record) for record in records] == [["id", "text"]] * 2


def test_a_batch_lists_what_has_no_answer_yet(
    documents: Path, trained_model: Path, give_stdin: GiveStdin, capsys: pytest.CaptureFixture[str]
) -> None:
    sit("g\n", documents, trained_model, give_stdin)
    ((answered, _),) = answers()
    capsys.readouterr()
    assert sit("", documents, trained_model, give_stdin, "--batch", "3") == 0
    ids = capsys.readouterr().out.split()
    assert len(set(ids)) == 3
    assert answered not in ids
    assert sit("", documents, trained_model, give_stdin, "--batch", "99", "--format", "jsonl") == 0
    records = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [r["id"] for r in records[:3]] == ids
    assert len(records) == 5
    assert all(0 <= r["score"] <= 1 and r["text"] for r in records)


def test_unreadable_documents_cost_the_exit_code_alone(
    documents: Path, trained_model: Path, give_stdin: GiveStdin, capsys: pytest.CaptureFixture[str]
) -> None:
    give_stdin(b"g\nx\n")
    call = ["label", str(documents), "gone.txt", "--output", "labels.jsonl", "--model", str(trained_model)]
    assert main(call) == 1
    assert "cannot read gone.txt" in capsys.readouterr().err
    assert len(answers()) == 1
    assert main(["label", str(documents), "--output", "labels.csv"]) == 2


@pytest.mark.skipif(os.name == "nt", reason="no pseudo-terminals there")
def test_on_a_terminal_single_keys_answer(
    documents: Path, trained_model: Path, give_stdin: GiveStdin
) -> None:
    import pty

    leader, follower = pty.openpty()
    os.write(leader, b"gcx")
    with os.fdopen(follower, encoding="utf-8") as terminal:
        give_stdin(terminal)
        call = ["label", str(documents), "--output", "labels.jsonl", "--model", str(trained_model)]
        assert main(call) == 0
    os.close(leader)
    assert [label for _, label in answers()] == ["garbled", "clean"]
