"""`kill -9` at random moments of a filter run, then `--resume`: is every record in the outputs exactly once?

    python -m benchmarks.interrupted articles.jsonl [--kills 50] [--longest 8] [--suffix .jsonl.gz]

Runs `mtscore filter` from file to file in a temporary folder, kills it after a random time, and goes on until it
ends; then compares the outputs with the input line by line, and begins again until there were enough kills.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.toy import parsed, write_documents
from mtscore.files.opening import open_input

SHORTEST = 0.5
"""Seconds after which a run is killed at the earliest."""


def lines_of(path: Path) -> list[bytes]:
    if not path.exists():
        return []
    with open_input(str(path), path.suffix if path.suffix in (".gz", ".zst") else "", None) as stream:
        return list(iter(lambda: stream.readline(1 << 30), b""))


def killed_run(folder: Path, suffix: str, after: float | None) -> bool:
    """Whether the run was killed `after` so many seconds (else it ended by itself)."""
    command = [
        sys.executable, "-m", "mtscore", "filter", "--resume", folder / "in.jsonl",
        "-o", folder / f"kept{suffix}", "--rejected", folder / f"rejected{suffix}",
        "--undecided", folder / f"undecided{suffix}",
    ]  # fmt: skip
    running = subprocess.Popen(list(map(str, command)), stderr=subprocess.PIPE)
    try:
        _, said = running.communicate(timeout=after)
    except subprocess.TimeoutExpired:
        running.kill()
        running.communicate()
        return True
    print(said.decode().strip())
    return False


def check(folder: Path, source: list[bytes], suffix: str) -> str:
    """What is wrong with the outputs of a complete run, in words."""
    aside = [json.loads(line) for line in lines_of(folder / f"kept{suffix}.malformed.jsonl")]
    rows = [lines_of(folder / f"{name}{suffix}") for name in ("kept", "rejected", "undecided")]
    rows.append([row["record"].encode("utf-8", "surrogateescape") for row in aside])
    place = {line: number for number, line in enumerate(source)}
    if len(place) < len(source):
        return "the input repeats a line; give one in which every line is another"
    if sorted(place.get(line, -1) for part in rows for line in part) != list(range(len(source))):
        return "a record is missing, changed or there twice"
    if any([place[line] for line in part] != sorted(place[line] for line in part) for part in rows):
        return "records are out of order"
    return "every record once, unchanged, in order"


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("source", type=Path)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument(
        "--longest", type=float, default=8.0, help="seconds after which a run is killed at the latest"
    )
    parser.add_argument("--suffix", default=".jsonl.gz")
    with parsed(parser, arguments, _toy) as given:
        _kill_often(given)


def _toy(folder: Path) -> list[str]:
    return [str(write_documents(folder / "crawl.jsonl", 60)), "--kills", "1", "--longest", "2"]


def _kill_often(given: argparse.Namespace) -> None:
    data = given.source.read_bytes()
    source = (
        data.splitlines(keepends=True) if data[:2] != b"\x1f\x8b" else gzip.decompress(data).splitlines(True)
    )
    generator = random.Random(time.time_ns())
    kills = rounds = 0
    while kills < given.kills:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            (folder / "in.jsonl").write_bytes(b"".join(source))
            while killed_run(folder, given.suffix, _limit(kills, given, generator)):
                kills += 1
            rounds += 1
            print(f"{kills} kills so far, round {rounds}: {check(folder, source, given.suffix)}", flush=True)


def _limit(kills: int, given: argparse.Namespace, generator: random.Random) -> float | None:
    """Seconds after which to kill the next run; None once there were enough kills."""
    return generator.uniform(SHORTEST, given.longest) if kills < given.kills else None


if __name__ == "__main__":
    main()
