"""What the commands share: their parsers' form, messages on stderr, and where results go."""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, TextIO, TypeAlias

from mtscore.cli.settings import add_allow, allowed_of
from mtscore.errors import UsageError

if TYPE_CHECKING:
    from mtscore.records import Document, Verdict
    from mtscore.render.places import Sourced
    from mtscore.scoring.scorer import Scorer

DONE, FAILED, USAGE, FOUND, INTERRUPTED = 0, 1, 2, 3, 130

MOST_TOLD = 20
"""Complaints that are shown: where most records of a file are in another encoding, each has the same to say."""

GET_READER = "read quickly; the close reading finds more: pip install ./models/reader (from the repository)"

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
"""What `add_command` adds to: argparse has no public name for it."""

LoadScorer: TypeAlias = "Callable[..., Scorer]"
"""What makes a scorer, called like `Scorer.load`."""

Score: TypeAlias = "Callable[[Iterable[Document]], Iterable[Verdict]]"
"""Verdicts for documents, in their order."""


def load_scorer(arguments: argparse.Namespace, *, is_close: bool = False) -> Scorer:
    """The scorer that the options of `add_scoring` ask for. Where nobody asks for a reading it is a close one if
    `is_close` and the reader and the model allow it, else a quick one."""
    from mtscore.errors import ModelError
    from mtscore.reading.reader import is_installed
    from mtscore.scoring.close_reading import VARIABLE
    from mtscore.scoring.scorer import Scorer

    load: LoadScorer = arguments.load_scorer or Scorer.load
    allowed = allowed_of(arguments)
    options = {"prior": arguments.prior, **({"allow": allowed} if allowed else {})}
    asked = arguments.reading or os.environ.get(VARIABLE)
    if asked is None and is_close and is_installed():
        try:
            return load(arguments.model, **options, reading="close")
        except ModelError as error:
            scorer = load(arguments.model, **options, reading="quick")
            complain(f"read quickly: {error}")
            return scorer
    if asked is None and is_close and sys.stderr.isatty():
        complain(GET_READER)
    return load(arguments.model, **options, reading=asked or "quick")


def documents_of(
    paths: Iterable[str], arguments: argparse.Namespace, on_read: Callable[[int], object] | None = None
) -> Iterator[Document]:
    """The documents of `paths`, read as the options of `add_scoring` ask for."""
    from mtscore.files.documents import read_documents

    return read_documents(
        paths,
        text_field=arguments.text_field,
        max_bytes=arguments.max_bytes,
        input_format=arguments.input_format,
        on_read=on_read,
    )


def sourced_documents(
    paths: Iterable[str], arguments: argparse.Namespace, on_read: Callable[[int], object] | None = None
) -> Sourced:
    """`documents_of`, each beside the file that it came from."""
    from mtscore.files.documents import SUFFIXES, format_by_name
    from mtscore.files.paths import expand, shown
    from mtscore.records import Document
    from mtscore.render.places import Source

    for path in paths:
        for found in expand(path, SUFFIXES):
            if isinstance(found, Document):
                yield Source(found.id), found
                continue
            name = shown(found)
            is_decoded = (arguments.input_format or format_by_name(found)) in ("mail", "mhtml")
            for document in documents_of([found], arguments, on_read):
                is_whole = document.id == name and not is_decoded
                markup = document.text if is_whole and document.is_html else None
                yield Source(name, markup, is_whole), document


def complain(message: str) -> None:
    """One line on stderr; it may quote untrusted input."""
    from mtscore.render.terminal import sanitize

    with suppress(OSError):
        sys.stdout.flush()
    print(f"mtscore: {sanitize(message)}", file=sys.stderr)


class Unreadable:
    """Reports documents that could not be read, each once, on stderr, and remembers that there were any."""

    def __init__(self, *, is_shown: bool = False) -> None:
        """`is_shown`: whoever reads stderr reads the verdicts, too, which say the same."""
        self.count = self._untold = 0
        self._is_shown = is_shown
        self._told: set[tuple[str, str | None]] = set()

    def watch(self, verdicts: Iterable[Verdict]) -> Iterator[Verdict]:
        for verdict in verdicts:
            if verdict.reason == "unreadable":
                self.tell(verdict)
            yield verdict

    def tell(self, unread: Verdict | Document) -> None:
        self.count += 1
        known = (unread.id, unread.detail)
        if self._is_shown or known in self._told:
            return
        if len(self._told) < MOST_TOLD:
            complain(f"cannot read {unread.id}: {unread.detail}")
            self._told.add(known)
        else:
            self._untold += 1

    def exit_code(self) -> int:
        """The exit code. Says how many complaints were not shown."""
        if self._untold:
            complain(f"cannot read {self._untold:,} more")
        return FAILED if self.count else DONE


def siblings_of(verdict: Verdict) -> int:
    """How many others on its story a document was compared with."""
    return int(verdict.signals.get("substitution", {}).get("siblings", 0))


@contextmanager
def open_output(path: str | None, inputs: Sequence[str], is_machine: bool) -> Iterator[TextIO]:
    """Stdout, or the file at `path`, which must not be among the inputs."""
    if path is None or path == "-":
        if is_machine and isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(encoding="utf-8", errors="strict", newline="\n")
        yield sys.stdout
        return
    from mtscore.files.atomic_file import open_atomically
    from mtscore.files.documents import input_files

    if os.path.isfile(path) and any(_is_same(path, source) for source in input_files(inputs)):
        raise UsageError(f"the output {path} is also an input and would be overwritten; choose another name")
    with open_atomically(path) as stream:
        yield stream


def write_page(documents: Iterable[Document], score: Score, scorer: Scorer, out: TextIO) -> None:
    """What `score` says of the documents, as a page."""
    from mtscore.render.html import page
    from mtscore.render.html.reference import reference_of
    from mtscore.text.scored_text import with_texts

    page.write_page(with_texts(score, documents), out, reference_of(scorer))


def _is_same(path: str, other: str) -> bool:
    with suppress(OSError, ValueError):
        return os.path.samefile(path, other)
    return False


def add_command(
    commands: Commands,
    name: str,
    summary: str,
    description: str,
    epilog: str,
    command: Callable[[argparse.Namespace], int] | None,
) -> argparse.ArgumentParser:
    parser = commands.add_parser(
        name,
        help=summary,
        description=description,
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.set_defaults(command=command)
    return parser


def add_model(parser: argparse.ArgumentParser) -> None:
    """The options of whatever scores."""
    parser.add_argument(
        "--model", metavar="DIR", help="use the model in this folder (the one that is shipped)"
    )
    parser.add_argument(
        "--prior",
        type=probability,
        metavar="P",
        help="share of garbled articles that you expect, between 0 and 1 (the model's own)",
    )
    parser.add_argument(
        "--reading",
        choices=("quick", "close", "auto"),
        help="quick: n-grams alone; close: the neural reader too, seconds for an article; auto: closely only where "
        "that can change the label (score, explain and serve: close where the reader is installed; else quick)",
    )


def add_scoring(parser: argparse.ArgumentParser) -> None:
    """The options of whatever reads and scores documents."""
    add_model(parser)
    parser.add_argument(
        "--text-field",
        default="text",
        metavar="NAME",
        help="the field or column that is the text (text)",
    )
    parser.add_argument(
        "--input-format",
        choices=("text", "html", "mhtml", "mail", "warc", "jsonl", "csv", "tsv", "parquet"),
        metavar="FORMAT",
        help="what the input is, whatever its name: text, html, mhtml, mail, warc, jsonl, csv, tsv or parquet",
    )
    add_allow(parser)
    add_max_bytes(parser)


def add_max_bytes(parser: argparse.ArgumentParser) -> None:
    """The limit of whatever reads texts."""
    parser.add_argument(
        "--max-bytes",
        type=positive,
        default=2 << 20,
        metavar="N",
        help="longest text or record in bytes, after decompression (2097152: under 1 GB of memory)",
    )


def positive(value: str) -> int:
    with suppress(ValueError):
        if int(value) > 0:
            return int(value)
    raise argparse.ArgumentTypeError(f"{value!r} is not a whole number of 1 or more")


def positive_seconds(value: str) -> float:
    """An option's value that is a time."""
    with suppress(ValueError):
        if 0 < float(value) < 1e6:
            return float(value)
    raise argparse.ArgumentTypeError(f"{value!r} is not a number of seconds above 0")


def seed(value: str) -> int:
    """An option's value that is a seed of random numbers."""
    if not value.isdecimal() or not value.isascii() or int(value) >= 1 << 32:
        raise argparse.ArgumentTypeError(f"{value!r} is not a number from 0 to {(1 << 32) - 1}")
    return int(value)


def probability(value: str) -> float:
    with suppress(ValueError):
        if 0 < float(value) < 1:
            return float(value)
    raise argparse.ArgumentTypeError(f"{value!r} is not a number between 0 and 1 (both excluded)")
