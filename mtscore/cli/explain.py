"""`mtscore explain`: an article with its findings marked."""

from __future__ import annotations

import argparse
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import TYPE_CHECKING

from mtscore.cli.common import (
    Commands,
    Unreadable,
    add_command,
    add_scoring,
    complain,
    documents_of,
    load_scorer,
    open_output,
    siblings_of,
    write_page,
)

if TYPE_CHECKING:
    from mtscore.records import Document, Verdict

_EXPLAIN = """\
Prints one article (or each document of a .jsonl file or a folder) with its findings marked, the words that
were probably meant, and page furniture that was not judged set apart. Without colour, findings stand in
[[double brackets]] and furniture behind a ~. NO_COLOR=1 turns colour off, FORCE_COLOR=1 on.

With --siblings the article is judged beside others on the same story: words that only it has, where they have
one that fits better, are findings, too.

With --html the same is written as a page for a browser: one file that needs no network.
"""
_EXPLAIN_EPILOG = """\
examples:
  FORCE_COLOR=1 mtscore explain article.txt | less -R
  mtscore explain article.txt --html article.html
  mtscore explain article.txt --siblings other.txt 'news/*.txt'
"""


def add(commands: Commands) -> None:
    """Adds the command's parser."""
    explain = add_command(
        commands, "explain", "show an article's findings", _EXPLAIN, _EXPLAIN_EPILOG, _explain
    )
    explain.add_argument("path", metavar="PATH", help="file, or - for stdin")
    explain.add_argument("--html", metavar="FILE", help="write a page to FILE instead (- for stdout)")
    explain.add_argument(
        "--siblings",
        nargs="+",
        default=[],
        metavar="OTHER",
        help="files, folders or patterns to compare with where they are on the same story",
    )
    add_scoring(explain)


def _explain(arguments: argparse.Namespace) -> int:
    from mtscore.text.scored_text import with_texts

    others: list[str] = arguments.siblings
    is_shown = arguments.html is None and sys.stdout.isatty() and sys.stderr.isatty() and not others
    unreadable = Unreadable(is_shown=is_shown)
    inputs = [arguments.path, *others]
    with open_output(arguments.html, inputs, arguments.html is not None) as out:
        scorer = load_scorer(arguments, is_close=True)
        documents = documents_of([arguments.path], arguments)

        def score(documents: Iterable[Document]) -> Iterator[Verdict]:
            if not others:
                yield from unreadable.watch(scorer.score_many(documents))
                return
            shown = list(documents)
            beside = documents_of(others, arguments)
            verdicts = unreadable.watch(scorer.score_siblings(chain(shown, beside)))
            for verdict in islice(verdicts, len(shown)):
                count = siblings_of(verdict)
                complain(f"{verdict.id}: {count} {'sibling' if count == 1 else 'siblings'} found")
                yield verdict
            deque(verdicts, maxlen=0)  # so that it is said which of the others could not be read

        if arguments.html is not None:
            write_page(documents, score, scorer, out)
        elif others:
            _print(with_texts(score, documents))
        else:
            _print(chain.from_iterable(with_texts(score, [document]) for document in documents))
    return unreadable.exit_code()


def _print(judged: Iterable[tuple[Verdict, str | None]]) -> None:
    """Each article as soon as it is judged."""
    from mtscore.render.article import write_article

    for number, (verdict, text) in enumerate(judged):
        if number:
            sys.stdout.write("\n" + "-" * 72 + "\n\n")
        write_article(verdict, text, sys.stdout)
