"""Sentences with marked words: whose marks are whose."""

from __future__ import annotations

import json
import lzma
from pathlib import Path
from typing import Any

from training.reader.annotated import professional


def record(text: str, seg: str, rater: int, spans: list[list[Any]], **more: str) -> dict[str, Any]:
    """One rater's marks in a sentence."""
    return {
        "id": f"{seg}-{rater}", "text": text, "seg": seg, "rater": rater, "spans": spans, "source_lang": "de",
        "system": "toy", **more,
    }  # fmt: skip


def test_sentences_of_two_texts_with_one_number_keep_their_own_marks(tmp_path: Path) -> None:
    given = [
        record("The dew was short.", "1", 1, [[4, 7, "Grammar", "major"]]),
        record("It was torn.", "2", 1, []),
        record("Nobody saw the ship.", "1", 1, []),
        record("The dew was short.", "1", 2, [[12, 17, "Grammar", "critical"]]),
    ]
    path = tmp_path / "marked.jsonl.xz"
    path.write_bytes(lzma.compress("\n".join(map(json.dumps, given)).encode()))
    (text,) = professional(path, "toy")
    assert text.text == "The dew was short. It was torn. Nobody saw the ship."
    assert {text.text[span.start : span.end] for span in text.spans} == {"dew", "short"}


def test_sentences_of_a_named_document_come_in_its_order(tmp_path: Path) -> None:
    given = [record(f"Sentence {seg}.", seg, 1, [], doc="one") for seg in ("10", "2", "1")]
    path = tmp_path / "marked.jsonl.xz"
    path.write_bytes(lzma.compress("\n".join(map(json.dumps, given)).encode()))
    (text,) = professional(path, "toy")
    assert text.text == "Sentence 1. Sentence 2. Sentence 10."
