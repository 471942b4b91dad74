"""`mtscore explain`: an article with its findings marked."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from mtscore.cli.common import Commands, Unreadable, add_command, add_scoring

if TYPE_CHECKING:
    from mtscore.records import Document

_EXPLAIN = """\
Prints one article (or each document of a .jsonl file or a folder) with its findings marked, the words that
were probably meant, and page furniture that was not judged set apart. Without colour, findings stand in
[[double brackets]] and furniture behind a ~. NO_COLOR=1 turns colour off, FORCE_COLOR=1 on.
"""
_EXPLAIN_EPILOG = """\
example:
  FORCE_COLOR=1 mtscore explain article.txt | less -R
"""


def add(commands: Commands) -> None:
    """Adds the command's parser."""
    explain = add_command(
        commands, "explain", "show an article's findings", _EXPLAIN, _EXPLAIN_EPILOG, _explain
    )
    explain.add_argument("path", metavar="PATH", help="file, or - for stdin")
    add_scoring(explain)


def _explain(arguments: argparse.Namespace) -> int:
    from mtscore.documents import read_documents
    from mtscore.render.article import write_article
    from mtscore.scorer import Scorer

    scorer = Scorer.load(arguments.model, prior=arguments.prior)
    unreadable = Unreadable()
    for number, document in enumerate(read_documents([arguments.path], text_field=arguments.text_field)):
        if number:
            sys.stdout.write("\n" + "-" * 72 + "\n\n")
        shown = _as_text(document)
        for verdict in unreadable.watch(scorer.score_many([shown])):
            write_article(verdict, shown.text, sys.stdout)
    return unreadable.exit_code()


def _as_text(document: Document) -> Document:
    """The document as its verdict's offsets see it: of a web page, the text."""
    if not document.is_html or document.text is None:
        return document
    from mtscore.body import read_html

    return replace(document, text=read_html(document.text), is_html=False)
