"""What is extracted of rows, once."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mtscore.model.folder import default_model_path
from mtscore.signals import quality as qualities
from training import extraction_cache
from training.dataset import Row
from training.extracted import LINE_SPACES, SPACES, extract_rows
from training.extraction_cache import extract_all

MODEL = Path(default_model_path())
TEXTS = (
    "The ferry left at nine in the morning. It was late, as ever.",
    "Nobody on the pier had minded the rain, and the tea was hot.",
    "",
    "A council met. A council left. A council came back to the bridge.",
)


def rows() -> list[Row]:
    return [Row(str(n), text, 0, "toy", "toy", "toy", str(n)) for n, text in enumerate(TEXTS)]


def test_rows_in_any_order_have_their_own_sentences() -> None:
    found = extract_rows(rows(), MODEL, qualities.load(MODEL / "quality.safetensors"))
    index = np.array([3, 0, 3, 2])
    chosen = found.rows(index)
    assert np.array_equal(chosen.vectors, found.vectors[index])
    assert chosen.owner.tolist() == [0, 0, 0, 1, 1, 2, 2, 2]
    for name in LINE_SPACES:
        mine = found.sentences[name][found.owner == 3].toarray()
        assert np.array_equal(chosen.sentences[name][chosen.owner == 2].toarray(), mine)
    for name in SPACES:
        assert np.array_equal(chosen.ngrams[name][1].toarray(), found.ngrams[name][0].toarray())


def test_a_text_is_extracted_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    quality = qualities.load(MODEL / "quality.safetensors")
    first = extract_all(rows()[:3], MODEL, quality, 1, tmp_path)
    seen: list[str] = []

    def spy(chunk: list[Row], *rest: object) -> object:
        seen.extend(row.id for row in chunk)
        return extract_rows(chunk, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(extraction_cache, "extract_rows", spy)
    again = extract_all(rows()[::-1], MODEL, quality, 1, tmp_path)
    assert seen == ["3"]
    assert np.array_equal(again.vectors[1:], first.vectors[::-1])
    assert np.array_equal(again.tokens[again.owner == 2], first.tokens[first.owner == 1])


def test_another_model_has_another_cache(tmp_path: Path) -> None:
    (tmp_path / "lexicon.tsv.gz").write_bytes(b"one")
    one = extraction_cache.fingerprint(tmp_path)
    (tmp_path / "lexicon.tsv.gz").write_bytes(b"other")
    assert extraction_cache.fingerprint(tmp_path) != one
