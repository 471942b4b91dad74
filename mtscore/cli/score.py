"""`mtscore score`: a verdict for each document."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, TextIO

from mtscore.cli.common import (
    DONE,
    FOUND,
    Commands,
    Score,
    Unreadable,
    add_command,
    add_scoring,
    complain,
    documents_of,
    load_scorer,
    open_output,
    positive,
    siblings_of,
    sourced_documents,
    write_page,
)

if TYPE_CHECKING:
    from mtscore.records import Document, Verdict
    from mtscore.render.places import Sourced

_SCORE = """\
Scores documents and prints one verdict each, in the same order: the probability that a reader would call
it a garbled machine translation (0 to 1), a label, the quality of its English (0 to 100), and the findings.
A document that cannot be judged says why instead; none is left out.

PATH is a file (also .gz or .zst), a folder of files, a pattern like 'news/*.txt', or - for standard input: a text
(.txt .md .markdown), a web page (.html .htm .xhtml .mhtml), a message (.eml), a web archive (.warc .wet), or
records, each with its text in "text" (.jsonl .csv .tsv .parquet). Of standard input, the beginning says what it is.
"""
_SCORE_EPILOG = """\
examples:
  mtscore score article.txt
  mtscore score --format jsonl --output scores.jsonl crawl.jsonl.gz
  mtscore score --format html --output news.html news/
  mtscore score --fail-on garbled docs/
  mtscore score --format sarif --output mtscore.sarif docs/
  curl -sL https://example.org/story.html | mtscore score -
"""


def add(commands: Commands) -> None:
    """Adds the command's parser."""
    score = add_command(commands, "score", "score documents", _SCORE, _SCORE_EPILOG, _score)
    score.add_argument("paths", nargs="+", metavar="PATH", help="file, folder, pattern, or - for stdin")
    score.add_argument(
        "--format",
        choices=("table", "jsonl", "csv", "html", "sarif", "github"),
        default="table",
        help="table: for people (the default, on a terminal and elsewhere); jsonl: one JSON object a line; "
        "csv: one row a document; html: a page with the articles and their findings; sarif: for code hosts and "
        "editors; github: marks in a pull request",
    )
    score.add_argument("--output", metavar="FILE", help="write to FILE, which is replaced once all is done")
    score.add_argument("--jobs", type=positive, default=1, metavar="N", help="number of processes (1)")
    score.add_argument(
        "--siblings",
        action="store_true",
        help="compare articles on the same story: what one copy alone has, against the others, is evidence",
    )
    score.add_argument(
        "--fail-on",
        choices=("garbled", "suspect"),
        help="exit with 3 if a document is garbled (or suspect): for scripts, CI and pre-commit",
    )
    add_scoring(score)


def _score(arguments: argparse.Namespace) -> int:
    from mtscore.files.documents import total_bytes
    from mtscore.render.progress import Meter, with_progress

    paths: list[str] = arguments.paths
    is_machine = arguments.format != "table"
    with open_output(arguments.output, paths, is_machine) as out:
        scorer = load_scorer(arguments, is_close=True)
        unreadable = Unreadable()
        seen = _Seen(arguments.fail_on)
        has_bar = sys.stderr.isatty() and not (is_machine and out.isatty())
        meter = Meter(total_bytes(paths) if has_bar else None)
        documents = documents_of(paths, arguments, meter)

        def score(documents: Iterable[Document]) -> Iterator[Verdict]:
            judge = scorer.score_siblings if arguments.siblings else scorer.score_many
            verdicts = seen.watch(unreadable.watch(judge(documents, jobs=arguments.jobs)))
            return with_progress(verdicts, meter) if has_bar else verdicts

        if arguments.format == "html":
            write_page(documents, score, scorer, out)
        elif arguments.format in ("sarif", "github"):
            _mark(sourced_documents(paths, arguments, meter), score, out, arguments.format)
        else:
            _write(score(documents), out, arguments.format)
    if arguments.siblings:
        complain(seen.describe_siblings())
    return unreadable.exit_code() or seen.exit_code()


class _Seen:
    """What the verdicts say together."""

    def __init__(self, fail_on: str | None) -> None:
        self._labels = {None: (), "garbled": ("garbled",), "suspect": ("garbled", "suspect")}[fail_on]
        self._has_failed = False
        self._count = self._with_siblings = 0

    def watch(self, verdicts: Iterable[Verdict]) -> Iterator[Verdict]:
        for verdict in verdicts:
            self._has_failed |= verdict.label in self._labels
            self._count += 1
            self._with_siblings += siblings_of(verdict) > 0
            yield verdict

    def exit_code(self) -> int:
        return FOUND if self._has_failed else DONE

    def describe_siblings(self) -> str:
        return f"{self._with_siblings:,} of {self._count:,} documents have siblings"


def _write(verdicts: Iterable[Verdict], out: TextIO, form: str) -> None:
    if form == "jsonl":
        from mtscore.render.jsonl import to_json

        for verdict in verdicts:
            out.write(to_json(verdict) + "\n")
    elif form == "csv":
        from mtscore.render.csv import write_csv

        write_csv(verdicts, out)
    else:
        from mtscore.render.table import write_table

        write_table(verdicts, out)


def _mark(documents: Sourced, score: Score, out: TextIO, form: str) -> None:
    """Findings at their places in the files."""
    from mtscore.render.github import write_github
    from mtscore.render.places import with_places
    from mtscore.render.sarif import write_sarif

    write = write_sarif if form == "sarif" else write_github
    write(with_places(score, documents), out)
