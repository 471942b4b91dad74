"""`mtscore label`: the documents worth labelling, one after the other."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from mtscore.cli.common import Commands, Unreadable, add_command, add_max_bytes, complain, positive
from mtscore.cli.labelled import add_cache, cache_folder, progress
from mtscore.errors import UsageError

if TYPE_CHECKING:
    from mtscore.learning.session import Answer, Question, Session

_LABEL = """\
Shows the most informative document next, with its findings: one that the model is unsure of, and unlike those
labelled already. Takes one key for it:

  g garbled    c clean    s skip    q its quality, 0 to 100, then g or c    u undo the last answer    x stop

Every answer is on disk before the next document is shown; stop whenever you like and go on with the same command.
The file of labels is what mtscore train and mtscore evaluate read.
"""
_LABEL_EPILOG = """\
examples:
  mtscore label news/ --output mine.jsonl
  mtscore label crawl.jsonl --output mine.jsonl --group tabloid
  mtscore label crawl.jsonl --output mine.jsonl --batch 50 --format jsonl > tasks.jsonl
"""
_KEYS = "[g]arbled [c]lean [s]kip [q]uality [u]ndo e[x]it"
_ANSWERS: dict[str, Answer] = {"g": "garbled", "c": "clean", "s": "skip"}
_STOP = ("x", "", "\x04", "\x1b")


def add(commands: Commands) -> None:
    """Adds the command's parser."""
    label = add_command(
        commands, "label", "label the most informative documents", _LABEL, _LABEL_EPILOG, _label
    )
    label.add_argument(
        "documents", nargs="+", metavar="DOCS", help="files, folders and patterns, as for score"
    )
    label.add_argument("--output", required=True, metavar="LABELS", help=".jsonl file that the answers go to")
    label.add_argument("--group", metavar="NAME", help="the kind of text that these are, for the label file")
    label.add_argument(
        "--blind",
        action="store_true",
        help="hide score and findings, so that they cannot sway the answer",
    )
    label.add_argument(
        "--batch",
        type=positive,
        metavar="N",
        help="ask nothing: print the next N documents, for another tool",
    )
    label.add_argument(
        "--format",
        choices=("ids", "jsonl"),
        default="ids",
        help="of --batch: ids, or records with texts (ids)",
    )
    label.add_argument("--model", metavar="DIR", help="the model that is unsure (the one scoring would use)")
    label.add_argument(
        "--text-field", default="text", metavar="NAME", help="text field of .jsonl records (text)"
    )
    label.add_argument("--jobs", type=positive, default=1, metavar="N", help="number of processes (1)")
    add_cache(label)
    add_max_bytes(label)


def _label(arguments: argparse.Namespace) -> int:
    from mtscore.files.documents import read_documents
    from mtscore.learning.labelling import LabelFile
    from mtscore.learning.session import open_session
    from mtscore.scoring.scorer import Scorer

    if not arguments.output.lower().endswith(".jsonl"):
        raise UsageError(f"--output {arguments.output} must end in .jsonl: labels are JSON lines")
    scorer = Scorer.load(arguments.model)
    unreadable = Unreadable()
    with LabelFile(Path(arguments.output)) as labels:
        session = open_session(
            read_documents(
                arguments.documents, text_field=arguments.text_field, max_bytes=arguments.max_bytes
            ),
            labels,
            scorer,
            group=arguments.group or "",
            is_blind=arguments.blind,
            cache=cache_folder(arguments.cache),
            jobs=arguments.jobs,
            watch=progress,
            on_unreadable=unreadable.tell,
            on_left_out=_tell_left_out,
        )
        if arguments.batch is not None:
            for question in session.batch(arguments.batch):
                print(_for_elsewhere(question, arguments.format, is_blind=arguments.blind))
        else:
            _work(session, is_blind=arguments.blind)
    return unreadable.exit_code()


def _tell_left_out(count: int, total: int) -> None:
    complain(f"left out, because they cannot be judged: {count} of {total} documents")


def _for_elsewhere(question: Question, form: str, *, is_blind: bool) -> str:
    if form == "ids":
        return question.document.id
    score = {} if is_blind else {"score": question.verdict.score}
    return json.dumps({"id": question.document.id, **score, "text": question.text})


def _work(session: Session, *, is_blind: bool) -> None:
    """Shows documents and takes answers until there are no more of either."""
    while question := session.current():
        _show(question, is_blind=is_blind)
        if not _take_answer(session):
            break
    else:
        print("\nevery document has an answer")
    garbled, clean, skipped = session.counts
    print(f"\n{garbled} garbled, {clean} clean, {skipped} skipped; {session.waiting:,} waiting")


def _show(question: Question, *, is_blind: bool) -> None:
    from mtscore.render.article import write_article, write_unmarked

    print("\n" + "=" * 72 + "\n")
    if is_blind:
        write_unmarked(question.verdict, question.text, sys.stdout)
    else:
        write_article(question.verdict, question.text, sys.stdout)


def _take_answer(session: Session) -> bool:
    """Takes keys until another document is to be shown; False to stop."""
    quality = None
    while True:
        key = _read_key(f"\n{session.waiting:,} waiting · {_KEYS} > ")
        if key in _STOP:
            return False
        if key in _ANSWERS:
            session.answer(_ANSWERS[key], quality=quality)
            return True
        if key == "q":
            quality = _read_quality()
        elif key == "u":
            if session.undo():
                return True
            print("nothing to undo in this sitting")


def _read_quality() -> float | None:
    """A number from 0 to 100, or None when what is typed is none."""
    print("quality, 0 (unreadable) to 100 (nothing to object to): ", end="", flush=True)
    try:
        value = float(sys.stdin.readline())
    except ValueError:
        value = -1.0
    if 0 <= value <= 100:
        print(f"quality {value:g}; now [g]arbled or [c]lean")
        return value
    print("that is no number from 0 to 100; press q to try again")
    return None


def _read_key(prompt: str) -> str:
    """One key in lower case, at once on a terminal, else the first character of a line; "" at the end."""
    print(prompt, end="", flush=True)
    if not sys.stdin.isatty():
        line = sys.stdin.readline()
        return line.strip().lower()[:1] if line.strip() else (" " if line else "")
    with _single_keys():
        key = sys.stdin.read(1)
    print(key if key.isprintable() else "")
    return key.lower()


@contextmanager
def _single_keys() -> Iterator[None]:
    """Keys arrive as they are pressed, where the terminal can do that; elsewhere with the enter key.

    click.getchar and readchar throw away what was typed ahead, and a fast reader's next answer with it.
    """
    try:
        import termios
        import tty
    except ImportError:
        yield
        return
    handle = sys.stdin.fileno()
    before = termios.tcgetattr(handle)
    try:
        tty.setcbreak(handle, termios.TCSADRAIN)  # keeps what was typed ahead
        yield
    finally:
        termios.tcsetattr(handle, termios.TCSADRAIN, before)
