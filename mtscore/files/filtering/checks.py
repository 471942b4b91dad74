"""Settings that cannot work are refused before anything is written.

A filter touches nothing that it did not write. So no input may stand where it writes, under the names of its outputs
or those that it derives from them, and no folder that it fills may hold parts of something else.
"""

from __future__ import annotations

import os
import re
from typing import NamedTuple

from mtscore.errors import InputError, UsageError
from mtscore.files.documents import RECORD_FORMATS, SUFFIXES, format_by_name
from mtscore.files.filtering.settings import FilterSettings, malformed_path, outputs_of
from mtscore.files.paths import STDIN, expand, input_format, is_several, unknown
from mtscore.records import Document

PART, LOCK, STATE = ".part", ".lock", ".state.json"
_PART_FILE = re.compile(r"part-\d{5,}\.parquet(\.part)?")


class Plan(NamedTuple):
    """What is read, in order, and the format of what is written."""

    inputs: tuple[str | Document, ...]
    form: str
    is_lenient: bool
    """Whether an input that cannot be read costs itself alone: there are several."""


def plan(settings: FilterSettings) -> Plan:
    """What is to be done, once the settings make sense. Raises `UsageError` where they make none."""
    inputs = tuple(found for path in settings.sources for found in expand(path, SUFFIXES))
    is_lenient = len(inputs) > 1 or any(map(is_several, settings.sources))
    if not is_lenient and isinstance(inputs[0], Document):
        raise InputError(f"cannot read {inputs[0].id}: {inputs[0].detail}")
    files = [path for path in inputs if isinstance(path, str)]
    form = _output_format(settings, files, is_lenient)
    for path in outputs_of(settings):
        _check_output(path, form)
    _check_places(settings, files)
    return Plan(inputs, form, is_lenient)


def format_of_input(path: str, settings: FilterSettings) -> str | None:
    """The format of one input: standard input and pipes are JSON lines unless it is said otherwise."""
    if settings.input_format is not None:
        return settings.input_format
    if is_stream(path) and input_format(path)[0] not in SUFFIXES:
        return "jsonl"
    return format_by_name(path)


def _output_format(settings: FilterSettings, files: list[str], is_lenient: bool) -> str:
    forms: dict[str, str] = {}
    for path in files:
        form = format_of_input(path, settings)
        if form is not None:
            forms.setdefault(form, path)
        elif not is_lenient:
            raise UsageError(f"{path}: {unknown(path, input_format(path)[0], SUFFIXES)}")
    of_records = [form for form in forms if form in RECORD_FORMATS]
    documents = [form for form in forms if form not in RECORD_FORMATS]
    if len(of_records) > 1 or (documents and of_records not in ([], ["jsonl"])):
        one, other = list(forms.values())[:2]
        raise UsageError(
            f"{one} and {other} have two formats, and records are not converted; filter them separately"
        )
    return of_records[0] if of_records else "jsonl"


def _check_output(path: str, form: str) -> None:
    if is_stream(path):
        if form == "parquet":
            raise UsageError(
                "Parquet cannot go to standard output; name a file with -o (records are not converted)"
            )
        return
    suffix, packed = input_format(path)
    if form == "parquet" and packed:
        raise UsageError(f"{path}: Parquet is compressed inside; leave {packed} out of the name")
    if is_folder(path):
        if form != "parquet":
            raise UsageError(f"{path} is a folder, which only Parquet is written to; name a .{form} file")
    elif SUFFIXES.get(suffix) != form:
        raise UsageError(f"{path} would have to be a .{form} file: records are not converted")


# Places


def _check_places(settings: FilterSettings, files: list[str]) -> None:
    """No two outputs, and no input and output, may overwrite each other."""
    taken = {os.path.realpath(path): path for path in files if not is_stream(path)}
    known = {_identity(path) for path in taken} - {None}
    read_whole = [path for path in settings.sources if os.path.isdir(path)]
    filled: dict[str, str] = {}  # folders that are written to
    aside = malformed_path(settings)
    for path in [*outputs_of(settings), *([aside] if aside is not None else [])]:
        if is_stream(path):
            continue
        real = os.path.realpath(path)
        if _identity(path) in known and not os.path.isdir(path):
            raise UsageError(f"{path} is an input and an output; the two must be different files")
        for folder in read_whole:
            if _is_inside(real, os.path.realpath(folder)):
                raise UsageError(f"{path} is inside the input {folder}; write to another folder")
        names = _names(real, is_main=path == settings.output)
        for name in names:
            if name in taken:
                raise _conflict(path, taken[name])
        for folder in filled:
            if _is_inside(real, folder):
                raise _conflict(path, filled[folder])
        if is_folder(path):
            for other in taken:
                if _is_inside(other, real):
                    raise _conflict(path, taken[other])
            filled[real] = path
        taken |= dict.fromkeys(names, path)


def _conflict(path: str, other: str) -> UsageError:
    return UsageError(f"{path} and {other} would overwrite each other; keep inputs and outputs apart")


def _names(real: str, *, is_main: bool) -> list[str]:
    """What is written for an output, in the course of a run."""
    names = [real, real + PART, real + LOCK]
    return [*names, real + STATE, real + STATE + PART] if is_main else names


def _is_inside(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def _identity(path: str) -> tuple[int, int] | None:
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return None
    return status.st_dev, status.st_ino


def parts_in(folder: str) -> list[str]:
    """The part files, finished or not, that a folder holds."""
    try:
        return sorted(name for name in os.listdir(folder) if _PART_FILE.fullmatch(name))
    except FileNotFoundError:
        return []


def is_stream(path: str) -> bool:
    """Whether it is standard input or output, a pipe or a device."""
    return path == STDIN or (os.path.exists(path) and not os.path.isfile(path) and not os.path.isdir(path))


def is_folder(path: str) -> bool:
    """Whether it is a folder, or is to be one."""
    return path.endswith("/") or os.path.isdir(path)
