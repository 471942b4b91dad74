"""Whatever stands in a file, reading it ends with documents, and filtering it loses no record.

`python tests/fuzz/test_fuzz_files.py 100000` tries so many files.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from file_strategies import files, json_lines, tables
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mtscore.errors import MtscoreError
from mtscore.files.documents import read_documents
from mtscore.files.fields import read_fields
from mtscore.files.filtering import FilterSettings, filter_records
from mtscore.records import Document, Label, Verdict

LIMIT = 2000

many = settings(
    max_examples=300,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)


class ToyScorer:
    """Decides by the length of a text."""

    signature: dict[str, Any] = {}  # noqa: RUF012

    def score_many(
        self, documents: Iterable[str | Document], *, jobs: int = 1, evidence: bool = True
    ) -> Iterator[Verdict]:
        for document in documents:
            assert isinstance(document, Document)
            size = len(document.text or "")
            label: Label = "garbled" if size % 3 == 1 else "clean"
            if document.text is None or size % 3 == 2:
                yield Verdict(document.id, "cannot_tell", "too_short")
            else:
                yield Verdict(document.id, "scored", None, None, 0.9 if size % 3 else 0.1, label, 50.0)


def check_reading(name: str, data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(data)
        documents = list(read_documents([str(path)], max_bytes=LIMIT))
        with contextlib.suppress(MtscoreError):
            list(read_fields(str(path), max_bytes=LIMIT))
    assert documents
    for document in documents:
        assert isinstance(document.id, str)
        assert document.text is None or len(document.text) <= LIMIT
        assert document.detail is None or "\n" not in document.detail
        assert document.text is not None or document.detail


def check_filtering(name: str, data: bytes, annotate: Any = None) -> None:
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, name)
        source.write_bytes(data)
        outputs = [Path(folder, f"{kind}{source.suffix}") for kind in ("kept", "rejected", "undecided")]
        to_kept, to_rejected, to_undecided = map(str, outputs)
        chosen = FilterSettings(
            (str(source),), to_kept, to_rejected, to_undecided, max_bytes=LIMIT, annotate=annotate
        )
        try:
            counts = filter_records(chosen, ToyScorer(), io.BytesIO())
        except MtscoreError:
            return
        kept, rejected, undecided = (path.read_bytes() for path in outputs)
        aside = Path(counts.malformed_file).read_bytes().splitlines() if counts.malformed else []
    assert counts.read == counts.kept + counts.rejected + counts.undecided
    assert len(aside) == counts.malformed
    if source.suffix == ".jsonl":
        for written, count in (
            (kept, counts.kept),
            (rejected, counts.rejected),
            (undecided, counts.cannot_tell),
        ):
            records = [json.loads(line) for line in written.split(b"\n") if line.strip()]
            assert len(records) == count
            assert annotate is None or all("mtscore" in record for record in records)
        if annotate is None:
            whole = sorted(
                line for part in (kept, rejected, undecided) for line in part.split(b"\n") if line.strip()
            )
            read = [line for line in data.split(b"\n") if line.strip()]
            broken = [
                json.loads(line)["record"].encode("utf-8", "surrogateescape").rstrip(b"\n") for line in aside
            ]
            assert len(whole) + len(broken) == len(read)
            assert set(whole) <= set(read)


@many
@given(file=files())
def test_any_file_gives_documents(file: tuple[str, bytes]) -> None:
    check_reading(*file)


@many
@given(data=json_lines(), annotate=st.sampled_from([None, "verdict", "evidence"]))
def test_no_line_is_lost(data: bytes, annotate: str | None) -> None:
    check_filtering("a.jsonl", data, annotate)


@many
@given(data=tables(), annotate=st.sampled_from([None, "verdict"]))
def test_no_table_stops_the_filter_otherwise_than_in_words(data: bytes, annotate: str | None) -> None:
    check_filtering("a.csv", data, annotate)


if __name__ == "__main__":
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    settings(many, max_examples=number, derandomize=False)(
        given(file=files())(lambda file: check_reading(*file))
    )()
