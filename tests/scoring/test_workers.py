"""Several processes: which model they score with, and that none is left when the one that they work for ends."""

from __future__ import annotations

import os
import pickle
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from model_folders import exchange, restate

from mtscore import ModelError, MtscoreError, Scorer
from mtscore.scoring import workers
from mtscore.scoring.scorer import same_scorer, shared_scorer
from mtscore.scoring.workers import READ_AHEAD, in_processes, in_threads

CLEAN = "The cat the cat the cat. " * 8
TEXTS = [CLEAN * 40] * 40
"""Enough for several batches."""


@pytest.fixture
def replacement(tiny_model: Path) -> Path:
    """The tiny model under another name, which its verdicts tell."""
    folder = tiny_model.with_name("replacement")
    shutil.copytree(tiny_model, folder)
    restate(folder, name="replacement")
    return folder


def models_of(scorer: Scorer, jobs: int) -> set[str]:
    return {verdict.signature["model"] for verdict in scorer.score_many(TEXTS, jobs=jobs)}


def test_workers_score_with_the_model_that_was_loaded(tiny_model: Path, replacement: Path) -> None:
    """Not with the one that stood in the folder when they were asked first."""
    old = Scorer.load(tiny_model)
    assert models_of(old, 2) == {"tiny"}
    exchange(tiny_model, replacement)
    assert models_of(Scorer.load(tiny_model), 2) == {"replacement"}
    assert models_of(old, 2) == {"tiny"}  # who has loaded it still has it


def test_workers_that_cannot_load_the_model_say_so(tiny_model: Path, replacement: Path) -> None:
    old = Scorer.load(tiny_model, prior=0.123)
    exchange(tiny_model, replacement)
    with pytest.raises(ModelError, match="was replaced"):
        list(old.score_many(TEXTS, jobs=2))
    assert models_of(old, 1) == {"tiny"}
    pickled = pickle.dumps(old)
    same_scorer.cache_clear()
    with pytest.raises(ModelError, match="was replaced"):
        pickle.loads(pickled)  # noqa: S301  # our own bytes


def test_a_shared_scorer_is_that_of_the_folder_as_it_is(tiny_model: Path, replacement: Path) -> None:
    first = shared_scorer(str(tiny_model), None)
    assert shared_scorer(str(tiny_model), None) is first
    exchange(tiny_model, replacement)
    assert shared_scorer(str(tiny_model), None).signature["model"] == "replacement"
    exchange(tiny_model, replacement)
    assert shared_scorer(str(tiny_model), None) is first


def _die(batch: list[int]) -> list[int]:
    os._exit(1)


def _double(batch: list[int]) -> list[int]:
    return [2 * each for each in batch]


def test_after_a_death_there_are_new_processes() -> None:
    with pytest.raises(MtscoreError, match="has died"):
        list(in_processes(_die, iter([[1], [2], [3]]), 2))
    assert list(in_processes(_double, iter([[1], [2], [3]]), 2)) == [[2], [4], [6]]


def test_a_single_batch_needs_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_pool", None)
    assert list(in_processes(_double, iter([[1]]), 8)) == [[2]]
    assert list(in_processes(_double, iter([]), 8)) == []


SCRIPT = """
import itertools, sys
from mtscore import Scorer
text = "The cat the cat the cat. " * 400
for number, _ in enumerate(Scorer.load(sys.argv[1]).score_many(itertools.repeat(text), jobs=2)):
    if number == 40:
        print("at work", flush=True)
"""


def descendants(pid: int) -> set[int]:
    """The processes that a process has started, and those that they have."""
    parents = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:
            continue
        if fields[0] != "Z":
            parents[int(entry.parent.name)] = int(fields[1])
    found = {pid}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {pid}


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks at processes in /proc")
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL], ids=["TERM", "KILL"])
def test_no_process_is_left(tiny_model: Path, how: signal.Signals) -> None:
    command = [sys.executable, "-c", SCRIPT, str(tiny_model)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as run:
        assert run.stdout is not None
        assert run.stdout.readline() == b"at work\n"
        started = descendants(run.pid)
        assert len(started) >= 2
        run.send_signal(how)
        run.wait(30)
    until = time.monotonic() + 60
    while (left := {pid for pid in started if _is_alive(pid)}) and time.monotonic() < until:
        time.sleep(0.1)
    assert left == set()


def _is_alive(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except OSError:
        return False


def test_threads_keep_the_order_and_read_little_ahead() -> None:
    drawn: list[int] = []

    def numbers() -> Iterator[int]:
        for number in range(100):
            drawn.append(number)
            yield number

    results = in_threads(lambda number: number * 2, numbers(), 2)
    assert next(results) == 0
    assert len(drawn) <= 2 * READ_AHEAD + 1
    assert list(results) == [2 * number for number in range(1, 100)]


def test_a_problem_in_a_thread_reaches_the_caller_and_ends_the_others() -> None:
    def fail(number: int) -> int:
        if number == 3:
            raise ModelError("no")
        return number

    with pytest.raises(ModelError, match="no"):
        list(in_threads(fail, iter(range(50)), 2))
