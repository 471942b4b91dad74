"""The same documents through `mtscore filter`, Spark in local mode and datatrove: time, memory, and whether the
scores are the same. Needs the extra `pipelines` and a Java runtime.

    python -m benchmarks.at_scale crawl.jsonl [--jobs 2] [--only filter spark datatrove] [--scores FILE]

Every line of the input is an object with `text` and an `id` of its own. Long runs can be made one at a time: the
first leaves its scores in the file that `--scores` names, and later ones are compared with it.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.memory import PeakMemory
from benchmarks.toy import parsed, write_documents

Scores = dict[str, Any]


def run_filter(source: Path, jobs: int) -> Scores:
    command = [
        sys.executable, "-m", "mtscore", "filter", str(source), "-o", "filtered.jsonl", "--annotate",
        "--rejected", "rejected.jsonl", "--jobs", str(jobs),
    ]  # fmt: skip
    subprocess.run(command, check=True)
    rows = _json_lines(Path("filtered.jsonl"), Path("rejected.jsonl"))
    return {str(row["id"]): row["mtscore"]["score"] for row in rows}


def run_spark(source: Path, jobs: int) -> Scores:
    code = (
        "import sys\n"
        "from mtscore.adapters.spark import annotate\n"
        "from pyspark.sql import SparkSession\n"
        "spark = (SparkSession.builder.master(f'local[{sys.argv[2]}]').config('spark.ui.enabled', 'false')\n"
        "         .config('spark.sql.execution.arrow.maxRecordsPerBatch', '1000').getOrCreate())\n"
        "frame = spark.read.json(sys.argv[1]).repartition(4 * int(sys.argv[2]))\n"
        "annotate(frame).select('id', 'mtscore_score').write.json('spark')\n"
        "spark.stop()\n"
    )
    environment = {**os.environ, "PYSPARK_PYTHON": sys.executable}
    subprocess.run([sys.executable, "-c", code, str(source), str(jobs)], check=True, env=environment)
    rows = _json_lines(*Path("spark").glob("part-*"))
    return {str(row["id"]): row.get("mtscore_score") for row in rows}


def run_datatrove(source: Path, jobs: int) -> Scores:
    folder = Path("datatrove")
    folder.mkdir()
    lines = source.read_bytes().splitlines(keepends=True)
    for part in range(4 * jobs):
        (folder / f"{part}.jsonl").write_bytes(b"".join(lines[part :: 4 * jobs]))
    code = (
        "import sys\n"
        "from datatrove.executor import LocalPipelineExecutor\n"
        "from datatrove.pipeline.readers import JsonlReader\n"
        "from datatrove.pipeline.writers import JsonlWriter\n"
        "from mtscore.adapters.datatrove import GarbledFilter\n"
        "if __name__ == '__main__':\n"
        "    jobs = int(sys.argv[1])\n"
        "    steps = [JsonlReader('datatrove'),\n"
        "             GarbledFilter(exclusion_writer=JsonlWriter('dropped', compression=None)),\n"
        "             JsonlWriter('forwarded', compression=None)]\n"
        "    LocalPipelineExecutor(steps, tasks=4 * jobs, workers=jobs, logging_dir='logs').run()\n"
    )
    Path("run_datatrove.py").write_text(code)
    subprocess.run([sys.executable, "run_datatrove.py", str(jobs)], check=True, stderr=subprocess.DEVNULL)
    rows = _json_lines(*Path("forwarded").glob("*.jsonl"), *Path("dropped").glob("*.jsonl"))
    return {
        str(row.get("id", 0)): row["metadata"]["mtscore_score"] for row in rows
    }  # it leaves out an id of 0


def _json_lines(*paths: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for path in paths for line in path.read_bytes().splitlines()]


RUNS: dict[str, Callable[[Path, int], Scores]] = {
    "filter": run_filter,
    "spark": run_spark,
    "datatrove": run_datatrove,
}


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("source", type=Path)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--only", nargs="+", choices=tuple(RUNS), default=list(RUNS))
    parser.add_argument("--scores", type=Path, help="JSON: the scores of the first run, to compare with")
    with parsed(parser, arguments, _toy) as given:
        _run_all(given)


def _toy(folder: Path) -> list[str]:
    return [str(write_documents(folder / "crawl.jsonl", 12)), "--jobs", "1", "--only", "filter"]


def _run_all(given: argparse.Namespace) -> None:
    source = given.source.resolve()
    kept = given.scores.resolve() if given.scores else None
    first: Scores = json.loads(kept.read_text()) if kept and kept.exists() else {}
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for name in given.only:
            begun = time.perf_counter()
            with PeakMemory() as peak:
                scores = RUNS[name](source, given.jobs)
            seconds = time.perf_counter() - begun
            first = first or scores
            if kept and not kept.exists():
                kept.write_text(json.dumps(first))
            others = sum(first.get(id, "absent") != score for id, score in scores.items())
            others += len(first.keys() - scores.keys())
            print(
                f"{name}: {len(scores):,} documents in {seconds:.0f} s ({len(scores) / seconds:.0f} a second), "
                f"peak {peak}, {others} scores unlike the first run's",
                flush=True,
            )
        os.chdir(before)


if __name__ == "__main__":
    main()
