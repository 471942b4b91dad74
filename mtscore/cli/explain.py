"""`mtscore explain`: an article with its findings marked."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

from mtscore.cli.common import (
    Commands,
    Score,
    Unreadable,
    add_command,
    add_scoring,
    open_output,
    write_page,
)

if TYPE_CHECKING:
    from mtscore.records import Document

_EXPLAIN = """\
Prints one article (or each document of a .jsonl file or a folder) with its findings marked, the words that
were probably meant, and page furniture that was not judged set apart. Without colour, findings stand in
[[double brackets]] and furniture behind a ~. NO_COLOR=1 turns colour off, FORCE_COLOR=1 on.

With --html the same is written as a page for a browser: one file that needs no network.
"""
_EXPLAIN_EPILOG = """\
examples:
  FORCE_COLOR=1 mtscore explain article.txt | less -R
  mtscore explain article.txt --html article.html
"""


def add(commands: Commands) -> None:
    """Adds the command's parser."""
    explain = add_command(
        commands, "explain", "show an article's findings", _EXPLAIN, _EXPLAIN_EPILOG, _explain
    )
    explain.add_argument("path", metavar="PATH", help="file, or - for stdin")
    explain.add_argument("--html", metavar="FILE", help="write a page to FILE instead (- for stdout)")
    add_scoring(explain)


def _explain(arguments: argparse.Namespace) -> int:
    from mtscore.documents import read_documents
    from mtscore.scorer import Scorer

    unreadable = Unreadable()
    with open_output(arguments.html, [arguments.path], arguments.html is not None) as out:
        scorer = Scorer.load(arguments.model, prior=arguments.prior)
        documents = read_documents([arguments.path], text_field=arguments.text_field)
        if arguments.html is None:
            _print(documents, lambda some: unreadable.watch(scorer.score_many(some)))
        else:
            write_page(documents, lambda some: unreadable.watch(scorer.score_many(some)), scorer, out)
    return unreadable.exit_code()


def _print(documents: Iterable[Document], score: Score) -> None:
    """Each document as soon as it is judged: one at a time."""
    from mtscore.render.article import write_article
    from mtscore.texts import with_texts

    for number, document in enumerate(documents):
        if number:
            sys.stdout.write("\n" + "-" * 72 + "\n\n")
        for verdict, text in with_texts(score, [document]):
            write_article(verdict, text, sys.stdout)
