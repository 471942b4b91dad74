"""Label files: texts that a person has called garbled or clean, read and checked.

Nothing is dropped in silence: every record gives a labelled text, or a problem that names its line.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import math
import os
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from mtscore.errors import InputError
from mtscore.files.documents import MAX_BYTES, read_documents
from mtscore.learning.near_duplicates import text_key
from mtscore.text.html import read_html
from mtscore.text.surrogates import without_surrogates

LABELS: Mapping[str, int] = {
    **dict.fromkeys(("1", "garbled", "true"), 1),
    **dict.fromkeys(("0", "clean", "false"), 0),
}
"""What a label may be, in any case; 1 is garbled."""

SKIPPED = "skip"
"""The label of a document that `mtscore label` showed and the reader passed over."""

FEW = 20
"""Fewer labels than this measure nothing."""

FIELDS = ("id", "text", "path", "label", "group", "quality", "weight")
"""The fields that are read; others are left alone."""

MAX_WEIGHT = 100.0
Kind = Literal[
    "unreadable", "label", "field", "empty", "duplicate", "contradiction", "skipped", "cannot_tell"
]
"""Why a record is no labelled text; `skipped` is not a mistake."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """One labelled text. `label` is 1 for garbled, `where` is "file:line" of its record, `quality` (0..100)
    and `weight` (above 0, 1 unless given) are the reader's."""

    id: str
    text: str
    label: int
    where: str
    group: str = ""
    quality: float | None = None
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Problem:
    """Why the record at `where` ("file:line") is not used."""

    where: str
    kind: Kind
    detail: str

    def __str__(self) -> str:
        return f"{self.where}: {self.detail}"


@dataclass(frozen=True, slots=True)
class LabelSet:
    """The usable texts of some label files in order, what became of all other records, and the files' names
    and digests (sha256)."""

    texts: tuple[Labelled, ...]
    problems: tuple[Problem, ...]
    files: tuple[tuple[str, str], ...]


def doubts(texts: Sequence[Labelled]) -> list[str]:
    """What is doubtful about the labels as a whole, one line each."""
    counts = Counter(text.label for text in texts)
    found = []
    if len(texts) < FEW:
        found.append(f"{len(texts)} usable labels are few: metrics from under {FEW} are mostly noise")
    if len(counts) == 1:
        (only,) = counts
        name, other = ("garbled", "clean") if only else ("clean", "garbled")
        found.append(f"all labels are {name}: without {other} ones, half of the metrics stay empty")
    return found


def read_labels(paths: Iterable[str]) -> LabelSet:
    """The labelled texts of JSON lines (`.jsonl`) and CSV files, also with `.gz`.

    Each record has `label` (1, 0, "garbled", "clean") and `text`, or `path` to a text file, taken from beside
    the label file. Raises `InputError` for a file that cannot be read at all.
    """
    texts: list[Labelled] = []
    problems: list[Problem] = []
    files: list[tuple[str, str]] = []
    for path in map(Path, paths):
        raw = _bytes(path)
        files.append((path.name, hashlib.sha256(raw).hexdigest()))
        for found in _read_file(path, raw):
            if isinstance(found, Labelled):
                texts.append(found)
            else:
                problems.append(found)
    kept, doubles = _without_doubles(texts)
    return LabelSet(tuple(kept), (*problems, *doubles), tuple(files))


# Files


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        reason = error.strerror or error
        raise InputError(f"cannot read the labels in {path}: {reason}; check the spelling") from error


def _read_file(path: Path, raw: bytes) -> Iterator[Labelled | Problem]:
    name = path.name.lower().removesuffix(".gz")
    try:
        data = gzip.decompress(raw) if path.name.lower().endswith(".gz") else raw
        text = data.removeprefix(b"\xef\xbb\xbf").decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is not UTF-8 at byte offset {error.start}; convert it first") from error
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(f"{path} is damaged: {error}; fetch the file again") from error
    if name.endswith(".csv"):
        records = _csv_records(text, path)
    elif name.endswith(".jsonl"):
        records = _json_records(text, path)
    else:
        raise InputError(f"{path} is neither a .jsonl nor a .csv file; labels come in these two formats")
    is_empty = True
    for found in records:
        is_empty = False
        yield found if isinstance(found, Problem) else _labelled(*found, path)
    if is_empty:
        raise InputError(f"{path} holds no labels; give each text a record with its label")


_Record = tuple[Mapping[str, Any], str, str]
"""A record, its "file:line", and its number as the id that it has if it names none."""


def _json_records(text: str, path: Path) -> Iterator[_Record | Problem]:
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        where = f"{path.name}:{number}"
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            is_torn = number == len(lines)
            more = "; the file breaks off here" if is_torn else ""
            yield Problem(where, "unreadable", f"not a line of JSON{more}")
            continue
        if isinstance(record, dict):
            yield record, where, str(number)
        else:
            yield Problem(where, "unreadable", "not a JSON object with text and label")


def _csv_records(text: str, path: Path) -> Iterator[_Record | Problem]:
    limit = csv.field_size_limit(MAX_BYTES)  # one setting for the process: put back as it was
    try:
        reader = csv.DictReader(io.StringIO(text, newline=""))
        _check_columns(reader.fieldnames or (), path)
        line = reader.line_num + 1
        for record in reader:
            where = f"{path.name}:{line}"
            line = reader.line_num + 1
            if None in record:
                yield Problem(
                    where, "unreadable", "more cells than the header names; quote texts with commas"
                )
            else:
                yield {name: cell for name, cell in record.items() if cell}, where, where.rpartition(":")[2]
    except csv.Error as error:
        raise InputError(f"{path} is not CSV that can be read: {error}; write it again, quoted") from error
    finally:
        csv.field_size_limit(limit)


def _check_columns(names: Sequence[str], path: Path) -> None:
    if "label" not in names or not {"text", "path"} & set(names):
        raise InputError(
            f"{path} has the columns {', '.join(names[:8]) or '(none)'}; needed are label, and text or path"
        )


# Records


class _Refused(Exception):  # noqa: N818  # caught at once, for one record
    def __init__(self, kind: Kind, detail: str) -> None:
        self.kind: Kind = kind
        self.detail = detail


def _labelled(record: Mapping[str, Any], where: str, number: str, path: Path) -> Labelled | Problem:
    try:
        label = _label(record.get("label"))
        text = without_surrogates(_text(record, path.parent))
        if not text.strip():
            raise _Refused("empty", "its text is empty")
        return Labelled(
            id=_identity(record, number),
            text=text,
            label=label,
            where=where,
            group=_group(record.get("group")),
            quality=_number(record, "quality", 0.0, 100.0),
            weight=_weight(record),
        )
    except _Refused as refused:
        return Problem(where, refused.kind, refused.detail)


def _label(value: object) -> int:
    if value is None:
        raise _Refused("label", "it has no label; give it 1 or garbled, 0 or clean")
    name = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    name = name.strip().lower()
    if name == SKIPPED:
        raise _Refused("skipped", "passed over when it was to be labelled")
    if name not in LABELS:
        raise _Refused("label", f"unknown label {_quoted(value)}; known are 1 or garbled, 0 or clean")
    return LABELS[name]


def _text(record: Mapping[str, Any], folder: Path) -> str:
    text = record.get("text")
    if isinstance(text, str):
        return text
    if text is not None:
        raise _Refused("field", "its text is not a string")
    path = record.get("path")
    if not isinstance(path, str) or not path:
        raise _Refused("field", "it has neither text nor path")
    return _text_of_file(path, folder)


def _text_of_file(path: str, folder: Path) -> str:
    """The text of the file at `path` beside the labels; of a web page, what can be read on it."""
    target = os.path.join(folder, path)
    if "\0" in path or not os.path.isfile(target):
        raise _Refused("unreadable", f"no file {_quoted(path)} beside the labels; check the spelling")
    documents = list(read_documents([target]))
    if len(documents) != 1 or target.lower().removesuffix(".gz").endswith(".jsonl"):
        raise _Refused("unreadable", f"{_quoted(path)} holds many documents; name a file for each text")
    (document,) = documents
    if document.text is None:
        raise _Refused("unreadable", f"cannot read {_quoted(path)}: {document.detail}")
    return read_html(document.text) if document.is_html else document.text


def _identity(record: Mapping[str, Any], number: str) -> str:
    for name in ("id", "path"):
        value = record.get(name)
        if value is not None:
            return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return number


def _group(value: object) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise _Refused("field", f"its group is {_quoted(value)}; write it as a string")
    return " ".join(value.split())


def _number(record: Mapping[str, Any], name: str, low: float, high: float) -> float | None:
    value = record.get(name)
    if value is None:
        return None
    try:
        number = float("nan") if isinstance(value, bool) else float(value)
    except (TypeError, ValueError, OverflowError):
        number = float("nan")
    if not low <= number <= high:
        raise _Refused("field", f"its {name} is {_quoted(value)}; it must lie from {low:g} to {high:g}")
    return number


def _weight(record: Mapping[str, Any]) -> float:
    weight = _number(record, "weight", 0.0, MAX_WEIGHT)
    if weight is None:
        return 1.0
    if weight == 0.0 or not math.isfinite(weight):
        raise _Refused("field", "its weight is 0; leave the record out instead")
    return weight


def _quoted(value: object) -> str:
    shown = repr(value)
    return shown if len(shown) <= 60 else shown[:57] + "..."


# The same text twice


def _without_doubles(texts: Sequence[Labelled]) -> tuple[list[Labelled], list[Problem]]:
    """Of texts that occur twice the first, if all agree; none if their labels contradict each other."""
    by_key: dict[str, list[Labelled]] = {}
    for text in texts:
        by_key.setdefault(text_key(text.text), []).append(text)
    kept: list[Labelled] = []
    problems: list[Problem] = []
    for same in by_key.values():
        if len({text.label for text in same}) > 1:
            places = ", ".join(text.where for text in same)
            detail = f"one text with two labels ({places}); decide for one"
            problems += [Problem(text.where, "contradiction", detail) for text in same]
            continue
        kept.append(same[0])
        problems += [
            Problem(text.where, "duplicate", f"the same text as {same[0].where}") for text in same[1:]
        ]
    return kept, problems
