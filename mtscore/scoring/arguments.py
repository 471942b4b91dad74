"""What callers hand in, checked: whatever is of another type is told in a sentence before any work is done on it."""

from __future__ import annotations

import numbers
from collections.abc import Iterable, Iterator
from typing import Any

from mtscore.errors import InputError
from mtscore.records import Document


def kind_of(value: object) -> str:
    """What a value is, for a sentence, with what to do about it where that is known."""
    if value is None:
        return "None"
    if isinstance(value, bytes | bytearray):
        return f"{type(value).__name__} (decode it first)"
    name = type(value).__name__
    return f"{'an' if name[0] in 'aeiouAEIOU' else 'a'} {name}"


def is_number(value: object) -> bool:
    """Whether a value is a real number, and not just a truth value."""
    return isinstance(value, numbers.Real) and not isinstance(value, bool)


def check_jobs(jobs: object) -> None:
    """Refuse a number of processes that is none."""
    if not isinstance(jobs, numbers.Integral) or isinstance(jobs, bool):
        raise InputError(f"jobs must be a whole number, not {kind_of(jobs)}")
    if jobs < 1:
        raise InputError(f"jobs must be at least 1, not {jobs}")


def as_documents(documents: Iterable[str | Document]) -> Iterator[Document]:
    """The documents; plain strings get their number as id. What cannot hold documents is refused here, an item that is
    none when it comes."""
    if isinstance(documents, str | bytes | bytearray | Document) or not isinstance(documents, Iterable):
        raise InputError(
            f"several texts or documents are needed, in a list for instance, not {kind_of(documents)}"
        )
    return (_document(item, number) for number, item in enumerate(documents, 1))


def _document(item: Any, number: int) -> Document:
    if isinstance(item, str):
        return Document(str(number), item)
    if not isinstance(item, Document):
        raise InputError(
            f"item {number} is {kind_of(item)}, and no text or Document; "
            "Document(id, None) stands for a text that could not be read"
        )
    if item.text is not None and not isinstance(item.text, str):
        raise InputError(
            f"the text of document {item.id!r} (item {number}) is {kind_of(item.text)}, not a text"
        )
    if not isinstance(item.id, str):
        raise InputError(f"the id of item {number} is {kind_of(item.id)}, not a text")
    return item
