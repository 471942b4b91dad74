"""Label files: texts that a person has called garbled or clean, read and checked.

Nothing is dropped in silence: every record gives a labelled text, or a problem that names its line.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, Literal

from mtscore.errors import InputError
from mtscore.files.documents import MAX_BYTES, read_documents
from mtscore.files.fields import FORMATS, read_fields
from mtscore.files.formats.record import Fields
from mtscore.files.paths import input_format
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

FIELDS = ("id", "text", "path", "label", "group", "document", "quality", "weight")
"""The fields that are read; others are left alone."""

MAX_WEIGHT = 100.0

MAX_PROBLEMS = 1000
"""Problems of one kind that are kept with their places; of more only the number is."""

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
    document: str = ""
    """What this text is a part of: parts of one document stay on one side of every split."""
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
    """The usable texts of some label files in order, what became of all other records, the files' names and
    digests (sha256), and how many problems of each kind there are: of many, only the first are kept."""

    texts: tuple[Labelled, ...]
    problems: tuple[Problem, ...] = ()
    files: tuple[tuple[str, str], ...] = ()
    counts: Mapping[Kind, int] = field(default_factory=dict)


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


def read_labels(paths: Iterable[str], *, max_bytes: int = MAX_BYTES) -> LabelSet:
    """The labelled texts of JSON lines (`.jsonl`) and CSV files, also compressed.

    Each record has `label` (1, 0, "garbled", "clean") and `text`, or `path` to a text file, taken from beside
    the label file. A record longer than `max_bytes` (decompressed) is a problem. Raises `InputError` for a file
    that cannot be read at all.
    """
    collector = _Collector()
    files: list[tuple[str, str]] = []
    for path in map(Path, paths):
        files.append((path.name, _digest(path)))
        for found in _read_file(path, max_bytes):
            collector.add(found)
    return LabelSet(collector.texts, tuple(collector.problems), tuple(files), dict(collector.counts))


# Files


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while chunk := file.read(1 << 20):
                digest.update(chunk)
    except OSError as error:
        reason = error.strerror or error
        raise InputError(f"cannot read the labels in {path}: {reason}; check the spelling") from error
    return digest.hexdigest()


def _read_file(path: Path, max_bytes: int) -> Iterator[Labelled | Problem]:
    suffix, _ = input_format(str(path))
    if suffix not in FORMATS:
        raise InputError(f"{path} is neither a .jsonl nor a .csv file; labels come in these two formats")
    is_empty = True
    for fields in read_fields(str(path), max_bytes=max_bytes):
        if fields.number == 0:
            _check_columns(list(fields.values or ()), path)
            continue
        is_empty = False
        yield _labelled(fields, path, max_bytes, is_csv=suffix == ".csv")
    if is_empty:
        raise InputError(f"{path} holds no labels; give each text a record with its label")


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


def _labelled(fields: Fields, path: Path, max_bytes: int, *, is_csv: bool) -> Labelled | Problem:
    where = f"{path.name}:{fields.number}"
    try:
        record = _csv_values(_values(fields)) if is_csv else _values(fields)
        label = _label(record.get("label"))
        text = without_surrogates(_text(record, path.parent, max_bytes))
        if not text.strip():
            raise _Refused("empty", "its text is empty")
        return Labelled(
            id=_identity(record, str(fields.number)),
            text=text,
            label=label,
            where=where,
            group=_name(record, "group"),
            document=_name(record, "document"),
            quality=_number(record, "quality", 0.0, 100.0),
            weight=_weight(record),
        )
    except _Refused as refused:
        return Problem(where, refused.kind, refused.detail)


def _values(fields: Fields) -> Mapping[str, Any]:
    if fields.values is None:
        problem = fields.problem or "has no values"
        is_torn = problem.startswith("is not JSON") and not fields.raw.endswith(b"\n")
        raise _Refused("unreadable", f"{problem}; the file breaks off here" if is_torn else problem)
    return fields.values


_UNDECODED = re.compile(r"[\udc80-\udcff]")


def _csv_values(cells: Mapping[str, Any]) -> Mapping[str, Any]:
    """The cells that say something: an empty one says nothing."""
    found = {name: cells[name] for name in FIELDS if cells.get(name)}
    if any(_UNDECODED.search(cell) for cell in found.values()):
        raise _Refused("unreadable", "is not UTF-8; convert it")
    return found


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


def _text(record: Mapping[str, Any], folder: Path, max_bytes: int) -> str:
    text = record.get("text")
    if isinstance(text, str):
        return text
    if text is not None:
        raise _Refused("field", "its text is not a string")
    path = record.get("path")
    if not isinstance(path, str) or not path:
        raise _Refused("field", "it has neither text nor path")
    return _text_of_file(path, folder, max_bytes)


def _text_of_file(path: str, folder: Path, max_bytes: int) -> str:
    """The text of the file at `path` beside the labels; of a web page, what can be read on it."""
    target = os.path.join(folder, path)
    if "\0" in path or not os.path.isfile(target):
        raise _Refused("unreadable", f"no file {_quoted(path)} beside the labels; check the spelling")
    documents = list(islice(read_documents([target], max_bytes=max_bytes), 2))
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


def _name(record: Mapping[str, Any], name: str) -> str:
    value = record.get(name)
    if value is None:
        return ""
    if name == "document" and isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str):
        raise _Refused("field", f"its {name} is {_quoted(value)}; write it as a string")
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


class _Collector:
    """Takes what is read one by one and keeps each text once. Of a text that occurs again the first stays, if both
    labels agree; none if they contradict each other."""

    def __init__(self) -> None:
        self._texts: dict[str, Labelled] = {}
        self._contradictory: set[str] = set()
        self.problems: list[Problem] = []
        self.counts: Counter[Kind] = Counter()

    @property
    def texts(self) -> tuple[Labelled, ...]:
        return tuple(text for key, text in self._texts.items() if key not in self._contradictory)

    def add(self, found: Labelled | Problem) -> None:
        if isinstance(found, Problem):
            self._refuse(found)
            return
        key = text_key(found.text)
        first = self._texts.setdefault(key, found)
        if first is found:
            return
        if first.label == found.label:
            self._refuse(Problem(found.where, "duplicate", f"the same text as {first.where}"))
            return
        detail = f"one text with two labels ({first.where}, {found.where}); decide for one"
        if key not in self._contradictory:
            self._contradictory.add(key)
            self._refuse(Problem(first.where, "contradiction", detail))
        self._refuse(Problem(found.where, "contradiction", detail))

    def _refuse(self, problem: Problem) -> None:
        self.counts[problem.kind] += 1
        if self.counts[problem.kind] <= MAX_PROBLEMS:
            self.problems.append(problem)
