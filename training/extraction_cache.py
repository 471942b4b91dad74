"""Extracts every row once: a folder keeps what took most of the time of a training.

A row is known by its text alone, and a folder by all that the numbers depend on (`fingerprint`): resources, quality
model, signals and n-gram spaces. What was extracted stays when rows are added, and after an interruption.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory

import joblib
import numpy as np
from joblib import Parallel, delayed

from mtscore.signals.columns import FEATURE_SET_VERSION, INPUT_NAMES
from mtscore.signals.quality import Quality
from mtscore.words.resources import LANGUAGE_MODEL_FILES, LEXICON_FILE, OPTIONAL_FILES
from training.dataset import Row
from training.extracted import LINE_SPACES, SPACES, Extracted, extract_rows, joined

CHUNK = 200
"""Rows that are extracted, and kept, together."""

_QUALITY = "quality.safetensors"


def fingerprint(folder: Path) -> str:
    """A digest of everything in the model folder and in the code's settings that an extraction depends on."""
    digest = hashlib.sha256(repr((FEATURE_SET_VERSION, INPUT_NAMES, SPACES, LINE_SPACES)).encode())
    for name in (*LANGUAGE_MODEL_FILES, LEXICON_FILE, *OPTIONAL_FILES, _QUALITY):
        if (folder / name).is_file():
            digest.update(hashlib.sha256((folder / name).read_bytes()).digest())
    return digest.hexdigest()[:16]


def key_of(row: Row) -> str:
    """What makes two rows the same extraction: their text."""
    return hashlib.sha256(row.text.encode("utf-8", "surrogatepass")).hexdigest()[:24]


def extract_all(
    rows: Sequence[Row], folder: Path, quality: Quality, jobs: int, cache: Path | None = None
) -> Extracted:
    """What is extracted of every row, in order; `quality` is that of the folder. `cache` is a folder of the user's
    own (its files are pickles)."""
    with TemporaryDirectory() if cache is None else nullcontext(cache) as place:
        store = Path(place) / fingerprint(folder)
        store.mkdir(parents=True, exist_ok=True)
        wanted = {key_of(row): row for row in rows}
        known = {key for path in _shards(store) for key in _keys(path)}
        missing = [row for key, row in wanted.items() if key not in known]
        chunks = [missing[i : i + CHUNK] for i in range(0, len(missing), CHUNK)]
        Parallel(jobs)(delayed(_extract_into)(store, chunk, folder, quality) for chunk in chunks)
        return _gathered(rows, store)


def _shards(store: Path) -> list[Path]:
    return sorted(store.glob("*.extracted"))


def _keys(shard: Path) -> list[str]:
    return shard.with_suffix(".keys").read_text(encoding="ascii").split()


def _extract_into(store: Path, rows: Sequence[Row], folder: Path, quality: Quality) -> None:
    """Extract one chunk and keep it; a shard is there when its second file is."""
    keys = [key_of(row) for row in rows]
    path = store / f"{keys[0]}.extracted"
    path.with_suffix(".keys").write_text("\n".join(keys), encoding="ascii")
    unfinished = path.with_suffix(f".{os.getpid()}")
    joblib.dump(extract_rows(rows, folder, quality), unfinished)
    unfinished.replace(path)


def _gathered(rows: Sequence[Row], store: Path) -> Extracted:
    """The extractions of the rows out of all shards."""
    wanted = {key_of(row) for row in rows}
    place: dict[str, int] = {}
    parts: list[Extracted] = []
    for shard in _shards(store):
        keys = _keys(shard)
        index = [i for i, key in enumerate(keys) if key in wanted and key not in place]
        place |= {keys[i]: len(place) + number for number, i in enumerate(index)}
        if index:
            parts.append(joblib.load(shard).rows(np.array(index)))
    order = np.array([place[key_of(row)] for row in rows], np.int64)
    found = joined(parts)
    return found if np.array_equal(order, np.arange(len(found.vectors))) else found.rows(order)
