"""Folders that are damaged although their digests agree: refused in one sentence, or scored with finite numbers.

Digests detect what happens to a folder; whoever made it wrongly made its digests, too. Each file is damaged as its
structure allows: cut off, packed wrongly, with other types, shapes and numbers.
"""

from __future__ import annotations

import gzip
import io
import json
import math
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from model_folders import restate

from mtscore import ModelError, Scorer
from mtscore.arrays import tensors
from mtscore.model.folder import verify

TENSOR_FILES = {"classifier.safetensors": "classifier", "quality.safetensors": "quality"}
ODD = "Sat sat blorf cat sat sat and Zemblovitch said it in Lisbom. " * 8
ODD_VALUES: tuple[Any, ...] = (None, "x", [], {}, math.nan, math.inf, -1, 10**30, True, 1e308)


def survives(folder: Path) -> bool:
    """Whether the folder can be scored with. Raises for any exception but `ModelError`, and for a score that is no
    number."""
    try:
        verdict = Scorer.load(folder).score(ODD)
    except ModelError as refused:
        problem = str(refused)
        verdict = None
    if verdict is None:
        assert "\n" not in problem
        return False
    assert verdict.score is not None
    assert 0.0 <= verdict.score <= 1.0
    assert all(math.isfinite(value) for family in verdict.signals.values() for value in family.values())
    assert verdict.quality is None or math.isfinite(verdict.quality)
    return True


@pytest.fixture
def model(tiny_model: Path) -> Path:
    """A model folder with every kind of file."""
    (tiny_model / "words.txt.gz").write_bytes(gzip.compress(b"said\nand\nin\nit\n"))
    (tiny_model / "names.txt.gz").write_bytes(gzip.compress(b"zemblovitch\n"))
    write_pivots(tiny_model / "pivots.npz")
    restate(tiny_model)
    assert survives(tiny_model)
    return tiny_model


def write_pivots(path: Path, **changes: Any) -> None:
    """A dictionary in which "blorf" is German for "cat" and Swedish for "sat"."""
    tables: dict[str, Any] = {
        "foreign": np.frombuffer(b"blorf\nblorf", np.uint8),
        "language": np.array([0, 1], np.uint8),
        "languages": np.frombuffer(b"de\nsv", np.uint8),
        "english": np.frombuffer(b"cat\nsat", np.uint8),
        "links": np.array([0, 1], np.int32),
        "first": np.array([0, 1, 2], np.int32),
    }
    tables |= changes
    np.savez(path, **{name: table for name, table in tables.items() if table is not None})


FILES = ("backward.bin", "forward.bin", "lexicon.tsv.gz", "names.txt.gz", "pivots.npz", "syntax.bin",
         "words.txt.gz", *TENSOR_FILES)  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_cut_off_or_something_else(model: Path, name: str) -> None:
    data = (model / name).read_bytes()
    cuts = [data[: len(data) * part // 8] for part in range(8)]
    others = [
        b"\x00" * 64,
        b"\xff" * 64,
        b"\x1f\x8b\x08\x00",
        b"PK\x03\x04" + b"\x00" * 40,
        b"{}",
        data[::-1],
    ]
    for other in (*cuts, *others, gzip.compress(data), gzip.compress(b"\xff\xfe\x00a\n")):
        (model / name).write_bytes(other)
        restate(model)
        survives(model)
    (model / name).write_bytes(data[: len(data) // 2])
    restate(model)
    if not name.endswith((".txt.gz", "backward.bin", "forward.bin", "syntax.bin")):
        assert not survives(model)


@pytest.mark.parametrize(
    "table",
    [
        "", "\n", "the\n", "the\t1\n", "the\tx\tthe\n", "the\t0\tthe\n", "the\t-5\tthe\n", "the\t1\ta b\n",
        "the\t1\tthe\tmore\n", "the\t1\t \n", f"the\t{'9' * 400}\tthe\n", f"the\t{'9' * 5000}\tthe\n",
    ],
)  # fmt: skip
def test_a_word_table_of_another_form(model: Path, table: str) -> None:
    (model / "lexicon.tsv.gz").write_bytes(gzip.compress(table.encode()))
    restate(model)
    assert not survives(model)


def test_lists_of_other_words_are_no_damage(model: Path) -> None:
    for name in ("words.txt.gz", "names.txt.gz"):
        for content in ("", "Paris\nÉté\n", "a" * 5000, "\x00\n\u2028\n", "two words\n"):
            (model / name).write_bytes(gzip.compress(content.encode()))
            restate(model)
            assert survives(model)


def arrays_of_another_form(array: np.ndarray[Any, Any]) -> Iterator[np.ndarray[Any, Any]]:
    """The array with other types, shapes and numbers."""
    yield array.astype(np.float32 if array.dtype != np.float32 else np.float64)
    yield array.astype(np.int8)
    yield array[:-1]
    yield array[:0]
    yield array.ravel()[:1].reshape(())
    yield array[None]
    yield np.full_like(array, -1)
    yield np.zeros_like(array)
    yield np.full_like(
        array, np.iinfo(array.dtype).max if array.dtype.kind == "i" else np.finfo(array.dtype).max
    )
    if array.dtype.kind == "f":
        yield np.full_like(array, np.nan)
        yield np.full_like(array, np.inf)


@pytest.mark.parametrize("name", TENSOR_FILES)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_arrays_of_another_form(model: Path, name: str) -> None:
    arrays, values = tensors.parse((model / name).read_bytes(), TENSOR_FILES[name])
    for field, array in arrays.items():
        others = {key: kept for key, kept in arrays.items() if key != field}
        for other in (None, *arrays_of_another_form(array)):
            changed = others if other is None else others | {field: other}
            tensors.save(model / name, changed, TENSOR_FILES[name], values)
            restate(model)
            survives(model)
        if array.dtype.kind == "f":
            tensors.save(
                model / name, others | {field: np.full_like(array, np.nan)}, TENSOR_FILES[name], values
            )
            restate(model)
            assert not survives(model)


def changed_values(values: Any) -> Iterator[Any]:
    """JSON values with one of them, anywhere, exchanged for each of `ODD_VALUES`, or left out."""
    yield from ODD_VALUES
    if isinstance(values, dict):
        for key, value in values.items():
            yield {k: v for k, v in values.items() if k != key}
            for other in changed_values(value):
                yield values | {key: other}
    if isinstance(values, list) and values:
        yield values[1:]
        yield [*values, values[0]]
        for other in changed_values(values[0]):
            yield [other, *values[1:]]


@pytest.mark.parametrize("name", TENSOR_FILES)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_headers_of_another_form(model: Path, name: str) -> None:
    arrays, values = tensors.parse((model / name).read_bytes(), TENSOR_FILES[name])
    for other in changed_values(values):
        tensors.save(model / name, arrays, TENSOR_FILES[name], other)
        restate(model)
        survives(model)


@pytest.mark.parametrize(
    "changes",
    [
        {"foreign": None}, {"links": np.array([0, 9], np.int32)}, {"links": np.array([0, -1], np.int32)},
        {"links": np.array([0.0, 1.0])}, {"links": np.array([0], np.int32)}, {"first": np.array([0, 2], np.int32)},
        {"first": np.array([2, 1, 0], np.int32)}, {"first": np.array([0, 5, 2], np.int32)},
        {"language": np.array([0, 7], np.uint8)}, {"language": np.array([[0, 1]], np.uint8)},
        {"english": np.frombuffer(b"\xff\xfe\nsat", np.uint8)}, {"english": np.array(["cat", "sat"])},
        {"languages": np.array([], np.uint8)}, {"foreign": np.array(b"blorf")},
        {"foreign": np.array([{"a": 1}], object)},
    ],
    ids=str,
)  # fmt: skip
def test_dictionaries_of_another_form(model: Path, changes: dict[str, Any]) -> None:
    write_pivots(model / "pivots.npz", **changes)
    restate(model)
    assert not survives(model)


def test_a_number_that_is_none_is_no_score(model: Path) -> None:
    """A language model of the right form with a probability that is no number."""
    arpa = (model / "forward.bin").read_text(encoding="utf-8").replace("-1.5\tcat", "nan\tcat")
    (model / "forward.bin").write_text(arpa, encoding="utf-8")
    restate(model)
    survives(model)


@pytest.mark.parametrize(
    "key", ["prior", "thresholds", "threshold_fpr", "name", "signals", "files", "format"]
)
def test_manifests_of_another_form(model: Path, key: str) -> None:
    whole = json.loads((model / "manifest.json").read_text(encoding="utf-8"))
    for other in changed_values(whole.get(key, {"garbled": 0.01})):
        (model / "manifest.json").write_text(json.dumps(whole | {key: other}), encoding="utf-8")
        assert survives(model) == (not verify(model))


def test_nan_thresholds_are_refused(model: Path) -> None:
    restate(model, thresholds={"garbled": math.nan, "suspect": 0.3})
    with pytest.raises(ModelError, match="no thresholds between 0 and 1"):
        Scorer.load(model)


def test_an_archive_in_an_archive(model: Path) -> None:
    """A NumPy archive whose member is none."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("foreign.npy", b"not an array")
    (model / "pivots.npz").write_bytes(buffer.getvalue())
    restate(model)
    assert not survives(model)
