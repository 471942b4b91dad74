"""Folders and label files stay whole, whenever the process that writes them is killed."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mtscore.errors import OutputError
from mtscore.files.atomic_folder import swapped_in
from mtscore.learning.labelling import LabelFile
from mtscore.model.folder import verify

TESTS = Path(__file__).parents[1]
KILLS = 12

needs_signals = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no such signal there")


def test_a_new_folder_takes_the_place_of_the_old(tmp_path: Path) -> None:
    target = tmp_path / "model"
    for content in ("one", "two"):
        with swapped_in(target) as part:
            (part / "file").write_text(content, encoding="utf-8")
            assert part.parent == target.parent
        assert (target / "file").read_text(encoding="utf-8") == content
        assert os.listdir(tmp_path) == ["model"]


def test_what_fails_leaves_the_old_folder_and_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "model"
    with swapped_in(target) as part:
        (part / "file").write_text("one", encoding="utf-8")
    with pytest.raises(ZeroDivisionError):
        _fail_to_write(target)
    assert (target / "file").read_text(encoding="utf-8") == "one"
    assert os.listdir(tmp_path) == ["model"]


def _fail_to_write(target: Path) -> None:
    with swapped_in(target) as part:
        (part / "file").write_text("two", encoding="utf-8")
        raise ZeroDivisionError


def test_where_nothing_can_be_written_says_so(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot write"), swapped_in(tmp_path / "gone" / "model"):
        pass


def test_without_a_call_to_exchange_folders_the_new_one_arrives_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mtscore.files.atomic_folder._exchange", lambda one, other: False)
    test_a_new_folder_takes_the_place_of_the_old(tmp_path)


WRITER = """
import shutil, sys
from pathlib import Path
from mtscore.files.atomic_folder import swapped_in
target, sources = Path(sys.argv[1]), [Path(p) for p in sys.argv[2:]]
print("ready", flush=True)
while True:
    for source in sources:
        with swapped_in(target) as part:
            for path in source.iterdir():
                shutil.copyfile(path, part / path.name)
"""

LABELLER = """
import sys
from pathlib import Path
from mtscore.learning.labelling import LabelFile
with LabelFile(Path(sys.argv[1])) as labels:
    number = len(labels.records)
    while True:
        labels.append({"id": str(number), "label": "clean", "text": "word " * 2000})
        number += 1
        print(number, flush=True)
"""


def run_and_kill(program: str, *arguments: Path, seconds: float) -> str:
    """What the program printed until it was killed, some time after its first line."""
    command = [sys.executable, "-c", program, *map(str, arguments)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=TESTS.parent)
    assert process.stdout is not None
    first = process.stdout.readline()
    time.sleep(seconds)
    process.kill()
    rest, _ = process.communicate()
    assert process.returncode == -signal.SIGKILL
    return (first + rest).decode()


@needs_signals
def test_a_model_folder_is_whole_whenever_its_writer_is_killed(trained_model: Path, tmp_path: Path) -> None:
    """Two models take turns in one place as fast as they can be written."""
    other = tmp_path / "other"
    shutil.copytree(trained_model, other)
    target = tmp_path / "place" / "model"
    shutil.copytree(trained_model, target)
    generator = random.Random(4)
    for _ in range(KILLS):
        run_and_kill(WRITER, target, trained_model, other, seconds=generator.uniform(0.0, 0.1))
        assert verify(target) == []
    with swapped_in(target) as part:
        shutil.copytree(other, part, dirs_exist_ok=True)
    assert os.listdir(target.parent) == ["model"], "leftovers of the killed runs are removed by the next"


@needs_signals
def test_no_answered_label_is_lost_whenever_the_process_is_killed(tmp_path: Path) -> None:
    path = tmp_path / "labels.jsonl"
    generator = random.Random(5)
    for _ in range(KILLS):
        printed = run_and_kill(LABELLER, path, seconds=generator.uniform(0.0, 0.05))
        answered = int(printed.split("\n")[-2])  # the last line may be torn as well
        with LabelFile(path) as labels:
            ids = [record["id"] for record in labels.records]
        assert ids == [str(number) for number in range(len(ids))]
        assert len(ids) >= answered
