"""`mtscore score`: a verdict for each document."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, TextIO

from mtscore.cli.common import (
    Commands,
    Unreadable,
    add_command,
    add_scoring,
    load_scorer,
    open_output,
    positive,
    write_page,
)

if TYPE_CHECKING:
    from mtscore.records import Document, Verdict

_SCORE = """\
Scores documents and prints one verdict each, in the same order: the probability that a reader would call
it a garbled machine translation (0 to 1), a label, the quality of its English (0 to 100), and the findings.
What cannot be judged says why instead; nothing is left out.

PATH is a .txt, .md, .html, .jsonl, .csv or .parquet file (also .gz or .zst), a folder of such files, a pattern
like 'news/*.txt', or - for a text on standard input. In .jsonl, .csv and .parquet files each record is a document
with its text in "text".
"""
_SCORE_EPILOG = """\
examples:
  mtscore score article.txt
  mtscore score --format jsonl --output scores.jsonl crawl.jsonl.gz
  mtscore score --format html --output news.html news/
  curl -s https://example.org/story.txt | mtscore score -
"""


def add(commands: Commands) -> None:
    """Adds the command's parser."""
    score = add_command(commands, "score", "score documents", _SCORE, _SCORE_EPILOG, _score)
    score.add_argument("paths", nargs="+", metavar="PATH", help="file, folder, pattern, or - for stdin")
    score.add_argument(
        "--format",
        choices=("table", "jsonl", "csv", "html"),
        default="table",
        help="table: for people (the default, on a terminal and elsewhere); jsonl: one JSON object a line; "
        "csv: one row a document; html: a page with the articles and their findings",
    )
    score.add_argument("--output", metavar="FILE", help="write to FILE, which is replaced once all is done")
    score.add_argument("--jobs", type=positive, default=1, metavar="N", help="processes to score with (1)")
    score.add_argument(
        "--siblings",
        action="store_true",
        help="compare articles on the same story: what one copy alone has, against the others, is evidence",
    )
    add_scoring(score)


def _score(arguments: argparse.Namespace) -> int:
    from mtscore.files.documents import read_documents, total_bytes
    from mtscore.render.progress import Meter, with_progress

    paths: list[str] = arguments.paths
    is_machine = arguments.format != "table"
    unreadable = Unreadable()
    with open_output(arguments.output, paths, is_machine) as out:
        scorer = load_scorer(arguments)
        has_bar = sys.stderr.isatty() and not (is_machine and out.isatty())
        meter = Meter(total_bytes(paths) if has_bar else None)
        documents = read_documents(paths, text_field=arguments.text_field, on_read=meter)

        def score(documents: Iterable[Document]) -> Iterator[Verdict]:
            judge = scorer.score_siblings if arguments.siblings else scorer.score_many
            verdicts = unreadable.watch(judge(documents, jobs=arguments.jobs))
            return with_progress(verdicts, meter) if has_bar else verdicts

        if arguments.format == "html":
            write_page(documents, score, scorer, out)
        else:
            _write(score(documents), out, arguments.format)
    return unreadable.exit_code()


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
