"""Speed beside the floor and beside peers, in one run and on the same documents.

The floor is a bare pass of a KenLM model's `full_scores` over the tokens that mtscore sees: of the shipped forward
model, a 4-gram model that is small and strongly pruned, and of every model that `--floor` names. Documents of each
length are cut from the texts of a JSON lines file (field `text`); every measurement is repeated in turn and the least
CPU time counts, because other work on the machine only ever adds to it.

    python -m benchmarks.speed articles.jsonl [--words 200000] [--repeats 3] [--lengths 50 100]
        [--floor 5gram.bin]

Peak memory is measured from outside, each in a process of its own over the documents of 500 words.

langdetect (per sentence, as it is) is a dependency; datatrove's Gopher filter is measured where
`datatrove[processing]` and `spacy` are installed, else left out.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

from benchmarks.memory import PeakMemory
from benchmarks.toy import parsed, write_documents
from mtscore import Scorer
from mtscore.records import Span
from mtscore.text.segmentation import segment, split_sentences
from mtscore.words.language_model import LanguageModel

LENGTHS = (50, 100, 200, 500, 1000, 2000, 5000, 20_000)
JOBS_LENGTH = 500
ROOT = Path(__file__).resolve().parents[1]

Run = Callable[[Sequence[str]], object]


def documents(words: Sequence[str], length: int, total: int) -> list[str]:
    """About `total` words in documents of `length` words that end where the source does not care."""
    starts = range(0, min(total, len(words)) - length + 1, length)
    return [" ".join(words[start : start + length]) for start in starts]


def source_words(path: Path, total: int) -> list[str]:
    """The words of the file's texts in random order of texts, with their line breaks."""
    with path.open(encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line in lines]
    random.Random(0).shuffle(texts)
    words: list[str] = []
    for text in texts:
        words += text.replace("\n", " \n").split(" ")
        if len(words) > total:
            break
    return words


def floor(model: LanguageModel) -> Run:
    """The bare pass of a model; the documents are tokenised beforehand."""
    model.open()
    seen: dict[int, list[str]] = {}

    def run(texts: Sequence[str]) -> None:
        key = id(texts)
        if key not in seen:
            seen[key] = [
                " ".join(each.words) for text in texts for each in segment(text, [Span(0, len(text))])
            ]
        begun = time.process_time()
        for line in seen[key]:
            list(model._model.full_scores(line, True, False))
        run.seconds = time.process_time() - begun  # type: ignore[attr-defined]

    return run


def langdetect_sentences() -> Run:
    from langdetect import DetectorFactory, detect_langs
    from langdetect.lang_detect_exception import LangDetectException

    DetectorFactory.seed = 0

    def run(texts: Sequence[str]) -> None:
        for text in texts:
            for span in split_sentences(text):
                with suppress(LangDetectException):
                    detect_langs(text[span.start : span.end])

    return run


def gopher() -> Run | None:
    try:
        from datatrove.data import Document
        from datatrove.pipeline.filters import GopherQualityFilter

        quality = GopherQualityFilter()
        quality.filter(Document("One small sentence.", "0"))
    except ImportError as error:
        print(f"datatrove's Gopher filter is left out: {error}")
        return None
    return lambda texts: [quality.filter(Document(text, "0")) for text in texts]


def cpu_seconds(run: Run, texts: Sequence[str]) -> float:
    begun = time.process_time()
    run(texts)
    whole = time.process_time() - begun
    return float(getattr(run, "seconds", whole))


def measure(runs: dict[str, Run], texts: Sequence[str], repeats: int) -> dict[str, float]:
    """The least CPU seconds of each run, in turn."""
    found: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(repeats):
        for name, run in runs.items():
            found[name].append(cpu_seconds(run, texts))
    return {name: min(values) for name, values in found.items()}


def with_jobs(scorer: Scorer, texts: Sequence[str], jobs: int) -> float:
    """Documents per second of wall time, the processes warm."""
    list(scorer.score_many(texts[: 64 * jobs], jobs=jobs, evidence=False))
    begun = time.perf_counter()
    list(scorer.score_many(texts, jobs=jobs, evidence=False))
    return len(texts) / (time.perf_counter() - begun)


def rows(
    scorer: Scorer,
    words: Sequence[str],
    lengths: Sequence[int],
    total: int,
    repeats: int,
    floors: Sequence[LanguageModel],
) -> Iterator[list[str]]:
    """A table, its head first: multiples of the first floor, and of each other floor for mtscore alone."""
    runs: dict[str, Run] = {
        "floor": floor(floors[0]),
        "no evidence": lambda texts: list(scorer.score_many(texts, evidence=False)),
        "evidence": lambda texts: list(scorer.score_many(texts)),
    }
    others: dict[str, Run] = {Path(model.path).name: floor(model) for model in floors[1:]}
    slow: dict[str, Run] = {"langdetect": langdetect_sentences()}
    if peer := gopher():
        slow["gopher"] = peer
    names = [*runs, *slow]
    yield [
        "words", "documents", "ms/doc", "us/word", *(f"{name} x" for name in names[1:]),
        *(f"{run} x {name}" for name in others for run in ("none", "evid.")),
    ]  # fmt: skip
    for length in lengths:
        texts = documents(words, length, total)
        if not texts:
            continue
        seconds = measure(runs | others, texts, repeats) | measure(slow, texts[: max(1, len(texts) // 10)], 1)
        for name in slow:
            seconds[name] *= len(texts) / max(1, len(texts) // 10)
        own = seconds["no evidence"]
        yield [
            str(length), str(len(texts)), f"{1000 * own / len(texts):.2f}",
            f"{1e6 * own / (length * len(texts)):.1f}",
            *(f"{seconds[name] / seconds['floor']:.1f}" for name in names[1:]),
            *(f"{seconds[run] / seconds[name]:.1f}" for name in others for run in ("no evidence", "evidence")),
        ]  # fmt: skip


def score_all(jobs: int, texts: Sequence[str]) -> None:
    for _ in Scorer.load().score_many(texts, jobs=jobs, evidence=False):
        pass


ALONE: dict[str, Callable[[], Run | None]] = {
    "nothing but the texts": lambda: lambda texts: time.sleep(2),
    "mtscore, 1 job": lambda: partial(score_all, 1),
    "mtscore, 2 jobs": lambda: partial(score_all, 2),
    "langdetect": langdetect_sentences,
    "gopher": gopher,
}
"""What is done in a process of its own, to see its memory."""


def print_memory(source: Path, words: int) -> None:
    for name in ALONE:
        command = [
            sys.executable,
            "-m",
            "benchmarks.speed",
            str(source),
            "--words",
            str(words),
            "--alone",
            name,
        ]
        with (
            subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL) as running,
            PeakMemory(running.pid) as peak,
        ):
            running.wait()
        print(f"memory of {name}: {'not measured' if running.returncode else peak}", flush=True)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("source", type=Path)
    parser.add_argument("--words", type=int, default=200_000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--lengths", type=int, nargs="+", default=LENGTHS, metavar="WORDS")
    parser.add_argument(
        "--floor", action="append", default=[], metavar="MODEL.bin", help="another KenLM model"
    )
    parser.add_argument("--table-only", action="store_true", help="no jobs and no memory")
    parser.add_argument("--alone", choices=tuple(ALONE), help="only do this, once and without measuring")
    with parsed(parser, arguments, _toy) as given:
        if given.alone:
            _run_alone(given)
        else:
            _measure_all(given)


def _toy(folder: Path) -> list[str]:
    source = write_documents(folder / "articles.jsonl", 12)
    return [str(source), "--words", "1000", "--repeats", "1", "--lengths", "100", "--table-only"]


def _run_alone(given: argparse.Namespace) -> None:
    run = ALONE[given.alone]()
    if run is None:
        sys.exit(1)
    run(documents(source_words(given.source, given.words), JOBS_LENGTH, given.words))


def _measure_all(given: argparse.Namespace) -> None:
    words = source_words(given.source, given.words)
    scorer = Scorer.load()
    list(scorer.score_many(documents(words, 200, 20_000)))  # warm
    print(
        "CPU time as a multiple of the bare KenLM pass (x), and of mtscore without evidence per document and word"
    )
    floors = [scorer.model.resources.forward, *map(LanguageModel, given.floor)]
    for row in rows(scorer, words, given.lengths, given.words, given.repeats, floors):
        print("  ".join(cell.rjust(13) for cell in row), flush=True)
    if given.table_only:
        return
    texts = documents(words, JOBS_LENGTH, given.words)
    pairs = [(with_jobs(scorer, texts, 1), with_jobs(scorer, texts, 2)) for _ in range(given.repeats)]
    one, two = max(pairs, key=lambda pair: pair[1] / pair[0])
    print(
        f"{JOBS_LENGTH} words: {one:.0f} documents/s with 1 job, {two:.0f} with 2: {two / one:.2f} times as many"
    )
    print("all pairs: " + ", ".join(f"{b / a:.2f}" for a, b in pairs))
    print_memory(given.source.resolve(), given.words)


if __name__ == "__main__":
    main()
