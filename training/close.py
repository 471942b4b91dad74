"""Fits the close classifier of the shipped model and puts it into the reader's folder.

    python -m training.close --model models/en --ids ids.json --numbers models/reader/base_features.npz \\
        --reader models/reader/mtscore_reader/data --data DATA

`ids.json` names the examples of the model's base features, in order; `training.build_model --ids` writes it. The
numbers are what two readers said of the windows of documents that they had not been trained on.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import lzma
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import Ridge

from mtscore.arrays.quantile import weighted_quantiles
from mtscore.learning import train
from mtscore.learning.close import AUTO, FLUENT, fit_close, write_close
from mtscore.learning.model_writer import load_out_of_fold
from mtscore.learning.retrain import base_of
from mtscore.model.base_features import BaseFeatures
from mtscore.model.close import CLOSE_FILES
from mtscore.model.folder import ModelFolder
from mtscore.reading.quality import CLIP, CloseQuality
from mtscore.reading.sense import LONGEST, SENSE_NAMES

RATING_PENALTY = 50.0
"""The ridge penalty of the model of ratings."""

KNOTS = ((1, 0.05, 5.0), (1, 0.5, 40.0), (0, 0.03, 70.0), (0, 0.2, 84.0), (0, 0.5, 92.0), (0, 0.95, 99.0))
"""What quality the garbled text (1) and people's text (0) have that is rated better than this share of them."""

PREFIXES = ("", "human_web/", "wild/", "wild_human/", "trans/", "original/", "set/")
"""What stands before an example's name among the reader's documents."""
RENAMED = (("human/", ("wild_human/",)), ("made/", ("trans/", "original/")))
"""Beginnings of an example's name, and what the reader's documents have instead."""

Floats = npt.NDArray[np.float64]


def places(ids: Sequence[str], known: Sequence[str]) -> npt.NDArray[np.int64]:
    """For each example the number of its document among those that were read, or -1."""
    at = {name: number for number, name in enumerate(known)}
    return np.array([next((at[n] for n in _names(id) if n in at), -1) for id in ids], np.int64)


def _names(id: str) -> list[str]:
    names = [prefix + id for prefix in PREFIXES]
    for beginning, others in RENAMED:
        if id.startswith(beginning):
            names += [other + id[len(beginning) :] for other in others]
    return names


def sense_of_windows(
    document: npt.NDArray[np.integer], tokens: npt.NDArray[np.integer], rows: Floats, columns: Sequence[str]
) -> Floats:
    """The signals of `SENSE_NAMES` for each document, from the numbers of its windows; NaN for one without windows.

    The windows of a document are at most `sense.QUARTERS`, so that the worst quarter is the worst window.
    """
    size = int(document.max()) + 1
    weights = tokens.astype(np.float64)
    column = {name: rows[:, place] for place, name in enumerate(columns)}

    def mean(values: Floats, weights: Floats = weights) -> Floats:
        total = np.bincount(document, weights, size)
        found: Floats = np.bincount(document, values * weights, size) / np.where(total > 0, total, 1.0)
        return found

    def most(values: Floats) -> Floats:
        found = np.full(size, -np.inf)
        np.maximum.at(found, document, values)
        return found

    known = column["known_tokens"]
    signals = {
        "reader_garbled": mean(column["garbled"]),
        "reader_garbled_quarter": most(column["garbled"]),
        "reader_machine": mean(column["machine"]),
        "reader_non_native": mean(column["non_native"]),
        "reader_llm": mean(column["llm"]),
        "wrong_word_mean": mean(column["known_mean"], known),
        "wrong_word_share": mean(column["known_over_0.5"], known),
        "wrongest_words": mean(column["known_top_3"]),
        "wrongest_words_quarter": most(column["known_top_3"]),
        "reader_quality": mean(column["quality_mean"]),
        "reader_length": np.log1p(np.minimum(np.bincount(document, weights, size), LONGEST)),
    }
    found = np.stack([signals[name] for name in SENSE_NAMES], axis=1)
    found[np.bincount(document, minlength=size) == 0] = np.nan
    return found


def sense_of(ids: Sequence[str], numbers: Mapping[str, npt.NDArray[Any]]) -> Floats:
    """The signals of the examples of these names; NaN for those that were not read."""
    known = bytes(numbers["ids"]).decode().split("\n")
    found = sense_of_windows(
        numbers["document"],
        numbers["tokens"],
        numbers["rows"].astype(np.float64),
        numbers["columns"].tolist(),
    )
    found = np.concatenate([found, np.full((max(0, len(known) - len(found)) + 1, found.shape[1]), np.nan)])
    where = places(ids, known)
    out: Floats = found[np.where(where >= 0, where, len(found) - 1)]
    return out


def rated_documents(data: Path) -> dict[str, float]:
    """The ratings of translated documents, by their names: deviations from what each rater gives."""
    with lzma.open(data / "train" / "wmt22.jsonl.xz", "rt", encoding="utf-8") as lines:
        records = map(json.loads, lines)
        return {r["id"]: float(r["quality"]) for r in records if r.get("quality") is not None}


def fit_quality(
    ratings: Mapping[str, float], numbers: Mapping[str, npt.NDArray[Any]], base: BaseFeatures, sense: Floats
) -> CloseQuality:
    """A linear model of ratings, and a map on which people's text and garbled text of the base lie where `KNOTS` says,
    every register weighing the same."""
    rows, given = sense_of(list(ratings), numbers), np.array(list(ratings.values()))
    is_read = np.isfinite(rows).all(axis=1)
    rows, given = rows[is_read], given[is_read]
    mean, scale = rows.mean(axis=0), rows.std(axis=0) + 1e-6
    scaled = np.clip((rows - mean) / scale, -CLIP, CLIP)
    weights = Ridge(RATING_PENALTY).fit(scaled, given).coef_
    plain = CloseQuality(tuple(mean.tolist()), tuple(scale.tolist()), tuple(weights.tolist()), ())
    read = np.flatnonzero(np.isfinite(sense).all(axis=1))
    predicted, part = plain.ratings(sense[read]), base.rows(read)
    shares, knots = train.register_weights(part), []
    for label, quantile, quality in KNOTS:
        side = (part.label == label) & (np.array(part.register) != FLUENT)
        (place,) = weighted_quantiles(predicted[side], shares[side], (quantile,))
        knots.append((float(place), quality))
    return replace(plain, knots=tuple(knots))


def add_to_manifest(reader: Path) -> None:
    """Write the digests of the close classifier's files into the manifest of the reader's folder."""
    path = reader / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest["files"] |= {n: hashlib.sha256((reader / n).read_bytes()).hexdigest() for n in CLOSE_FILES}
    path.write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8", newline="\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    for name in ("model", "ids", "numbers", "reader"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True, help="the folder with train/wmt22.jsonl.xz")
    parser.add_argument("--auto", type=float, nargs=2, default=AUTO, metavar=("LOW", "HIGH"))
    parser.add_argument("--jobs", type=int, default=1)
    given = parser.parse_args()
    folder = ModelFolder.load(given.model)
    base = base_of(folder)
    quick = load_out_of_fold(folder, len(base))
    ids = json.loads(given.ids.read_text(encoding="utf-8"))
    if quick is None or len(ids) != len(base):
        parser.error(f"{given.ids} does not name the {len(base)} examples of {given.model}")
    with np.load(given.numbers) as numbers:
        sense = sense_of(ids, numbers)
    digest = str(json.loads((given.reader / "manifest.json").read_bytes())["digest"])
    close = fit_close(base, quick, sense, digest, jobs=given.jobs)
    with np.load(given.numbers) as numbers:
        quality = fit_quality(rated_documents(given.data), numbers, base, sense)
    write_close(given.reader, close, quality, model=folder.digest, auto=tuple(given.auto))
    add_to_manifest(given.reader)
    print(f"{int(close.is_read.sum())} of {len(base)} examples were read; held out: {close.held_out}")


if __name__ == "__main__":
    main()
