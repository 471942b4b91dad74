"""What a model finds of systems, sources, languages, registers and engines that it was not trained on.

    python -m benchmarks.protocol --data DATA --lm WORK --model models/en --translations TRANSLATIONS

Folds, each without a part of the training data and judged on that part:

    nllb        the translation system nllb
    rules       the systems opusmt and argos
    sources     the corpora wmt22 and compare_mt_sken
    languages   translations from Latvian, Turkish, Igbo, Japanese, Chinese and Armenian
    flores      the encyclopedic corpus FLORES
    registers:N some registers (`training/registers/names.py`), garbled, fluent and human text of them alike
    engine:X    what Apertium made, what the neural engine made, and for comparison neither; chains in which both have
                a part teach in none of the three

In the first five and the last the rest is split in halves by component (documents that share a line, or a story).
Each half's model is judged on the garbled documents that were left out and on the human documents of the other half:
nothing that shares a line is on both sides. In the first five, made-up and doubtful garbled text teaches and does not
judge, and no document of the added registers judges: their figures can be compared with earlier ones. How much fluent
machine translation is flagged is told apart. The quality model and the language models are the model folder's own;
they have seen none of the judged documents.

Prints for the first five AUROC and TPR at 1 % FPR with bootstrap intervals over components, the same within each
source (matched pairs), the mean and the worst fold, and false positives per register; for registers AUROC, what is
found at 1 % of all held-out human text, and human text flagged at the threshold chosen on the teaching rows, with
Wilson intervals, found and made translations apart, and by length; for engines what is found of them held out and
taught. With `--numbers`, the first five are judged by a close or an automatic reading. `--log` appends the metrics
with the commit. `--cache` keeps the extracted numbers.
"""

from __future__ import annotations

import argparse
import datetime
import subprocess
from collections.abc import Sequence
from pathlib import Path

from joblib import Parallel, delayed

from benchmarks.protocol.corpora import corpora_report
from benchmarks.protocol.folds import CORPORA, FOLDS, parts
from benchmarks.protocol.judging import joined, judge
from benchmarks.protocol.loading import load
from benchmarks.protocol.reading import Numbers
from benchmarks.protocol.registers import engines_report, registers_report
from benchmarks.toy import parsed, write_data, write_lm_work, write_translations
from mtscore.model.folder import default_model_path
from training.build_model import add_sources, sources_of


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.protocol",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_sources(parser)
    parser.add_argument("--model", type=Path, required=True, help="a complete model folder")
    parser.add_argument("--folds", nargs="+", metavar="FOLD", choices=FOLDS, help="only these (all)")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument(
        "--numbers", type=Path, nargs=2, metavar="NPZ", help="read closely: the numbers of both sides' bodies"
    )
    parser.add_argument(
        "--reading", choices=("close", "auto"), default="close", help="with --numbers (close)"
    )
    parser.add_argument("--log", type=Path, help="append the metrics to this file")
    with parsed(parser, arguments, _toy) as given:
        _run(given)


def _toy(folder: Path) -> list[str]:
    return [
        *("--data", str(write_data(folder / "data")), "--lm", str(write_lm_work(folder / "lm"))),
        *("--translations", str(write_translations(folder / "translations"))),
        *("--model", str(default_model_path()), "--folds", "nllb", "registers:0"),
    ]


def _run(given: argparse.Namespace) -> None:
    data = load(sources_of(given), given.model)
    folds = given.folds or (CORPORA if given.numbers else FOLDS)
    tasks = [(fold, part) for fold in folds for part in parts(fold, data)]
    numbers = None
    if given.numbers:
        numbers = Numbers.load(given.numbers, data, given.reading)
    done = Parallel(given.jobs, backend="threading")(
        delayed(judge)(part, data, fold, numbers) for fold, part in tasks
    )
    results = {
        fold: joined([found for (name, _), found in zip(tasks, done, strict=True) if name == fold])
        for fold in folds
    }
    lines = [report for make in REPORTS for report in make(results, data)]
    print("\n".join(lines))
    if given.log is not None:
        _append(given.log, lines)


REPORTS = (corpora_report, registers_report, engines_report)


def _append(path: Path, lines: Sequence[str]) -> None:
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
    )
    day = datetime.datetime.now(datetime.timezone.utc).date()
    with path.open("a", encoding="utf-8") as log:
        log.write("\n".join([f"## {day} {commit.stdout.strip()}", "", "```text", *lines, "```", "", ""]))
