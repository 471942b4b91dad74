"""The reader's distribution as it ships: files as their manifest says, and what it says of two texts of our own."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "models" / "reader"))

from mtscore_reader import Reader, Reading  # noqa: E402
from mtscore_reader.files import DATA, verified  # noqa: E402

MAX_FILE = 48 << 20
GARBLED, CLEAN = (
    (ROOT / "examples" / f"{name}.txt").read_text(encoding="utf-8") for name in ("garbled", "clean")
)


@pytest.fixture(scope="module")
def reader() -> Reader:
    pytest.importorskip("onnxruntime")
    pytest.importorskip("tokenizers")
    return Reader.load()


def log_odds(reading: Reading) -> float:
    """Mean log-odds of *garbled* over the windows, weighted by their tokens."""
    sizes = [window.last - window.first for window in reading.windows]
    values = [window.log_odds["garbled"] for window in reading.windows]
    return sum(n * value for n, value in zip(sizes, values, strict=True)) / sum(sizes)


def test_the_files_are_those_of_the_manifest() -> None:
    manifest = verified()
    assert {path.name for path in DATA.iterdir()} == {*manifest["files"], "manifest.json"}
    assert all(path.stat().st_size <= MAX_FILE for path in DATA.iterdir())


def test_a_garbled_article_is_told_from_the_clean_one(reader: Reader) -> None:
    assert log_odds(reader.read(GARBLED)) > 1.0
    assert log_odds(reader.read(CLEAN)) < -2.0


def test_its_strongest_words_are_wrong_senses(reader: Reader) -> None:
    found = sorted(reader.read(GARBLED).tokens, key=lambda token: -token.wrong)[:60]
    assert {"violated", "painted", "occupation"} <= {GARBLED[t.start : t.end] for t in found}


def test_a_text_is_read_the_same_with_any_number_of_threads(reader: Reader) -> None:
    assert Reader.load(threads=2).read(CLEAN) == reader.read(CLEAN)


def test_odd_texts_are_read(reader: Reader) -> None:
    for text in ("", " \n", "\ud800 a", "a" * 5000, "🙂 " * 300):
        for token in reader.read(text).tokens:
            assert 0 <= token.start <= token.end <= len(text)
            assert 0.0 <= token.wrong <= 1.0
