"""A watched folder: what is complete is scored once, whatever happens to files and to the process."""

from __future__ import annotations

import json
import os
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from mtscore import Scorer
from mtscore.adapters.watching import recent
from mtscore.adapters.watching.arrivals import Arrivals, Stamp, stamp_of
from mtscore.adapters.watching.journal import Journal
from mtscore.adapters.watching.watch import WatchSettings, watch
from mtscore.errors import UsageError
from mtscore.records import Document, Evidence, ForeignSpan, Pivot, Span, Verdict
from mtscore.render.jsonl import to_json, verdict_of

GARBLED, CLEAN = "The governation repaired the bridge.", "The council repaired the bridge."
SETTLE = 0.15


class ToyScorer:
    """Flags one word."""

    model = SimpleNamespace(manifest={"files": {}}, path=Path("none"))
    prior = 0.5
    thresholds: dict[str, float] = {"garbled": 0.5, "suspect": 0.3}  # noqa: RUF012

    def __init__(self, before: Callable[[Document], object] | None = None) -> None:
        self.before = before

    def score_many(self, documents: Iterable[Document]) -> Iterator[Verdict]:
        for document in documents:
            if self.before is not None:
                self.before(document)
            if document.text is None:
                yield Verdict(document.id, "cannot_tell", "unreadable", document.detail)
            elif "governation" in document.text:
                yield Verdict(document.id, "scored", score=0.9, label="garbled", words=5)
            else:
                yield Verdict(document.id, "scored", score=0.1, label="clean", words=5)


@pytest.fixture
def inbox(in_tmp_path: Path) -> Path:
    """An empty folder, named relative to the working folder."""
    Path("inbox").mkdir()
    return Path("inbox")


def once(scorer: ToyScorer | None = None, **more: Any) -> list[tuple[str, Counter[str]]]:
    """Scores what is there; the files that were scored now."""
    told: list[tuple[str, Counter[str]]] = []
    settings = WatchSettings("inbox", "out.jsonl", settle=0.01, is_once=True, **more)
    watch(settings, cast("Scorer", scorer or ToyScorer()), lambda path, counts: told.append((path, counts)))
    return told


def verdicts(path: str = "out.jsonl") -> list[tuple[str, str]]:
    records = map(json.loads, Path(path).read_text(encoding="utf-8").splitlines())
    return [(record["id"], record["label"] or record["reason"]) for record in records]


# What is complete


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_file_is_complete_when_nothing_has_changed_for_a_while(inbox: Path) -> None:
    clock, done = Clock(), set[tuple[str, Stamp]]()
    arrivals = Arrivals("inbox", lambda *file: file in done, settle=2.0, clock=clock)
    for name in ("slow.txt", "gone.txt", ".hidden.txt", "upload.txt.part"):
        (inbox / name).write_text("The beginning")
    slow, gone = str(inbox / "slow.txt"), str(inbox / "gone.txt")

    def complete_at(now: float) -> list[str]:
        clock.now = now
        arrivals.look()
        found = list(arrivals.complete())
        done.update(found)
        return [path for path, _ in found]

    assert complete_at(0) == []
    (inbox / "slow.txt").write_text("The beginning, and more")
    os.unlink(gone)
    assert complete_at(3) == [], "it was written to since"
    assert complete_at(4) == []
    (inbox / "upload.txt.part").rename(inbox / "upload.txt")
    assert complete_at(5) == [slow]
    assert complete_at(8) == [str(inbox / "upload.txt")]
    (inbox / "slow.txt").write_text("Another text")
    assert complete_at(9) == []
    assert complete_at(12) == [slow], "what changes is scored again"
    assert not arrivals.is_waiting


# What was done


def test_nothing_is_scored_twice(inbox: Path) -> None:
    (inbox / "a.txt").write_text(GARBLED)
    (inbox / "records.jsonl").write_text("".join(json.dumps({"text": t}) + "\n" for t in (CLEAN, GARBLED)))
    assert once() == [
        ("inbox/a.txt", Counter(garbled=1)),
        ("inbox/records.jsonl", Counter(clean=1, garbled=1)),
    ]
    assert once() == []
    (inbox / "a.txt").rename(inbox / "b.txt")
    assert once() == [], "another name is no other text"
    (inbox / "c.txt").write_text(CLEAN)
    assert [path for path, _ in once()] == ["inbox/c.txt"]
    assert verdicts() == [
        ("inbox/a.txt", "garbled"),
        ("1", "clean"),
        ("2", "garbled"),
        ("inbox/c.txt", "clean"),
    ]


class Killed(BaseException):
    """As if the process had ended here."""


@pytest.mark.parametrize("cut", [0, 1, 9])
def test_a_file_that_was_begun_is_begun_again(inbox: Path, cut: int) -> None:
    (inbox / "a.txt").write_text(CLEAN)
    once()
    before = Path("out.jsonl").read_bytes()
    with Journal("out.jsonl") as journal:
        journal._note({"begin": "inbox/b.jsonl", "start": len(before)})
    if cut:  # the journal's last line was cut short, and with it nothing was written yet
        whole = Path("out.jsonl.watch").read_bytes()
        Path("out.jsonl.watch").write_bytes(whole[:-cut])
    else:
        Path("out.jsonl").write_bytes(before + b'{"id": "1", "la')
    (inbox / "b.jsonl").write_text(json.dumps({"text": GARBLED}))
    assert [path for path, _ in once()] == ["inbox/b.jsonl"]
    assert verdicts() == [("inbox/a.txt", "clean"), ("1", "garbled")]


def test_an_interruption_takes_back_what_is_not_complete(inbox: Path) -> None:
    (inbox / "a.jsonl").write_text("".join(json.dumps({"text": t}) + "\n" for t in (CLEAN, GARBLED)))

    def interrupt(document: Document) -> None:
        if document.id == "2":
            raise Killed

    with pytest.raises(Killed):
        once(ToyScorer(interrupt))
    assert verdicts() == []
    assert once() == [("inbox/a.jsonl", Counter(clean=1, garbled=1))]


def test_a_file_that_changes_or_goes_while_it_is_read_has_no_verdict_yet(inbox: Path) -> None:
    (inbox / "a.txt").write_text(CLEAN)
    (inbox / "b.txt").write_text(CLEAN)

    def meddle(document: Document) -> None:
        if document.text == CLEAN and document.id == "inbox/a.txt":
            Path(document.id).write_text(f"{CLEAN} No: {GARBLED}")
        if document.id == "inbox/b.txt":
            os.unlink(document.id)

    once(ToyScorer(meddle))
    assert verdicts() == [("inbox/a.txt", "garbled")]


def test_the_output_may_be_moved_away(inbox: Path) -> None:
    (inbox / "a.txt").write_text(CLEAN)
    once()
    Path("out.jsonl").rename("yesterday.jsonl")
    (inbox / "b.txt").write_text(GARBLED)
    once(page="page.html")
    assert verdicts() == [("inbox/b.txt", "garbled")]
    assert verdicts("yesterday.jsonl") == [("inbox/a.txt", "clean")]


def test_two_processes_do_not_write_to_one_output(inbox: Path) -> None:
    with Journal("out.jsonl"), pytest.raises(UsageError, match=r"another process writes to out\.jsonl"):
        once()


def test_what_is_watched_is_a_folder(in_tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="inbox is no folder"):
        once()


# The page


def test_the_page_shows_what_came_last_also_after_a_restart(
    inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recent, "MAX_DOCUMENTS", 3)
    for number, text in enumerate((CLEAN, CLEAN, GARBLED, CLEAN)):
        (inbox / f"{number}.txt").write_text(text)
    once(page="inbox/page.html")
    first = (inbox / "page.html").read_text(encoding="utf-8")
    assert [f"{number}.txt" in first for number in range(4)] == [False, True, True, True]
    assert first.index("inbox/3.txt") < first.index("inbox/1.txt")
    (inbox / "page.html").unlink()
    (inbox / "3.txt").unlink()
    assert once(page="inbox/page.html") == [], "its own files are not scored"
    again = (inbox / "page.html").read_text(encoding="utf-8")
    assert "3 documents" in again
    assert "inbox/3.txt" in again, "what was deleted keeps its verdict"
    assert GARBLED in again
    (inbox / "2.txt").write_text(CLEAN)
    once(page="inbox/page.html")
    assert GARBLED not in (inbox / "page.html").read_text(encoding="utf-8")


def test_a_verdict_can_be_read_back() -> None:
    text = "The governation has met."
    verdict = Verdict(
        "a", "scored", None, "note", 0.5, "garbled", 31.5, {"fluency": {"flow": 2.0}},
        (Evidence(4, 15, "governation", "sibling", 2.5, Span(0, 24), ("x",), Pivot("de", "y"), "b"),),
        {"en": 1.0}, (ForeignSpan(0, 3, "de", is_quoted=True),), {"de": 0.5}, 4, (Span(0, len(text)),), {"model": "m"},
    )  # fmt: skip
    assert verdict_of(json.loads(to_json(verdict))) == verdict
    bare = Verdict("b", "cannot_tell", "unreadable", "why")
    assert verdict_of(json.loads(to_json(bare))) == bare


# All of it


@contextmanager
def watching(**more: Any) -> Iterator[list[str]]:
    """A watch in a thread; the files that it has scored."""
    told: list[str] = []
    stop, problems = threading.Event(), list[BaseException]()

    def run() -> None:
        try:
            settings = WatchSettings("inbox", "out.jsonl", settle=SETTLE, **more)
            watch(settings, cast("Scorer", ToyScorer()), lambda path, _: told.append(path), stop)
        except BaseException as error:  # noqa: BLE001  # for the thread that waits
            problems.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield told
    finally:
        stop.set()
        thread.join(30)
    assert problems == []
    assert not thread.is_alive()


def wait_until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_what_arrives_is_scored_until_one_stops(inbox: Path) -> None:
    pytest.importorskip("watchfiles", reason="the extra watch is not installed")
    (inbox / "first.txt").write_text(CLEAN)
    with watching(page="page.html") as told:
        wait_until(lambda: told == ["inbox/first.txt"])
        (inbox / "upload.txt.part").write_text(GARBLED)
        Path("moved").mkdir()
        Path("moved/inner.txt").write_text(GARBLED)
        Path("moved").rename(inbox / "moved")
        wait_until(lambda: len(told) == 2)
        (inbox / "first.txt").rename(inbox / "renamed.txt")
        (inbox / "upload.txt.part").rename(inbox / "upload.txt")
        wait_until(lambda: len(told) == 3)
        wait_until(lambda: "3 documents" in Path("page.html").read_text(encoding="utf-8"))
    assert told == ["inbox/first.txt", "inbox/moved/inner.txt", "inbox/upload.txt"]
    assert [label for _, label in verdicts()] == ["clean", "garbled", "garbled"]
    assert stamp_of("inbox/first.txt") is None
