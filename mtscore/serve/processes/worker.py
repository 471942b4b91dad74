"""What runs in each process that reads: the models are loaded once, then one task after another comes through a pipe.

A task is answered by any number of messages and a last one, "end"; between documents the process looks whether it was
told to stop. It ends when the pipe does, so that none outlives the service.
"""

from __future__ import annotations

import io
import signal
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

from mtscore.errors import MtscoreError
from mtscore.files.scratch import keep_in_memory
from mtscore.model.folder import ModelFolder
from mtscore.reading.reader import threads_for
from mtscore.records import Document, Verdict
from mtscore.render.csv import write_csv
from mtscore.render.html.page import write_page
from mtscore.render.html.reference import Reference, reference_of
from mtscore.render.jsonl import to_json
from mtscore.scoring.scorer import Scorer
from mtscore.serve.processes.given import read_given
from mtscore.serve.processes.tasks import Message, Task
from mtscore.serve.settings import Settings
from mtscore.text.scored_text import scored_text

if TYPE_CHECKING:
    from multiprocessing.connection import Connection


def load_scorer(settings: Settings, reading: str) -> Scorer:
    """The scorer for a reading: the one place that knows how it is asked for."""
    threads = threads_for(settings.jobs)
    return Scorer(ModelFolder.load(settings.model), prior=settings.prior, reading=reading, threads=threads)


def run(connection: Connection, settings: Settings) -> None:
    """Answer tasks until the pipe ends."""
    for number in (
        signal.SIGINT,
        signal.SIGTERM,
    ):  # they reach the whole group; the service says when all is done
        signal.signal(number, signal.SIG_IGN)
    keep_in_memory()
    try:
        desk = _Desk(connection, settings)
        while True:
            task = connection.recv()
            if isinstance(task, Task):  # else it was to stop what it had done already
                desk.answer(task)
    except (EOFError, OSError):
        return


_FIRST = "What is only loaded when it is needed is loaded with this text, so that nobody waits longer here than others."


class _Refused(Exception):  # noqa: N818  # caught for one task
    """What was given cannot be used; says why."""


class _Stopped(Exception):  # noqa: N818
    """The task's answer is not wanted any more."""


class _Desk:
    """The scorers of one process, and its pipe."""

    def __init__(self, connection: Connection, settings: Settings) -> None:
        """Loads the model that most requests need, and says whether that went well."""
        self._connection = connection
        self._settings = settings
        self._scorers: dict[str, tuple[Scorer, Reference]] = {}
        try:
            scorer, _ = self._scorer(settings.reading)
            scorer.score(_FIRST)
        except MtscoreError as error:
            self._send("failed", str(error))
            raise EOFError from error
        self._send("ready", scorer.signature)

    def answer(self, task: Task) -> None:
        """All messages for a task. A bug costs one task, not the service; it is told by its name alone, because its
        message may quote a text."""
        try:
            documents = self._documents(task)
            if task.is_shown:
                self._send("shown", self._shown(task, documents))
            else:
                for verdict in self._verdicts(task, documents):
                    self._send("verdict", to_json(verdict))
        except _Stopped:
            pass
        except _Refused as refused:
            self._send("refused", str(refused))
        except (EOFError, BrokenPipeError):
            raise
        except Exception as error:  # noqa: BLE001
            self._send(
                "failed", f"mtscore failed on this ({type(error).__name__}); please report it as a bug"
            )
        self._send("end")

    def _documents(self, task: Task) -> list[Document]:
        """The documents in what was given, as many as a request may have."""
        found, size, limits = [], 0, self._settings
        read = (read_given(given, limits.max_bytes) for given in task.given)
        for document in chain.from_iterable(read):
            found.append(document)
            size += len(document.text or "")
            if len(found) > limits.max_documents:
                raise _Refused(f"more than {limits.max_documents:,} documents at a time; send fewer")
            if size > limits.max_body:
                raise _Refused(
                    f"the files hold more than {limits.max_body:,} characters; send fewer at a time"
                )
        return found

    def _verdicts(self, task: Task, documents: Sequence[Document]) -> Iterator[Verdict]:
        scorer, _ = self._scorer(task.reading)
        judge = scorer.score_siblings if task.has_siblings else scorer.score_many
        for verdict in judge(self._until_stopped(documents)):
            self._look_for_stop()
            yield verdict

    def _until_stopped(self, documents: Sequence[Document]) -> Iterator[Document]:
        for document in documents:
            self._look_for_stop()
            yield document

    def _look_for_stop(self) -> None:
        if self._connection.poll():
            self._connection.recv()
            raise _Stopped

    def _shown(self, task: Task, documents: Sequence[Document]) -> dict[str, Any]:
        """The page, and what can be saved of it: verdicts, a table, and the texts that labels are about."""
        texts = [None if document.text is None else scored_text(document) for document in documents]
        verdicts: list[Verdict] = []
        self._send("progress", (0, len(documents)))
        for verdict in self._verdicts(task, documents):
            verdicts.append(verdict)
            self._send("progress", (len(verdicts), len(documents)))
        page, table = io.StringIO(), io.StringIO()
        write_page(zip(verdicts, texts, strict=True), page, self._scorer(task.reading)[1])
        write_csv(verdicts, table)
        return {
            "verdicts": list(map(to_json, verdicts)),
            "texts": texts,
            "page": page.getvalue(),
            "csv": table.getvalue(),
        }

    def _scorer(self, reading: str) -> tuple[Scorer, Reference]:
        if reading not in self._scorers:
            scorer = load_scorer(self._settings, reading)
            self._scorers[reading] = scorer, reference_of(scorer)
        return self._scorers[reading]

    def _send(self, kind: str, value: Any = None) -> None:
        self._connection.send(Message(kind, value))
