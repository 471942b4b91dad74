"""A filter between two files: rows come in, those that are not garbled go out as they came in, in order.

Every row goes to one place. Scored rows are kept or rejected; what cannot be judged goes where the settings say;
a row that is no record, or has no text, is set aside with its line number. From file to file, the state of the
run is written down as it goes, so that a run that was interrupted, however hard, can be taken up again.
"""

from __future__ import annotations

import json
import os
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass
from itertools import chain
from typing import IO, Any, NamedTuple, Protocol

from mtscore.errors import InputError, UsageError
from mtscore.files.documents import MAX_BYTES, READ_ERRORS, STDIN, OnRead, input_format, open_input, reason
from mtscore.files.row_files import (
    AsideFile,
    FileSink,
    LineFile,
    ParquetFile,
    ParquetFolder,
    RowFile,
    Sink,
    StreamSink,
    finish_file,
)
from mtscore.files.rows import ROW_READERS, Options, Row
from mtscore.records import Document, Verdict, is_rejected

KEEP, DROP = "keep", "drop"
STDOUT = "-"

LINE_SECONDS, PART_SECONDS = 1.0, 60.0
"""Seconds between two checkpoints: of lines, and of Parquet part files."""

_STATE_FORMAT = 1


class Scores(Protocol):
    """What does the scoring: `mtscore.Scorer`."""

    @property
    def signature(self) -> dict[str, Any]: ...

    def score_many(
        self, documents: Iterable[str | Document], *, jobs: int = 1, evidence: bool = True
    ) -> Iterator[Verdict]: ...


@dataclass(frozen=True, slots=True)
class FilterSettings:
    """What goes where. Paths may be "-" for standard input and output."""

    source: str = STDIN
    output: str = STDOUT
    rejected: str | None = None
    """A file for the rows that are rejected; without one they are left out."""
    undecided: str = KEEP
    """What becomes of rows that cannot be judged: "keep", "drop", or a file for them."""
    malformed: str | None = None
    """A file for rows that are no records or have no text; by default the output's name with
    `.malformed.jsonl` behind it, and `mtscore-malformed.jsonl` where the output is standard output. It is
    there only if there are any."""
    max_score: float | None = None
    """Rows that score so much or more are rejected; by default those that the model calls garbled."""
    text_field: str = "text"
    has_annotations: bool = False
    """Whether kept rows and those in other files are given their verdict (`row_files.ANNOTATIONS`)."""
    max_bytes: int = MAX_BYTES
    """Longest record, in bytes after decompression; longer ones are malformed."""
    is_strict: bool = False
    """Whether a malformed row ends the work, with an `InputError`."""
    is_resumed: bool = False
    """Whether to go on where an interrupted run with the same settings stopped."""
    jobs: int = 1
    """Processes to score with."""


@dataclass(slots=True)
class FilterCounts:
    """How many rows were read and what became of them: `read` is the sum of the others."""

    read: int = 0
    kept: int = 0
    rejected: int = 0
    cannot_tell: int = 0
    malformed: int = 0

    @property
    def undecided(self) -> int:
        """Rows without a score: read = kept + rejected + undecided."""
        return self.cannot_tell + self.malformed


Watch = Callable[[Iterator[Verdict]], Iterator[Verdict]]


class _Files(NamedTuple):
    output: RowFile
    rejected: RowFile | None
    undecided: RowFile | None
    aside: RowFile

    @property
    def present(self) -> dict[str, RowFile]:
        """Those that there are, by name."""
        return {name: file for name, file in self._asdict().items() if file is not None}


def filter_rows(
    settings: FilterSettings,
    scorer: Scores,
    stdout: IO[bytes],
    *,
    on_read: OnRead | None = None,
    watch: Watch = iter,
) -> FilterCounts:
    """Pass the rows of one file or of standard input (JSON lines) on; how many went where.

    `watch` is given the verdicts as they come and hands them on, for progress.
    Raises `InputError` where the input as a whole cannot be read and `UsageError` for settings that cannot
    work, before anything is written; damage further inside raises `InputError` after all rows before it.
    """
    suffix = _check(settings)
    journal = _journal(settings, scorer.signature, suffix)
    counts, marks = journal.begin() if journal else (FilterCounts(), {})
    if marks is None:
        return counts
    files = _open_files(settings, suffix, stdout)
    run = _Run(settings, files, journal, counts, PART_SECONDS if suffix == ".parquet" else LINE_SECONDS)
    with ExitStack() as stack:
        try:
            compression = input_format(settings.source)[1]
            stream = stack.enter_context(open_input(settings.source, compression, on_read))
        except READ_ERRORS as error:
            raise InputError(f"cannot read {settings.source}: {reason(error)}") from error
        stack.enter_context(run.closing())
        options = Options(settings.text_field, settings.max_bytes)
        run.start(ROW_READERS[suffix](stream, _name(settings.source), options), marks, counts.read)
        run.route(watch, scorer)
    return counts


def malformed_path(settings: FilterSettings) -> str:
    """The file for malformed rows."""
    if settings.malformed is not None:
        return settings.malformed
    if settings.output == STDOUT:
        return "mtscore-malformed.jsonl"
    return settings.output.rstrip("/") + ".malformed.jsonl"


class _Run:
    """Rows on their way to their files."""

    def __init__(
        self,
        settings: FilterSettings,
        files: _Files,
        journal: _Journal | None,
        counts: FilterCounts,
        interval: float,
    ) -> None:
        self._settings = settings
        self._files = files
        self._journal = journal
        self._counts = counts
        self._interval = interval
        self._rows: Iterator[Row] = iter(())
        self._waiting: deque[Row] = deque()
        self._is_started = False
        self._is_between_rows = True

    def start(self, rows: Iterator[Row], marks: dict[str, int], done: int) -> None:
        """Read the header, pass over rows that are done, and open the files at their marks."""
        first = _next(rows)
        if first is not None and first.number:
            rows, first = chain((first,), rows), None
        for _ in range(done):
            _next(rows)
        for name, file in self._files.present.items():
            file.rewind(marks.get(name, 0))
            is_headless = isinstance(file, (ParquetFile, ParquetFolder)) or not marks.get(name, 0)
            if first is not None and is_headless:
                file.begin(first)
        self._rows = rows
        self._is_started = True

    def route(self, watch: Watch, scorer: Scores) -> None:
        """Score the rows and send each to its file."""
        verdicts = watch(scorer.score_many(self._documents(), jobs=self._settings.jobs, evidence=False))
        last = time.monotonic()
        for verdict in verdicts:
            row = self._waiting.popleft()
            self._is_between_rows = False
            self._send(row, verdict)
            self._is_between_rows = True
            if row.problem is not None and self._settings.is_strict:
                raise InputError(f"{row.problem}; without --strict it would be set aside")
            if self._journal and time.monotonic() - last >= self._interval:
                self._journal.write(self._marks(), self._counts)
                last = time.monotonic()

    def _documents(self) -> Iterator[Document]:
        for row in _readable(self._rows):
            self._waiting.append(row)
            yield Document(row.id, row.text, row.problem)

    def _send(self, row: Row, verdict: Verdict) -> None:
        settings, counts, files = self._settings, self._counts, self._files
        file: RowFile | None
        if row.problem is not None:
            file = files.aside
        elif verdict.score is None:
            file = files.output if settings.undecided == KEEP else files.undecided
        else:
            file = files.rejected if is_rejected(verdict, settings.max_score) else files.output
        if file is not None:
            file.write(row, verdict)
        counts.read += 1
        if row.problem is not None:
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
        """Close the files. What came to the files after the last whole row goes."""
        if self._journal and self._is_started:
            if self._is_between_rows:
                self._journal.write(self._marks(), self._counts, is_finished=is_complete)
            else:
                self._journal.undo(self._files.present)
        for file in self._files.present.values():
            file.close(is_complete=is_complete)
        if self._journal and is_complete:
            self._journal.remove()


def _readable(rows: Iterator[Row]) -> Iterator[Row]:
    while (row := _next(rows)) is not None:
        yield row


def _next(rows: Iterator[Row]) -> Row | None:
    """The next row; what damages the input as a whole is told in words."""
    try:
        return next(rows, None)
    except READ_ERRORS as error:
        raise InputError(f"cannot read the input any further: {reason(error)}") from error


def _name(path: str) -> str:
    return "stdin" if path == STDIN else path


# Checks and files


def _check(settings: FilterSettings) -> str:
    """The suffix that tells the format of the rows, once the settings make sense."""
    suffix = ".jsonl" if _is_stream(settings.source) else _suffix_of(settings.source)
    outputs = _outputs(settings)
    if suffix == ".parquet" and any(map(_is_stream, outputs)):
        raise UsageError("Parquet cannot go to standard output; name a file with -o (rows are not converted)")
    for path in outputs:
        if not (
            _is_stream(path) or (suffix == ".parquet" and _is_folder(path)) or _suffix_of(path) == suffix
        ):
            raise UsageError(
                f"{path} would have to be a {suffix} file like the input: rows are not converted"
            )
        if suffix == ".parquet" and (packed := input_format(path)[1]):
            raise UsageError(f"{path}: Parquet is compressed inside; leave {packed} out of the name")
    everything = [settings.source, *outputs, malformed_path(settings)]
    real = [os.path.realpath(path) for path in everything if path not in (STDIN, os.devnull)]
    if len(set(real)) < len(real):
        raise UsageError("the input and the outputs must all be different files")
    return suffix


def _is_stream(path: str) -> bool:
    """Whether it is standard input or output, a pipe or a device."""
    return path == STDIN or (os.path.exists(path) and not _is_file_or_folder(path))


def _suffix_of(path: str) -> str:
    suffix, _ = input_format(path)
    if suffix not in ROW_READERS:
        known = ", ".join(ROW_READERS)
        raise UsageError(f"{path}: a filter reads and writes {known} files (lines also .gz and .zst)")
    return suffix


def _outputs(settings: FilterSettings) -> list[str]:
    undecided = [] if settings.undecided in (KEEP, DROP) else [settings.undecided]
    return [settings.output, *([settings.rejected] if settings.rejected else []), *undecided]


def _open_files(settings: FilterSettings, suffix: str, stdout: IO[bytes]) -> _Files:
    def rows(path: str) -> RowFile:
        if suffix == ".parquet":
            kind = ParquetFolder if _is_folder(path) else ParquetFile
            return kind(path, has_annotations=settings.has_annotations)
        sink: Sink = StreamSink(stdout) if path == STDOUT else FileSink(path)
        return LineFile(sink, is_csv=suffix == ".csv", has_annotations=settings.has_annotations)

    aside = AsideFile(FileSink(malformed_path(settings), is_always_there=False), _name(settings.source))
    return _Files(
        output=rows(settings.output),
        rejected=rows(settings.rejected) if settings.rejected else None,
        undecided=None if settings.undecided in (KEEP, DROP) else rows(settings.undecided),
        aside=aside,
    )


def _is_folder(path: str) -> bool:
    return path.endswith("/") or os.path.isdir(path)


# The state of a run


def _journal(settings: FilterSettings, signature: dict[str, Any], suffix: str) -> _Journal | None:
    """Where the state is kept; None for a run that cannot be taken up again."""
    paths = _outputs(settings)
    is_possible = os.path.isfile(settings.source) and not any(map(_is_stream, paths))
    is_possible &= suffix != ".parquet" or all(map(_is_folder, paths))
    if is_possible:
        return _Journal(settings, signature)
    if settings.is_resumed:
        raise UsageError(
            "--resume works from file to file: name the input and the output, for Parquet a folder (-o kept/)"
        )
    return None


def _is_file_or_folder(path: str) -> bool:
    return os.path.isfile(path) or os.path.isdir(path)


class _Journal:
    """The state of a run in a small file beside its output, always whole: how many rows are done, and how far
    each file reaches with them."""

    def __init__(self, settings: FilterSettings, signature: dict[str, Any]) -> None:
        self._path = settings.output.rstrip("/") + ".state.json"
        self._is_resumed = settings.is_resumed
        self._outputs = [*_outputs(settings), malformed_path(settings)]
        status = os.stat(settings.source)
        how = {name: value for name, value in asdict(settings).items() if name not in ("is_resumed", "jobs")}
        self._run = {
            "format": _STATE_FORMAT,
            "settings": how,
            "signature": signature,
            "input": [status.st_size, status.st_mtime_ns],
        }
        self._last: dict[str, int] = {}

    def begin(self) -> tuple[FilterCounts, dict[str, int] | None]:
        """The counts and marks to go on from; marks of None mean that all is done."""
        state = self._read() if self._is_resumed else None
        if state is None:
            return FilterCounts(), {}
        if state["run"] != json.loads(json.dumps(self._run)):
            raise UsageError(
                f"{self._path} is from a run with other settings, input or model; leave --resume out to start again"
            )
        counts = FilterCounts(**state["counts"])
        if state["is_finished"]:
            for path in self._outputs:
                finish_file(path)
            self.remove()
            return counts, None
        self._last = state["marks"]
        return counts, self._last

    def write(self, marks: dict[str, int], counts: FilterCounts, *, is_finished: bool = False) -> None:
        """Replace the state: at every moment the old one is there, or the new one."""
        state = {"run": self._run, "counts": asdict(counts), "marks": marks, "is_finished": is_finished}
        part = f"{self._path}.part"
        with open(part, "w", encoding="utf-8") as file:
            json.dump(state, file)
        os.replace(part, self._path)
        self._last = marks

    def undo(self, files: dict[str, RowFile]) -> None:
        """Take the files back to the state that is written down."""
        for name, file in files.items():
            file.rewind(self._last.get(name, 0))

    def remove(self) -> None:
        """The run is over."""
        with suppress(FileNotFoundError):
            os.unlink(self._path)

    def _read(self) -> dict[str, Any] | None:
        try:
            with open(self._path, encoding="utf-8") as file:
                state = json.load(file)
            return state if isinstance(state, dict) and state.keys() >= {"run", "counts", "marks"} else None
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            raise UsageError(
                f"{self._path} cannot be read ({error}); leave --resume out to start again"
            ) from None


def describe(counts: FilterCounts, settings: FilterSettings) -> str:
    """The closing line: read = kept + rejected + undecided, and where the undecided are."""
    total = f"{counts.read:,} read = {counts.kept:,} kept + {counts.rejected:,} rejected"
    if not counts.undecided:
        return f"{total} + 0 undecided"
    where = {KEEP: "kept too", DROP: "left out"}.get(settings.undecided, f"in {settings.undecided}")
    parts: Sequence[str] = [
        *([f"{counts.cannot_tell:,} cannot be judged: {where}"] if counts.cannot_tell else []),
        *([f"{counts.malformed:,} malformed: in {malformed_path(settings)}"] if counts.malformed else []),
    ]
    return f"{total} + {counts.undecided:,} undecided ({'; '.join(parts)})"
