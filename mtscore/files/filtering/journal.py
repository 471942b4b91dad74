"""The state of a run, written down as it goes, so that an interrupted one can be taken up again."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import asdict
from typing import Any, NamedTuple

from mtscore.errors import UsageError
from mtscore.files.filtering.checks import PART, STATE, Plan, is_folder, is_stream, parts_in
from mtscore.files.filtering.settings import STDOUT, FilterCounts, FilterSettings, outputs_of

_FORMAT = 2
_FREE = ("is_resumed", "is_restarted", "jobs", "checkpoint_seconds")
"""Settings that may change from one part of a run to the next."""

_COUNTS = ("read", "kept", "rejected", "cannot_tell", "malformed")
OUTPUTS = ("output", "rejected", "undecided", "aside")
"""The names under which marks are kept."""

ENDED = ".mtscore-run.json"
"""Where a folder of part files keeps the state that its run ended with. Whoever reads such folders passes over hidden
files."""


class State(NamedTuple):
    """How far a run has come: what was counted, the mark of each output, and whether all is done."""

    counts: FilterCounts
    marks: dict[str, int]
    is_finished: bool = False


def fresh() -> State:
    """The state of a run at its beginning."""
    return State(FilterCounts(), {})


def journal_for(settings: FilterSettings, plan: Plan, signature: dict[str, Any]) -> Journal | None:
    """Where the state is kept; None for a run that cannot be taken up again."""
    paths = outputs_of(settings)
    is_possible = all(isinstance(path, str) and os.path.isfile(path) for path in plan.inputs)
    is_possible &= not any(map(is_stream, paths))
    is_possible &= plan.form != "parquet" or all(map(is_folder, paths))
    if is_possible:
        return Journal(settings, plan, signature)
    if settings.is_resumed:
        raise UsageError(
            "--resume works from file to file: name the input and the output, for Parquet a folder (-o kept/)"
        )
    return None


def begin(settings: FilterSettings, plan: Plan, journal: Journal | None) -> State:
    """The state to go on from. Raises `UsageError` where an unfinished run is in the way, or something else that
    would have to be replaced."""
    if settings.output != STDOUT and os.path.exists(state_path(settings)):
        if settings.is_restarted:
            _remove_unfinished(settings)
        elif settings.is_resumed and journal is not None:
            return journal.read()
        else:
            raise UsageError(
                f"{settings.output} was left unfinished by an earlier run; go on with --resume and the same options, "
                "or begin again with --restart"
            )
    if settings.is_resumed and journal is not None and (ended := journal.ended()) is not None:
        return ended
    for path in outputs_of(settings):
        if plan.form == "parquet" and is_folder(path) and (there := parts_in(path)):
            raise UsageError(f"{path} holds {there[0]} already; name a new folder, or an empty one")
    return fresh()


def state_path(settings: FilterSettings) -> str:
    """The file that the state is kept in."""
    return os.path.realpath(settings.output) + STATE


class Journal:
    """The state in a small file beside the output, always whole."""

    def __init__(self, settings: FilterSettings, plan: Plan, signature: dict[str, Any]) -> None:
        self._path = state_path(settings)
        self._ended = os.path.join(settings.output, ENDED) if is_folder(settings.output) else None
        self._shown = f"the state of the unfinished run ({settings.output}{STATE})"
        run = {
            "format": _FORMAT,
            "settings": {name: value for name, value in asdict(settings).items() if name not in _FREE},
            "signature": signature,
            "inputs": [_stamp(path) for path in plan.inputs if isinstance(path, str)],
        }
        self._run = json.loads(json.dumps(run))
        self.last = fresh()

    def read(self) -> State:
        """The state as it was left. Raises `UsageError` when it is not this run's, or no state."""
        found = _load(self._path)
        if found is None:
            raise UsageError(f"{self._shown} cannot be read; begin again with --restart")
        if found["run"] != self._run:
            raise UsageError(
                f"{self._shown} is from a run with other settings, input or model; "
                "go on with those, or begin again with --restart"
            )
        self.last = State(FilterCounts(**found["counts"]), found["marks"], found["is_finished"])
        return self.last

    def write(self, state: State) -> None:
        """Replace the state: at every moment the old one is there, or the new one."""
        counts = {name: getattr(state.counts, name) for name in _COUNTS}
        record = {
            "run": self._run, "counts": counts, "marks": state.marks, "is_finished": state.is_finished,
        }  # fmt: skip
        with open(self._path + PART, "w", encoding="utf-8") as file:
            json.dump(record, file)
        os.replace(self._path + PART, self._path)
        self.last = state

    def ended(self) -> State | None:
        """The state that this very run ended with, if it has filled its folder before."""
        found = _load(self._ended) if self._ended is not None else None
        if found is None or found["run"] != self._run or not found["is_finished"]:
            return None
        return State(FilterCounts(**found["counts"], was_complete=True), found["marks"], is_finished=True)

    def remove(self) -> None:
        """The run is over: only a folder keeps its state."""
        with suppress(FileNotFoundError):
            if self._ended is not None:
                os.replace(self._path, self._ended)
            else:
                os.unlink(self._path)


def _stamp(path: str) -> list[Any]:
    """What tells that a file is still the same."""
    status = os.stat(path)
    return [path, status.st_size, status.st_mtime_ns]


def _load(path: str) -> dict[str, Any] | None:
    """The state, if it is one."""
    try:
        with open(path, encoding="utf-8") as file:
            state = json.load(file)
    except (OSError, ValueError, RecursionError):
        return None
    return state if _is_state(state) else None


def _is_state(state: Any) -> bool:
    if not isinstance(state, dict) or not {"run", "counts", "marks", "is_finished"} <= state.keys():
        return False
    counts, marks = state["counts"], state["marks"]
    if (
        not isinstance(counts, dict)
        or not isinstance(marks, dict)
        or not isinstance(state["is_finished"], bool)
    ):
        return False
    numbers = [*counts.values(), *marks.values()]
    return (
        set(counts) == set(_COUNTS)
        and set(marks) <= set(OUTPUTS)
        and all(type(number) is int and 0 <= number < 1 << 63 for number in numbers)
        and counts["read"] == sum(counts[name] for name in _COUNTS[1:])
    )


def _remove_unfinished(settings: FilterSettings) -> None:
    """Remove the state, and the part files that it says were written. Files of lines are simply begun again."""
    state = _load(state_path(settings))
    if state is not None:
        before = state["run"].get("settings", {}) if isinstance(state["run"], dict) else {}
        for name in OUTPUTS[:3]:
            path = getattr(settings, name)
            if path and path == before.get(name) and os.path.isdir(path):
                _remove_parts(path, state["marks"].get(name, 0))
    os.unlink(state_path(settings))


def _remove_parts(folder: str, mark: int) -> None:
    for name in parts_in(folder):
        if int(name[5:].partition(".")[0]) <= mark - (not name.endswith(PART)):
            os.unlink(os.path.join(folder, name))
