"""A filter between files: records come in, those that are not garbled go out as they came in, in order.

Every record goes to one place. Scored records are kept or rejected; what cannot be judged goes where the settings say;
one that is malformed or has no text is set aside with its line number. From file to file, the state of the
run is written down as it goes, so that a run that was interrupted, however hard, can be taken up again.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from itertools import chain, islice
from typing import IO, Any, Protocol

from mtscore.errors import InputError, UsageError
from mtscore.files.filtering.annotation import EVIDENCE
from mtscore.files.filtering.checks import plan
from mtscore.files.filtering.destinations import Destinations, open_destinations, with_locks
from mtscore.files.filtering.inputs import AsText, is_header, read_records
from mtscore.files.filtering.journal import Journal, State, begin, journal_for
from mtscore.files.filtering.lines import MEMBER, has_member
from mtscore.files.filtering.output import Output
from mtscore.files.filtering.settings import KEEP, FilterCounts, FilterSettings
from mtscore.files.formats.record import Record
from mtscore.files.opening import OnRead
from mtscore.records import Document, Verdict, is_rejected

LINE_SECONDS, PART_SECONDS = 1.0, 60.0
"""Seconds between two checkpoints: of lines, and of Parquet part files; `FilterSettings.checkpoint_seconds` overrides
them."""


class Scores(Protocol):
    """What does the scoring: `mtscore.Scorer`."""

    @property
    def signature(self) -> dict[str, Any]: ...

    def score_many(
        self, documents: Iterable[str | Document], *, jobs: int = 1, evidence: bool = True
    ) -> Iterator[Verdict]: ...


Watch = Callable[[Iterator[Verdict]], Iterator[Verdict]]


def filter_records(
    settings: FilterSettings,
    scorer: Scores,
    stdout: IO[bytes],
    *,
    as_text: AsText = lambda document: document,
    on_read: OnRead | None = None,
    watch: Watch = iter,
    clock: Callable[[], float] = time.monotonic,
) -> FilterCounts:
    """Pass the records of the inputs on; how many went where.

    `as_text` makes text of a web page; `watch` is given the verdicts as they come and hands them on, for progress.
    Raises `UsageError` for settings that cannot work, before anything is written. A single input that cannot be read
    raises `InputError`, after all records before the damage; of several, it counts as one malformed record.
    """
    planned = plan(settings)
    journal = journal_for(settings, planned, scorer.signature)
    with ExitStack() as stack:
        stack.enter_context(with_locks(settings))
        state = begin(settings, planned, journal)
        destinations = open_destinations(settings, planned.form, stdout)
        if state.is_finished:
            destinations.settle(state.marks)
            if journal:
                journal.remove()
            return _told(state.counts, destinations)
        usual = PART_SECONDS if planned.form == "parquet" else LINE_SECONDS
        interval = usual if settings.checkpoint_seconds is None else settings.checkpoint_seconds
        run = _Run(settings, destinations, journal, state.counts, _Timer(interval, clock))
        records = stack.enter_context(_closing(read_records(planned, settings, as_text, on_read)))
        if settings.annotate is not None and planned.form == "jsonl":
            records = _with_free_member(records, is_begun=state.counts.read > 0)
        with run.closing():
            run.route(run.start(records, state), watch, scorer)
        return _told(state.counts, destinations)


def _told(counts: FilterCounts, destinations: Destinations) -> FilterCounts:
    counts.malformed_file = destinations.aside.path if counts.malformed else ""
    return counts


@contextmanager
def _closing(records: Iterator[Record]) -> Iterator[Iterator[Record]]:
    """The records, whose file is closed at the end of the block."""
    try:
        yield records
    finally:
        close = getattr(records, "close", None)
        if close is not None:
            close()


def _with_free_member(records: Iterator[Record], *, is_begun: bool) -> Iterator[Record]:
    """The records, of which those that have a verdict already are malformed. Raises `UsageError` if the first has."""
    for record in records:
        if record.problem is None and has_member(record.raw):
            problem = f"line {record.number} of {record.source} has a member {MEMBER!r} already"
            if not is_begun:
                raise UsageError(f"{problem}; leave --annotate out or rename it")
            yield Record(record.number, record.id, None, problem, record.source, record.raw)
        else:
            yield record
        is_begun = True


class _Timer:
    """Says when the next checkpoint is due."""

    def __init__(self, interval: float, clock: Callable[[], float]) -> None:
        self._interval = interval
        self._clock = clock
        self._last = clock()

    def is_due(self) -> bool:
        """Whether it is time; if so, the next interval begins."""
        now = self._clock()
        if now - self._last < self._interval:
            return False
        self._last = now
        return True


class _Run:
    """Records on their way to their files."""

    def __init__(
        self,
        settings: FilterSettings,
        files: Destinations,
        journal: Journal | None,
        counts: FilterCounts,
        timer: _Timer,
    ) -> None:
        self._settings = settings
        self._files = files
        self._journal = journal
        self._counts = counts
        self._timer = timer
        self._waiting: deque[Record] = deque()
        self._is_started = False
        self._is_between_records = True

    def start(self, records: Iterator[Record], state: State) -> Iterator[Record]:
        """The records that are still to be scored. Reads as far as the first header, passes over what is done, and
        opens the files at their marks."""
        leading: list[Record] = []
        header: Record | None = None
        for record in records:
            if is_header(record):
                header = record
                break
            leading.append(record)
            if record.problem is None:
                break
        if header is None and self._files.need_header:
            raise InputError(leading[0].problem or "" if leading else "the input has no header")
        todo = islice(chain(leading, records), state.counts.read, None)
        for name, file in self._files.present.items():
            file.rewind(state.marks.get(name, 0))
            if header is not None:
                file.begin(header)
        self._is_started = True
        return todo

    def route(self, records: Iterator[Record], watch: Watch, scorer: Scores) -> None:
        """Score the records and send each to its file."""
        has_evidence = self._settings.annotate == EVIDENCE
        documents = self._documents(records)
        verdicts = scorer.score_many(documents, jobs=self._settings.jobs, evidence=has_evidence)
        for verdict in watch(verdicts):
            record = self._waiting.popleft()
            self._is_between_records = False
            self._send(record, verdict)
            self._is_between_records = True
            if record.problem is not None and self._settings.is_strict:
                raise InputError(f"{record.problem}; without --strict it would be set aside")
            if self._journal and self._timer.is_due():
                self._write_down(self._journal, is_finished=False)

    def _documents(self, records: Iterator[Record]) -> Iterator[Document]:
        for record in records:
            self._waiting.append(record)
            yield Document(record.id, record.text, record.problem)

    def _send(self, record: Record, verdict: Verdict) -> None:
        settings, counts, files = self._settings, self._counts, self._files
        file: Output | None
        if record.problem is not None:
            file = files.aside
        elif verdict.score is None:
            file = files.output if settings.undecided == KEEP else files.undecided
        else:
            file = files.rejected if is_rejected(verdict, settings.max_score) else files.output
        if file is not None:
            file.write(record, verdict)
        counts.read += 1
        if record.problem is not None:
            counts.malformed += 1
        elif verdict.score is None:
            counts.cannot_tell += 1
        elif file is files.output:
            counts.kept += 1
        else:
            counts.rejected += 1

    def _write_down(self, journal: Journal, *, is_finished: bool) -> None:
        marks = {name: file.checkpoint() for name, file in self._files.present.items()}
        journal.write(State(self._counts, marks, is_finished))
        for file in self._files.present.values():
            file.commit()

    @contextmanager
    def closing(self) -> Iterator[None]:
        """Closes the files at the end of the block: for good, or so that they can be taken up again."""
        try:
            yield
        except BaseException:
            with suppress(Exception):  # the first error is the one to tell
                self._end(is_complete=False)
            raise
        self._end(is_complete=True)

    def _end(self, *, is_complete: bool) -> None:
        """Close the files. What came to the files after the last whole record goes."""
        files = self._files.present
        if is_complete:
            for file in files.values():
                file.finish()
        if self._journal and self._is_started:
            if self._is_between_records:
                self._write_down(self._journal, is_finished=is_complete)
            else:
                for name, file in files.items():
                    file.rewind(self._journal.last.marks.get(name, 0))
        for file in files.values():
            file.close(is_complete=is_complete)
        if is_complete:
            self._files.remove_stale(self._counts)
            if self._journal:
                self._journal.remove()
