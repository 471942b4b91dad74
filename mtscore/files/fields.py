"""Named values of files of many records, for whoever needs more of a record than its text."""

from __future__ import annotations

from collections.abc import Iterator

from mtscore.errors import InputError
from mtscore.files.documents import MAX_BYTES
from mtscore.files.formats.csv import read_cells
from mtscore.files.formats.jsonl import read_objects
from mtscore.files.formats.record import Fields
from mtscore.files.opening import open_input
from mtscore.files.paths import input_format
from mtscore.files.reasons import READ_ERRORS, reason

FORMATS = (".jsonl", ".csv")


def read_fields(path: str, *, max_bytes: int = MAX_BYTES) -> Iterator[Fields]:
    """Each record of a JSON lines or CSV file, plain or compressed, one at a time; a malformed or too long one has a
    `problem`. A CSV file gives its header first, with number 0.

    Raises `InputError` where the file cannot be read, or not any further.
    """
    suffix, compression = input_format(path)
    if suffix not in FORMATS:
        raise InputError(f"{path} is none of {', '.join(FORMATS)} files, which are read here")
    try:
        with open_input(path, compression, None) as stream:
            if suffix == ".csv":
                yield from read_cells(stream, path, max_bytes)
            else:
                yield from read_objects(stream, max_bytes)
    except READ_ERRORS as error:
        raise InputError(f"cannot read {path}: {reason(error)}") from error
