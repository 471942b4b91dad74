"""A filter between two files: records come in, those that are not garbled go out as they came in, in order.

Every record goes to one place. Scored records are kept or rejected; what cannot be judged goes where the settings say;
one that is malformed or has no text is set aside with its line number. From file to file, the state of the
run is written down as it goes, so that a run that was interrupted, however hard, can be taken up again.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from itertools import chain
from typing import IO, Any, NamedTuple, Protocol

from mtscore.errors import InputError
from mtscore.files.documents import RECORD_READERS
from mtscore.files.filtering.checks import check, is_folder
from mtscore.files.filtering.journal import Journal, journal_for
from mtscore.files.filtering.lines import LineOutput
from mtscore.files.filtering.output import FileSink, Output, Sink, StreamSink
from mtscore.files.filtering.parquet import ParquetFolder, ParquetOutput
from mtscore.files.filtering.set_aside import AsideOutput
from mtscore.files.filtering.settings import DROP, KEEP, STDOUT, FilterCounts, FilterSettings, malformed_path
from mtscore.files.formats.record import Options, Record
from mtscore.files.opening import OnRead, open_input
from mtscore.files.paths import input_format, shown
from mtscore.files.reasons import READ_ERRORS, reason
from mtscore.records import Document, Verdict, is_rejected

LINE_SECONDS, PART_SECONDS = 1.0, 60.0
"""Seconds between two checkpoints: of lines, and of Parquet part files."""


class Scores(Protocol):
    """What does the scoring: `mtscore.Scorer`."""

    @property
    def signature(self) -> dict[str, Any]: ...

    def score_many(
        self, documents: Iterable[str | Document], *, jobs: int = 1, evidence: bool = True
    ) -> Iterator[Verdict]: ...


Watch = Callable[[Iterator[Verdict]], Iterator[Verdict]]


class _Files(NamedTuple):
    output: Output
    rejected: Output | None
    undecided: Output | None
    aside: Output

    @property
    def present(self) -> dict[str, Output]:
        """Those that there are, by name."""
        return {name: file for name, file in self._asdict().items() if file is not None}


def filter_records(
    settings: FilterSettings,
    scorer: Scores,
    stdout: IO[bytes],
    *,
    on_read: OnRead | None = None,
    watch: Watch = iter,
    clock: Callable[[], float] = time.monotonic,
) -> FilterCounts:
    """Pass the records of one file or of standard input (JSON lines) on; how many went where.

    `watch` is given the verdicts as they come and hands them on, for progress.
    Raises `InputError` where the input as a whole cannot be read and `UsageError` for settings that cannot
    work, before anything is written; damage further inside raises `InputError` after all records before it.
    """
    suffix = check(settings)
    journal = journal_for(settings, scorer.signature, suffix)
    counts, marks = journal.begin() if journal else (FilterCounts(), {})
    if marks is None:
        return counts
    files = _open_files(settings, suffix, stdout)
    run = _Run(settings, files, journal, counts, _Timer(settings, suffix, clock))
    with ExitStack() as stack:
        try:
            compression = input_format(settings.source)[1]
            stream = stack.enter_context(open_input(settings.source, compression, on_read))
        except READ_ERRORS as error:
            raise InputError(f"cannot read {settings.source}: {reason(error)}") from error
        stack.enter_context(run.closing())
        options = Options(settings.text_field, settings.max_bytes)
        run.start(RECORD_READERS[suffix](stream, shown(settings.source), options), marks, counts.read)
        run.route(watch, scorer)
    return counts


class _Timer:
    """Says when the next checkpoint is due."""

    def __init__(self, settings: FilterSettings, suffix: str, clock: Callable[[], float]) -> None:
        usual = PART_SECONDS if suffix == ".parquet" else LINE_SECONDS
        self._interval = usual if settings.checkpoint_seconds is None else settings.checkpoint_seconds
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
        files: _Files,
        journal: Journal | None,
        counts: FilterCounts,
        timer: _Timer,
    ) -> None:
        self._settings = settings
        self._files = files
        self._journal = journal
        self._counts = counts
        self._timer = timer
        self._records: Iterator[Record] = iter(())
        self._waiting: deque[Record] = deque()
        self._is_started = False
        self._is_between_records = True

    def start(self, records: Iterator[Record], marks: dict[str, int], done: int) -> None:
        """Read the header, pass over records that are done, and open the files at their marks."""
        first = _next(records)
        if first is not None and first.number:
            records, first = chain((first,), records), None
        for _ in range(done):
            _next(records)
        for name, file in self._files.present.items():
            file.rewind(marks.get(name, 0))
            is_headless = isinstance(file, (ParquetOutput, ParquetFolder)) or not marks.get(name, 0)
            if first is not None and is_headless:
                file.begin(first)
        self._records = records
        self._is_started = True

    def route(self, watch: Watch, scorer: Scores) -> None:
        """Score the records and send each to its file."""
        verdicts = watch(scorer.score_many(self._documents(), jobs=self._settings.jobs, evidence=False))
        for verdict in verdicts:
            record = self._waiting.popleft()
            self._is_between_records = False
            self._send(record, verdict)
            self._is_between_records = True
            if record.problem is not None and self._settings.is_strict:
                raise InputError(f"{record.problem}; without --strict it would be set aside")
            if self._journal and self._timer.is_due():
                self._journal.write(self._marks(), self._counts)

    def _documents(self) -> Iterator[Document]:
        for record in _readable(self._records):
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

    def _marks(self) -> dict[str, int]:
        return {name: file.checkpoint() for name, file in self._files.present.items()}

    @contextmanager
    def closing(self) -> Iterator[None]:
        """Closes the files at the end of the block: for good, or so that they can be taken up again."""
        try:
            yield
        except BaseException:
            with suppress(OSError):  # the first error is the one to tell
                self.end(is_complete=False)
            raise
        self.end(is_complete=True)

    def end(self, *, is_complete: bool) -> None:
        """Close the files. What came to the files after the last whole record goes."""
        if self._journal and self._is_started:
            if self._is_between_records:
                self._journal.write(self._marks(), self._counts, is_finished=is_complete)
            else:
                self._journal.undo(self._files.present)
        for file in self._files.present.values():
            file.close(is_complete=is_complete)
        if self._journal and is_complete:
            self._journal.remove()


def _readable(records: Iterator[Record]) -> Iterator[Record]:
    while (record := _next(records)) is not None:
        yield record


def _next(records: Iterator[Record]) -> Record | None:
    """The next record; what damages the input as a whole is told in words."""
    try:
        return next(records, None)
    except READ_ERRORS as error:
        raise InputError(f"cannot read the input any further: {reason(error)}") from error


def _open_files(settings: FilterSettings, suffix: str, stdout: IO[bytes]) -> _Files:
    def opened(path: str) -> Output:
        if suffix == ".parquet":
            kind = ParquetFolder if is_folder(path) else ParquetOutput
            return kind(path, has_annotations=settings.has_annotations)
        sink: Sink = StreamSink(stdout) if path == STDOUT else FileSink(path)
        return LineOutput(sink, is_csv=suffix == ".csv", has_annotations=settings.has_annotations)

    aside = AsideOutput(FileSink(malformed_path(settings), is_always_there=False), shown(settings.source))
    return _Files(
        output=opened(settings.output),
        rejected=opened(settings.rejected) if settings.rejected else None,
        undecided=None if settings.undecided in (KEEP, DROP) else opened(settings.undecided),
        aside=aside,
    )
