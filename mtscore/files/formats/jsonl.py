"""JSON lines: one object a line. Only a line feed ends a line, and one bad line costs itself alone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from mtscore.errors import InputError
from mtscore.files.formats.encoding import CONVERT
from mtscore.files.formats.record import BOM, Fields, Options, Record, Stream, no_field, record_id, too_long

_CHUNK = 1 << 20


def read_jsonl(stream: Stream, path: str, options: Options) -> Iterator[Record]:
    """One record for each line that is not blank."""
    for fields in read_objects(stream, options.max_bytes):
        yield _record(fields, path, options)


def read_objects(stream: Stream, max_bytes: int) -> Iterator[Fields]:
    """The object on each line that is not blank. Raises `InputError` for a file in UTF-16."""
    for number, line, is_whole in numbered_lines(stream, max_bytes):
        if number == 1 and line.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise InputError("UTF-16; convert it first: iconv -f UTF-16 -t UTF-8")
        if not is_whole:
            yield Fields(number, line, None, f"is {too_long(max_bytes)}")
        elif line and not line.isspace():
            yield _parse(line, number)


def numbered_lines(stream: Stream, max_bytes: int) -> Iterator[tuple[int, bytes, bool]]:
    """Numbered lines with their ends, and whether each is whole; of longer ones the rest is skipped."""
    number = 0
    while line := stream.readline(max_bytes + 1):
        number += 1
        is_whole = len(line) <= max_bytes or line.endswith(b"\n")
        if not is_whole:
            _skip_line(stream)
        yield number, line, is_whole


def _skip_line(stream: Stream) -> None:
    while (piece := stream.readline(_CHUNK)) and not piece.endswith(b"\n"):
        pass


def _parse(line: bytes, number: int) -> Fields:
    try:
        values = json.loads((line.removeprefix(BOM) if number == 1 else line).decode("utf-8"))
    except UnicodeDecodeError as error:
        problem = f"is not UTF-8 at its byte offset {error.start}; {CONVERT}"
    except json.JSONDecodeError as error:
        problem = f"is not JSON ({error.msg} at its character {error.pos + 1})"
    except (ValueError, RecursionError):  # numbers of thousands of digits, brackets nested by the thousand
        problem = "is JSON too deeply nested or with too long a number"
    else:
        if isinstance(values, dict):
            return Fields(number, line, values)
        problem = "is not a JSON object"
    return Fields(number, line, None, problem)


def _record(fields: Fields, path: str, options: Options) -> Record:
    number, line, values, problem = fields
    id, text = str(number), None
    if values is not None:
        id = record_id(values.get("id"), number)
        text = values.get(options.text_field)
        if options.text_field not in values:
            problem = no_field(options.text_field, list(values))
        elif not isinstance(text, str):
            problem = f"has a {_json_type(text)}, not a text, in its field {options.text_field!r}"
    if problem is not None:
        return Record(number, id, None, f"line {number} of {path} {problem}", path, line)
    return Record(number, id, text, None, path, line)


def _json_type(value: Any) -> str:
    names = {bool: "true or false", int: "number", float: "number", list: "list", dict: "object"}
    return names.get(type(value), "null")
