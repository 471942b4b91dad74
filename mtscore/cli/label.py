"""`mtscore label`: the documents worth labelling, one after the other."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mtscore.cli.common import DONE, FAILED, Commands, add_command, complain, positive
from mtscore.cli.labelled import add_cache, cache_folder, progress
from mtscore.errors import UsageError

if TYPE_CHECKING:
    from mtscore.learning.labelling import LabelFile, Queue
    from mtscore.records import Document, Verdict
    from mtscore.scoring.scorer import Scorer

_LABEL = """\
Shows the document that teaches the model most next (one that it is unsure of and that is unlike those labelled
already) with its findings, and takes one key for it:

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
_STOP = ("x", "", "\x04", "\x1b")


def add(commands: Commands) -> None:
    """Adds the command's parser."""
    label = add_command(
        commands, "label", "label the documents that teach most", _LABEL, _LABEL_EPILOG, _label
    )
    label.add_argument(
        "documents", nargs="+", metavar="DOCS", help="files, folders and patterns, as for score"
    )
    label.add_argument("--output", required=True, metavar="LABELS", help=".jsonl file that the answers go to")
    label.add_argument("--group", metavar="NAME", help="the kind of text that these are, for the label file")
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
    label.add_argument("--jobs", type=positive, default=1, metavar="N", help="processes to score with (1)")
    add_cache(label)


def _label(arguments: argparse.Namespace) -> int:
    from mtscore.learning.labelling import LabelFile
    from mtscore.scoring.scorer import Scorer

    if not arguments.output.lower().endswith(".jsonl"):
        raise UsageError(f"--output {arguments.output} must end in .jsonl: labels are JSON lines")
    scorer = Scorer.load(arguments.model)
    with LabelFile(Path(arguments.output)) as labels:
        documents, unreadable = _documents(arguments, labels)
        documents, queue = _queue(documents, labels, scorer, arguments)
        if arguments.batch is not None:
            _print_batch(documents, queue, scorer, arguments)
        else:
            _Desk(documents, queue, labels, scorer, arguments.group).work()
    return FAILED if unreadable else DONE


def _documents(arguments: argparse.Namespace, labels: LabelFile) -> tuple[list[Document], int]:
    """The readable documents that have no answer yet, each text once; and how many could not be read."""
    from dataclasses import replace

    from mtscore.files.documents import read_documents
    from mtscore.learning.near_duplicates import text_key
    from mtscore.text.html import read_html

    known, found, unreadable = labels.keys, [], 0
    for document in read_documents(arguments.documents, text_field=arguments.text_field):
        if document.text is None:
            complain(f"cannot read {document.id}: {document.detail}")
            unreadable += 1
            continue
        text = read_html(document.text) if document.is_html else document.text
        key = text_key(text)
        if key not in known:
            known.add(key)
            found.append(replace(document, text=text, is_html=False))
    return found, unreadable


def _queue(
    documents: Sequence[Document], labels: LabelFile, scorer: Scorer, arguments: argparse.Namespace
) -> tuple[list[Document], Queue]:
    """The documents that can be judged, and the order to show them in."""
    from mtscore.learning.label_features import Measured, log_odds, measure
    from mtscore.learning.labelling import Queue
    from mtscore.learning.retrain import threshold_of

    labelled = [str(record.get("text", "")) for record in labels.records]
    texts = [document.text or "" for document in documents]
    cache = cache_folder(arguments.cache)
    watch = progress(len(texts) + len(labelled))
    numbers = list(watch(measure([*texts, *labelled], scorer, cache=cache, jobs=arguments.jobs)))
    usable = [i for i in range(len(texts)) if isinstance(numbers[i], Measured)]
    if len(usable) < len(texts):
        complain(
            f"left out, because they cannot be judged: {len(texts) - len(usable)} of {len(texts)} documents"
        )
    measured = [m for m in numbers[: len(texts)] if isinstance(m, Measured)]
    before = [m for m in numbers[len(texts) :] if isinstance(m, Measured)]
    excess = log_odds(measured, scorer.model.classifier) - threshold_of(scorer.model)
    return [documents[i] for i in usable], Queue(measured, excess, before)


def _print_batch(
    documents: Sequence[Document], queue: Queue, scorer: Scorer, arguments: argparse.Namespace
) -> None:
    for _ in range(arguments.batch):
        index = queue.next()
        if index is None:
            break
        document = documents[index]
        if arguments.format == "ids":
            print(document.id)
        else:
            score = scorer.score(document.text or "").score
            print(json.dumps({"id": document.id, "score": score, "text": document.text}))
        queue.done(index)


class _Desk:
    """One sitting: shows documents and takes answers until there are no more of either."""

    def __init__(
        self,
        documents: Sequence[Document],
        queue: Queue,
        labels: LabelFile,
        scorer: Scorer,
        group: str | None,
    ) -> None:
        self._documents = documents
        self._queue = queue
        self._labels = labels
        self._scorer = scorer
        self._group = group
        self._answered: list[int] = []
        self._quality: float | None = None

    def work(self) -> None:
        index = self._queue.next()
        while index is not None:
            verdict = self._show(index)
            again = self._answer(index, verdict)
            if again is None:
                break
            index = again if again >= 0 else self._queue.next()
        else:
            print("\nevery document has an answer")
        self._tell()

    def _show(self, index: int) -> Verdict:
        from mtscore.render.article import write_article

        document = self._documents[index]
        verdict = self._scorer.score(document.text or "", id=document.id)
        print("\n" + "=" * 72 + "\n")
        write_article(verdict, document.text or "", sys.stdout)
        return verdict

    def _answer(self, index: int, verdict: Verdict) -> int | None:
        """Take keys until the document is dealt with: the index to show next, -1 for the queue's choice, None to
        stop."""
        self._quality = None
        while True:
            key = _read_key(f"\n{len(self._queue):,} waiting · {_KEYS} > ")
            if key in _STOP:
                return None
            if key in ("g", "c", "s"):
                self._record(index, verdict, {"g": "garbled", "c": "clean", "s": "skip"}[key])
                return -1
            if key == "q":
                self._quality = _read_quality()
            elif key == "u":
                back = self._undo()
                if back is not None:
                    return back

    def _record(self, index: int, verdict: Verdict, label: str) -> None:
        record: dict[str, Any] = {"id": verdict.id, "label": label}
        if self._quality is not None:
            record["quality"] = self._quality
        if self._group:
            record["group"] = self._group
        record |= {"score": verdict.score, "model": verdict.signature["digest"][:12]}
        self._labels.append({**record, "text": self._documents[index].text})
        self._queue.done(index)
        self._answered.append(index)

    def _undo(self) -> int | None:
        """Forget the last answer of this sitting: its document is shown again."""
        if not self._answered:
            print("nothing to undo in this sitting")
            return None
        self._labels.undo()
        index = self._answered.pop()
        self._queue.put_back(index)
        return index

    def _tell(self) -> None:
        from mtscore.learning.labelling import counts

        garbled, clean, skipped = counts(self._labels.records)
        print(f"\n{garbled} garbled, {clean} clean, {skipped} skipped; {len(self._queue):,} waiting")


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
    """Keys arrive as they are pressed, where the terminal can do that; elsewhere with the enter key."""
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
