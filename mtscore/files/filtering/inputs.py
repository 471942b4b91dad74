"""The records of all inputs, one after the other, in the form in which they go on.

Records of JSON lines, CSV and Parquet files go on as they came in. Texts, pages and messages have no form of their own
as records: each becomes a line of JSON with its id and its text (of a page, what is to be read on it).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

from mtscore.errors import InputError
from mtscore.files.documents import FORMATS, RECORD_FORMATS, opened
from mtscore.files.filtering.checks import Plan, format_of_input
from mtscore.files.filtering.settings import FilterSettings
from mtscore.files.formats.record import BOM, Options, Record
from mtscore.files.opening import OnRead
from mtscore.files.paths import shown
from mtscore.files.reasons import READ_ERRORS, reason
from mtscore.records import Document

AsText = Callable[[Document], Document]
"""Makes text of a page."""


def is_header(record: Record) -> bool:
    """Whether it stands for a file's header or schema."""
    return not record.number and record.problem is None


def read_records(
    plan: Plan, settings: FilterSettings, as_text: AsText, on_read: OnRead | None
) -> Iterator[Record]:
    """The records, behind the first header. Of several inputs, one that cannot be read is a malformed record without a
    number; a single one raises `InputError`."""
    inputs = _Inputs(plan, settings, as_text, on_read)
    for path in plan.inputs:
        yield from inputs.of(path)


class _Inputs:
    """Reads one input after the other."""

    def __init__(self, plan: Plan, settings: FilterSettings, as_text: AsText, on_read: OnRead | None) -> None:
        self._is_lenient = plan.is_lenient
        self._are_several = len(plan.inputs) > 1
        self._settings = settings
        self._as_text = as_text
        self._on_read = on_read
        self._header: Record | None = None

    def of(self, path: str | Document) -> Iterator[Record]:
        """The records of one input, without a header if there was one before."""
        if isinstance(path, Document):
            yield _unread(path.id, path.detail or "")
            return
        form, is_begun = format_of_input(path, self._settings), False
        try:
            for record in self._of_file(path, form):
                if not is_header(record):
                    yield _joined(record, form) if self._are_several else record
                elif self._header is None:
                    self._header = record
                    yield record
                else:
                    _check_alike(self._header, record)
                is_begun = True
        except (*READ_ERRORS, MemoryError) as error:
            why = "it takes more memory than there is" if isinstance(error, MemoryError) else reason(error)
            if not self._is_lenient:
                where = "cannot read the input any further" if is_begun else f"cannot read {shown(path)}"
                raise InputError(f"{where}: {why}") from error
            yield _unread(shown(path), why)

    def _of_file(self, path: str, form: str | None) -> Iterator[Record]:
        settings = self._settings
        with opened(path, form, self._on_read) as (stream, found):
            options = Options(settings.text_field, settings.max_bytes, is_whole=True)
            if found in RECORD_FORMATS:
                yield from RECORD_FORMATS[found](stream, shown(path), options)
                return
            for number, document in enumerate(FORMATS[found](stream, shown(path), options), 1):
                yield _of_document(document, number, shown(path), self._as_text)


def _unread(name: str, why: str) -> Record:
    """What stands for a file that cannot be read, or for the rest of it."""
    return Record(0, name, None, f"{name} cannot be read to its end: {why}", name)


def _of_document(document: Document, number: int, source: str, as_text: AsText) -> Record:
    if document.text is None:
        problem = f"{document.id} cannot be read: {document.detail}"
        return Record(number, document.id, None, problem, source)
    text = as_text(document).text
    raw = json.dumps({"id": document.id, "text": text}, ensure_ascii=False) + "\n"
    return Record(number, document.id, text, None, source, raw.encode("utf-8", "backslashreplace"))


def _joined(record: Record, form: str | None) -> Record:
    """A record of one of several files: only its line end keeps it apart from the first of the next."""
    if form == "parquet" or (record.raw.endswith(b"\n") and not record.raw.startswith(BOM)):
        return record
    raw = record.raw.removeprefix(BOM)
    return Record(
        record.number, record.id, record.text, record.problem, record.source,
        raw if raw.endswith(b"\n") else raw + b"\n",
    )  # fmt: skip


def _check_alike(first: Record, header: Record) -> None:
    """Raises `InputError` for a table with other columns than the first."""
    if header.batch is not None and first.batch is not None:
        is_alike = header.batch.schema.equals(first.batch.schema)
    else:
        is_alike = _bare(header.raw) == _bare(first.raw)
    if not is_alike:
        raise InputError(f"its columns are not those of {first.source}; filter it apart")


def _bare(header: bytes) -> bytes:
    return header.removeprefix(BOM).rstrip(b"\r\n")
