"""The state of a run, written down as it goes, so that an interrupted one can be taken up again."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import asdict
from typing import Any

from mtscore.errors import UsageError
from mtscore.files.filtering.checks import is_folder, is_stream, outputs
from mtscore.files.filtering.output import Output, finish_file
from mtscore.files.filtering.settings import FilterCounts, FilterSettings, malformed_path

_FORMAT = 1
_FREE = ("is_resumed", "jobs", "checkpoint_seconds")
"""Settings that may change from one part of a run to the next."""


def journal_for(settings: FilterSettings, signature: dict[str, Any], suffix: str) -> Journal | None:
    """Where the state is kept; None for a run that cannot be taken up again."""
    paths = outputs(settings)
    is_possible = os.path.isfile(settings.source) and not any(map(is_stream, paths))
    is_possible &= suffix != ".parquet" or all(map(is_folder, paths))
    if is_possible:
        return Journal(settings, signature)
    if settings.is_resumed:
        raise UsageError(
            "--resume works from file to file: name the input and the output, for Parquet a folder (-o kept/)"
        )
    return None


class Journal:
    """The state of a run in a small file beside its output, always whole: how many records are done, and how far
    each file reaches with them."""

    def __init__(self, settings: FilterSettings, signature: dict[str, Any]) -> None:
        self._path = settings.output.rstrip("/") + ".state.json"
        self._is_resumed = settings.is_resumed
        self._outputs = [*outputs(settings), malformed_path(settings)]
        status = os.stat(settings.source)
        how = {name: value for name, value in asdict(settings).items() if name not in _FREE}
        self._run = {
            "format": _FORMAT,
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

    def undo(self, files: dict[str, Output]) -> None:
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
