"""All that a filter writes to."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import IO, NamedTuple

from mtscore.errors import UsageError
from mtscore.files.filtering.checks import LOCK, is_folder, is_stream
from mtscore.files.filtering.lines import CsvOutput, JsonOutput
from mtscore.files.filtering.output import FileSink, NewFileSink, Output, Sink, StreamSink
from mtscore.files.filtering.parquet import ParquetFolder, ParquetOutput
from mtscore.files.filtering.set_aside import AsideOutput, remove_stale
from mtscore.files.filtering.settings import (
    DROP,
    KEEP,
    STDOUT,
    FilterCounts,
    FilterSettings,
    malformed_path,
    outputs_of,
)
from mtscore.files.formats.csv import DELIMITERS
from mtscore.files.locks import lock_file
from mtscore.files.reasons import cannot_write

_MALFORMED = "mtscore-malformed.jsonl"
"""Where malformed records go if there is no output to name a file after."""


class Destinations(NamedTuple):
    """The outputs of a run."""

    output: Output
    rejected: Output | None
    undecided: Output | None
    aside: AsideOutput
    need_header: bool
    malformed: str | None

    @property
    def present(self) -> dict[str, Output]:
        """Those that there are, by name."""
        named = {
            "output": self.output, "rejected": self.rejected, "undecided": self.undecided, "aside": self.aside,
        }  # fmt: skip
        return {name: file for name, file in named.items() if file is not None}

    def settle(self, marks: Mapping[str, int]) -> None:
        """Give what a run has completed its names, if it was killed before it could."""
        for name, file in self.present.items():
            file.settle(marks.get(name, 0))

    def remove_stale(self, counts: FilterCounts) -> None:
        """Remove what an earlier run set aside, if this one has set nothing aside in its place."""
        if not counts.malformed:
            remove_stale(self.malformed)


def open_destinations(settings: FilterSettings, form: str, stdout: IO[bytes]) -> Destinations:
    """The outputs that the settings ask for."""

    def opened(path: str) -> Output:
        if form == "parquet":
            return (ParquetFolder if is_folder(path) else ParquetOutput)(path, settings.annotate)
        sink: Sink = StreamSink(stdout) if path == STDOUT else FileSink(path)
        if form == "jsonl":
            return JsonOutput(sink, settings.annotate)
        return CsvOutput(sink, settings.annotate, settings.text_field, "\t" if form == "tsv" else DELIMITERS)

    named = malformed_path(settings)
    aside = NewFileSink(_MALFORMED) if named is None else FileSink(named, may_be_missing=True)
    return Destinations(
        output=opened(settings.output),
        rejected=opened(settings.rejected) if settings.rejected else None,
        undecided=None if settings.undecided in (KEEP, DROP) else opened(settings.undecided),
        aside=AsideOutput(aside),
        need_header=form != "jsonl",
        malformed=named,
    )


@contextmanager
def with_locks(settings: FilterSettings) -> Iterator[None]:
    """No other run writes to the outputs as long as the block lasts. Raises `UsageError` if one does."""
    aside = malformed_path(settings)
    with ExitStack() as stack:
        for path in [*outputs_of(settings), *([aside] if aside is not None else [])]:
            if is_stream(path):
                continue
            real = os.path.realpath(path)
            try:
                if is_folder(path):
                    os.makedirs(os.path.dirname(real), exist_ok=True)
                is_ours = stack.enter_context(lock_file(real + LOCK))
            except (OSError, ValueError) as error:
                raise cannot_write(path, error) from None
            if not is_ours:
                raise UsageError(f"{path} is being written by another run; wait for it, or name another file")
        yield
