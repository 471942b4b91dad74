"""Kills of a filter run at random moments, then `--resume`: is every record in the outputs exactly once?

    python -m benchmarks.interrupted [--kills 50] [--formats .jsonl .jsonl.gz .csv .parquet] [--real articles.jsonl]

Runs `mtscore filter` from file to file in a temporary folder, ends it after a random time by SIGKILL and SIGTERM in
turn, and goes on until it is through; then compares the outputs with the input record by record, and begins again
until there were enough kills. Half a second after each kill, no process of the run may be left.

A stand-in scores, in processes of its own like the real scorer, so that what is killed is the filter and not the
loading of a model. With `--real`, the shipped model scores the records of a file (.jsonl). Checkpoints follow each
other more closely than usual, of Parquet above all, so that there is something to go on from.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from benchmarks.toy import parsed
from mtscore.files.filtering.journal import ENDED
from mtscore.files.opening import open_input
from mtscore.files.paths import input_format
from mtscore.records import Document, Label, Verdict
from mtscore.scoring.workers import in_processes

FORMATS = (".jsonl", ".jsonl.gz", ".jsonl.zst", ".csv", ".parquet")
RECORDS = 3000
SECONDS_A_RECORD = 0.002
BATCH = 16
CHECKPOINT_SECONDS, REAL_CHECKPOINT_SECONDS = 0.2, 1.0
"""Seconds between two checkpoints of the stand-in's runs, and of those of the shipped model."""

SHORTEST, LONGEST = 0.5, 6.0
"""Seconds behind its beginning between which a run is killed."""

PATIENCE = 60.0
"""Seconds after a kill in which every process must have ended: workers look for their parent twice a second, but one
that is just being started on a busy machine takes its time to find out."""

STAND_IN, SHIPPED = "--stand-in", "--shipped"


class StandIn:
    """Calls each third text garbled, and cannot judge each seventh; takes its time."""

    signature: dict[str, Any] = {"model": "stand-in"}  # noqa: RUF012

    def score_many(
        self, documents: Iterable[str | Document], *, jobs: int = 1, evidence: bool = True
    ) -> Iterator[Verdict]:
        given = iter(documents)
        batches = iter(lambda: list(islice(given, BATCH)), [])
        for verdicts in in_processes(_score, batches, jobs):
            yield from verdicts


def _score(batch: Sequence[str | Document]) -> list[Verdict]:
    time.sleep(SECONDS_A_RECORD * len(batch))
    return [_verdict(document) for document in batch if isinstance(document, Document)]


def _verdict(document: Document) -> Verdict:
    if document.text is None:
        return Verdict(document.id, "cannot_tell", "unreadable", document.detail)
    size = len(document.text)
    if size % 7 == 0:
        return Verdict(document.id, "cannot_tell", "too_short")
    label: Label = "clean" if size % 3 else "garbled"
    return Verdict(document.id, "scored", score=0.1 if size % 3 else 0.9, label=label, quality=50.0)


# Input and outputs


def made_up() -> list[dict[str, Any]]:
    """Records of which no two are alike; some have no text."""
    texts = random.Random(0)
    return [
        {"id": f"r{n}", "text": None if n % 50 == 7 else "word " * texts.randrange(1, 60) + str(n)}
        for n in range(RECORDS)
    ]


def write_input(path: Path, records: Sequence[dict[str, Any]]) -> None:
    if path.suffix == ".parquet":
        import pyarrow
        import pyarrow.parquet

        pyarrow.parquet.write_table(pyarrow.Table.from_pylist(list(records)), path, row_group_size=500)
    elif path.suffix == ".csv":
        lines = io.StringIO(newline="")
        csv.writer(lines).writerows([("id", "text"), *((r["id"], r["text"] or "") for r in records)])
        path.write_text(lines.getvalue(), encoding="utf-8", newline="")
    else:
        path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")


def ids_in(path: Path) -> list[str]:
    """The ids of the records in an output, in order."""
    if path.is_dir():
        import pyarrow.parquet

        return [
            id for part in sorted(path.glob("*.parquet")) for id in _column(pyarrow.parquet.read_table(part))
        ]
    if not path.exists():
        return []
    with open_input(str(path), input_format(str(path))[1], None) as stream:
        lines = [line.decode() for line in iter(lambda: stream.readline(1 << 30), b"")]
    if path.name.endswith(".csv"):
        return [row["id"] for row in csv.DictReader(io.StringIO("".join(lines), newline=""))]
    records = [json.loads(line) for line in lines]
    if path.name.endswith(".malformed.jsonl"):
        raw = [record["record"] for record in records]
        records = [json.loads(record) if isinstance(record, str) else record for record in raw]
    return [record["id"] for record in records]


def _column(table: Any) -> list[str]:
    ids: list[str] = table.column("id").to_pylist()
    return ids


def verdict_on(folder: Path, suffix: str, ids: Sequence[str]) -> str:
    """What is wrong with the outputs of a complete run, in words."""
    place = {id: number for number, id in enumerate(ids)}
    names = [f"{name}{suffix}" for name in ("kept", "rejected", "undecided")]
    parts = [
        [place[id] for id in ids_in(folder / name)] for name in (*names, f"kept{suffix}.malformed.jsonl")
    ]
    if sorted(number for part in parts for number in part) != list(range(len(ids))):
        return "A RECORD IS MISSING, OR THERE TWICE"
    if any(part != sorted(part) for part in parts):
        return "RECORDS ARE OUT OF ORDER"
    left = [path.name for path in folder.iterdir() if path.name.endswith((".part", ".lock", ".state.json"))]
    return f"LEFT BEHIND: {left}" if left else "every record once, in order"


# Runs


def killed_run(
    folder: Path,
    suffix: str,
    after: float | None,
    kind: signal.Signals,
    *,
    is_real: bool,
    is_begun: bool,
    patience: float = PATIENCE,
) -> bool:
    """Whether the run was killed `after` so many seconds (else it ended by itself), counted from its first checkpoint
    if it `is_begun`."""
    ending = "/" if suffix == ".parquet" else ""
    source = next(folder.glob("in.*"))
    options = [
        str(source), "-o", f"{folder}/kept{suffix}{ending}", "--rejected", f"{folder}/rejected{suffix}{ending}",
        "--undecided", f"{folder}/undecided{suffix}{ending}", "--resume", "--jobs", "2",
    ]  # fmt: skip
    command = ["benchmarks.interrupted", SHIPPED if is_real else STAND_IN, "filter"]
    state = folder / f"kept{suffix}.state.json"
    before = _changed(state)
    running = subprocess.Popen(
        [sys.executable, "-m", *command, *options], stderr=subprocess.PIPE, start_new_session=True
    )
    while is_begun and after is not None and running.poll() is None and _changed(state) == before:
        time.sleep(0.01)
    try:
        _, said = running.communicate(timeout=after)
    except subprocess.TimeoutExpired:
        running.send_signal(kind)
        running.wait(60)
        assert running.stderr is not None
        running.stderr.close()
        if left := _left_of(running.pid, patience):
            raise SystemExit(f"processes {left} outlive a {kind.name}") from None
        return state.exists() or not _is_through(folder / f"kept{suffix}")
    if running.returncode not in (0, 1):
        raise SystemExit(f"the run ended with {running.returncode}: {said.decode()}")
    return False


def _is_through(kept: Path) -> bool:
    """Whether an output without a state is complete: a folder is there from the beginning, a file at the end."""
    return (kept / ENDED).exists() if kept.is_dir() else kept.exists()


def _changed(path: Path) -> int:
    """When a file was written; 0 if it is not there."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def _left_of(session: int, patience: float) -> list[int]:
    """The processes of a session that do not end in time."""
    deadline = time.monotonic() + patience
    while (left := _of_session(session)) and time.monotonic() < deadline:
        time.sleep(0.1)
    return left


def _of_session(session: int) -> list[int]:
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, _, own = path.read_text().rpartition(")")[2].split()[:4]
        except OSError:
            continue
        if int(own) == session and state != "Z":
            found.append(int(path.parent.name))
    return found


def kill_often(suffix: str, records: Sequence[dict[str, Any]], given: argparse.Namespace) -> int:
    """How many rounds did not end well."""
    generator = random.Random(time.time_ns())
    kills = rounds = bad = 0
    while kills < given.kills:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            write_input(folder / f"in.{suffix.split('.')[1]}", records)
            while _killed(folder, suffix, kills, given, generator):
                kills += 1
            rounds += 1
            verdict = verdict_on(folder, suffix, [record["id"] for record in records])
            bad += verdict != "every record once, in order"
            print(f"{suffix}: {kills} kills, round {rounds}: {verdict}", flush=True)
    return bad


def _killed(
    folder: Path, suffix: str, kills: int, given: argparse.Namespace, generator: random.Random
) -> bool:
    """One more run; whether it was killed. Once there were enough kills, it is left alone."""
    is_begun = kills % 4 > 1
    longest = 1.0 if is_begun else given.longest
    after = generator.uniform(0.0 if is_begun else given.shortest, longest) if kills < given.kills else None
    kind = (signal.SIGKILL, signal.SIGTERM)[kills % 2]
    return killed_run(
        folder, suffix, after, kind, is_real=bool(given.real), is_begun=is_begun, patience=given.patience
    )


def _toy(folder: Path) -> list[str]:
    return ["--kills", "1", "--longest", "2", "--formats", ".jsonl.gz"]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=50, help="for each format (50)")
    parser.add_argument("--formats", nargs="+", default=FORMATS, choices=FORMATS)
    parser.add_argument("--shortest", type=float, default=SHORTEST, help="seconds before a kill at least")
    parser.add_argument("--longest", type=float, default=LONGEST, help="seconds before a kill at most")
    parser.add_argument(
        "--patience",
        type=float,
        default=PATIENCE,
        help="seconds in which all processes of a killed run must end",
    )
    parser.add_argument(
        "--real", type=Path, metavar="FILE", help="score these records with the shipped model"
    )
    with parsed(parser, arguments, _toy) as given:
        records = made_up()
        if given.real:
            lines = given.real.read_text(encoding="utf-8").splitlines()
            records = [{"id": str(n), "text": json.loads(line)["text"]} for n, line in enumerate(lines)]
        return min(sum(kill_often(suffix, records, given) for suffix in given.formats), 1)


def _as_filter(scorer: str, arguments: Sequence[str]) -> int:
    """`mtscore` with the stand-in or the shipped model, and checkpoints that follow each other closely."""
    from mtscore import cli
    from mtscore.files.filtering import run

    is_stand_in = scorer == STAND_IN
    run.LINE_SECONDS = run.PART_SECONDS = CHECKPOINT_SECONDS if is_stand_in else REAL_CHECKPOINT_SECONDS
    load: Any = (lambda path, prior, reading: StandIn()) if is_stand_in else None
    return cli.main(arguments, load_scorer=load)


if __name__ == "__main__":
    if sys.argv[1:2] in ([STAND_IN], [SHIPPED]):
        sys.exit(_as_filter(sys.argv[1], sys.argv[2:]))
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [os.getcwd(), os.environ.get("PYTHONPATH")]))
    sys.exit(main())
