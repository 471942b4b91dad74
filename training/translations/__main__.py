"""Make garbled documents out of any text: translators that run offline take it to another language and back.

    python -m training.translations MINE.jsonl -o garbled.jsonl --chain en-pt-en

MINE.jsonl holds a record a line with `text` (and `id`, if there is one; other fields are carried on). A run that was
interrupted goes on where it stopped; the same seed gives the same file. training/README.md explains the records,
the chains and what must be installed.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from mtscore.errors import MtscoreError
from training.translations.chains import chain_for
from training.translations.documents import WINDOW
from training.translations.produce import Task, produce, read_documents


def run(task: Task, output: Path) -> int:
    """Produce with a progress bar on stderr."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        bar = progress.add_task(task.chain.name, total=len(task.documents))
        return produce(task, output, lambda done: progress.update(bar, completed=done))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m training.translations",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("documents", type=Path, help="JSON lines with a text each")
    parser.add_argument("-o", "--output", type=Path, required=True, help="where the records go")
    parser.add_argument("--chain", default="en-pt-en", help="languages to go through (default: %(default)s)")
    parser.add_argument("--seed", default="", help="another one cuts the documents elsewhere")
    parser.add_argument(
        "--words", type=int, nargs=2, default=WINDOW, metavar=("LOW", "HIGH"),
        help="cut documents to whole sentences of about so many words (default: %(default)s)",
    )  # fmt: skip
    parser.add_argument(
        "--no-return", action="store_true",
        help="text of another language: do not measure what comes back from English; half the time, fewer labels",
    )  # fmt: skip
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line: see the module's docstring."""
    given = _parser().parse_args(arguments)
    try:
        with open(given.documents, encoding="utf-8") as lines:
            documents = read_documents(lines, str(given.documents))
        chain = chain_for(given.chain)
        if given.no_return:
            chain = replace(chain, way_back=None)
        low, high = given.words
        task = Task(documents, chain, given.seed, (low, high))
        count = run(task, given.output)
    except (MtscoreError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(f"{given.output}: {count} of {len(documents)} documents", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
