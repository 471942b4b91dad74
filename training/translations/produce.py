"""Documents through a chain into a file of records: seeded, resumable, the same bytes every time.

Documents go in batches of fixed borders, because a rule-based engine is called once a batch. What is finished is
written batch by batch into a part file whose name says what it was made of; a run that finds one goes on after its
last whole batch, and a run with another seed, chain or input starts one of its own.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mtscore.errors import InputError
from training.dataset import seeded
from training.translations.chains import Chain
from training.translations.differences import chrf, compare
from training.translations.documents import MIN_WORDS, WINDOW, Piece, cut, joined
from training.translations.judging import label_for, unknown_words

BATCH = 32
"""Documents a batch: some 400 sentences, so that starting a rule-based engine costs little."""


@dataclass(frozen=True, slots=True)
class Document:
    """A text to translate; `about` is what its record carries on, such as its group."""

    id: str
    text: str
    about: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Task:
    """What a file of translations is made of."""

    documents: Sequence[Document]
    chain: Chain
    seed: str = ""
    window: tuple[int, int] = WINDOW
    batch: int = BATCH

    def fingerprint(self) -> str:
        """Digits that differ when anything differs that the bytes depend on."""
        has_return = self.chain.way_back is not None
        settings = [self.chain.name, self.seed, self.window, self.batch, has_return]
        digest = hashlib.sha256(json.dumps(settings).encode())
        for document in self.documents:
            line = json.dumps([document.id, document.text, document.about], sort_keys=True)
            digest.update(line.encode())
        return digest.hexdigest()[:12]

    def batches(self) -> list[Sequence[Document]]:
        """The documents in batches, the last one shorter."""
        return [self.documents[low : low + self.batch] for low in range(0, len(self.documents), self.batch)]


def produce(task: Task, output: Path, report: Callable[[int], None] = lambda done: None) -> int:
    """Write the records of the task's documents to `output`; returns how many were written.

    `report` hears how many documents are done, after each batch. Documents too short to show anything are left out.
    """
    part = output.with_name(f"{output.name}.{task.fingerprint()}.part")
    done = _whole_batches(part)
    with open(part, "a", encoding="utf-8", newline="\n") as out:
        for number, batch in enumerate(task.batches()):
            if number >= done:
                for record in translated(batch, task):
                    out.write(json.dumps(record, ensure_ascii=False) + "\n")
                out.write("\n")  # a blank line ends a batch
                out.flush()
            report(min((number + 1) * task.batch, len(task.documents)))
    return _finish(part, output)


def _whole_batches(part: Path) -> int:
    """How many batches a part file holds; what follows the last whole one is cut off."""
    if not part.exists():
        return 0
    whole = end = position = 0
    with open(part, "rb") as lines:
        for line in lines:
            position += len(line)
            if line == b"\n":  # the blank line that ends a batch
                whole, end = whole + 1, position
    os.truncate(part, end)
    return whole


def _finish(part: Path, output: Path) -> int:
    """The part file without its blank lines, under the name that was asked for."""
    complete = output.with_name(output.name + ".new")
    count = 0
    with open(part, "rb") as lines, open(complete, "wb") as out:
        for line in lines:
            if line != b"\n":
                out.write(line)
                count += 1
    complete.replace(output)
    part.unlink()
    return count


def translated(documents: Sequence[Document], task: Task) -> Iterator[dict[str, Any]]:
    """The records of one batch."""
    chain = task.chain
    pieces = [
        cut(d.text, chain.source, seeded(f"{task.seed}/{chain.name}/{d.id}"), task.window) for d in documents
    ]
    passage = chain.translate([piece.text[s.start : s.end] for piece in pieces for s in piece.sentences])
    returned = chain.returned(passage.english)
    low = 0
    for document, piece in zip(documents, pieces, strict=True):
        high = low + len(piece.sentences)
        if len(piece.text.split()) >= min(MIN_WORDS, task.window[0]):
            record = _record(document, piece, passage.english[low:high], chain)
            if returned is not None:
                record["returned"] = _rounded_chrf(returned[low:high], passage.before[low:high])
            record["label"] = label_for(record)
            yield record
        low = high


def _rounded_chrf(translation: Sequence[str], original: Sequence[str]) -> float:
    return round(chrf("\n".join(translation), "\n".join(original)), 2)


def _record(document: Document, piece: Piece, lines: Sequence[str], chain: Chain) -> dict[str, Any]:
    """What is written about one document; the fields are explained in training/README.md."""
    text, sentences = joined(piece, lines)
    record: dict[str, Any] = {
        "id": f"{chain.name}/{document.id}",
        "chain": chain.name,
        "engines": chain.engine_names,
        "source_id": document.id,
        **document.about,
        "lang": chain.source,
        "text": text,
        "original": piece.text if chain.is_there_and_back else None,
        "sentences": sentences,
        "chrf": None,
        "changed": None,
        "changes": [],
        "returned": None,
        "unknown": unknown_words(text, piece.text if chain.is_there_and_back else ""),
    }
    if chain.is_there_and_back:
        difference = compare(piece.text, text, sentences)
        record["chrf"] = _rounded_chrf([text], [piece.text])
        record["changed"] = round(difference.changed, 4)
        record["changes"] = [[c.start, c.end, c.original] for c in difference.changes]
    return record


RESERVED = frozenset({"id", "text", "label"})


def read_documents(lines: Iterable[str], name: str) -> list[Document]:
    """Documents of JSON lines with `id` (else the line's number) and `text`; other fields go along."""
    return [_read_document(line, number, name) for number, line in enumerate(lines, 1)]


def _read_document(line: str, number: int, name: str) -> Document:
    try:
        given = json.loads(line)
        about = {key: value for key, value in given.items() if key not in RESERVED}
        return Document(str(given.get("id", number)), given["text"], about)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise InputError(f"{name}, line {number}: a JSON record with a text is needed: {error!r}") from error
