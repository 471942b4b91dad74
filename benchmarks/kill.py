"""Kills `mtscore train` again and again, at random moments, and looks at what is left each time.

    python -m benchmarks.kill LABELS --base models/en --runs 20

Trains into one folder until a first model is there, then starts a training for each run, kills it (SIGKILL) after a
random part of the time that the first took, and checks that the folder holds a whole model that loads. Half of the
kills fall into the last tenth of that time, in which the folder is written.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from benchmarks.toy import parsed, write_documents, write_model
from mtscore.model.folder import ModelFolder, verify


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("labels")
    parser.add_argument("--base", required=True)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--folds", type=int, default=5, help="of the trainings: fewer are faster (5)")
    with parsed(parser, arguments, _toy) as given:
        return _kill_often(given)


def _toy(folder: Path) -> list[str]:
    labels = write_documents(folder / "labels.jsonl", 30)
    return [str(labels), "--base", str(write_model(folder / "model")), "--runs", "1", "--folds", "2"]


def _kill_often(given: argparse.Namespace) -> int:
    outcomes: Counter[str] = Counter()
    generator = random.Random(0)
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "model"
        call = [sys.executable, "-m", "mtscore", "train", given.labels, "--base", given.base, "--force",
                "--output", str(target), "--folds", str(given.folds), "--cache", f"{folder}/cache"]  # fmt: skip
        subprocess.run(call, check=True, capture_output=True)
        begun = time.monotonic()
        subprocess.run(call, check=True, capture_output=True)
        whole = time.monotonic() - begun
        for number in range(given.runs):
            before = ModelFolder.load(target).digest
            share = generator.uniform(0.9, 1.0) if number % 2 else generator.random()
            was_killed = _run([*call, "--seed", str(number + 1)], whole * share)
            problems = verify(target)
            if problems:
                print(f"run {number}, {share:.2f} of the time: {problems[0]}")
                return 1
            kind = "old" if ModelFolder.load(target).digest == before else "new"
            outcomes[f"{'killed' if was_killed else 'done'}, {kind} model there"] += 1
        left = len(list(target.parent.glob(".*.part")))
    print(
        f"{given.runs} runs of up to {whole:.1f} s, every folder whole; unfinished folders beside it: {left}"
    )
    for outcome, count in sorted(outcomes.items()):
        print(f"  {outcome}: {count}")
    return 0


def _run(call: Sequence[str], seconds: float) -> bool:
    """Whether the command was killed before it was done."""
    process = subprocess.Popen(call, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    with suppress(subprocess.TimeoutExpired):
        process.wait(seconds)
        return False
    process.kill()
    process.wait()
    return True


if __name__ == "__main__":
    sys.exit(main())
