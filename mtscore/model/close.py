"""The close classifier: the signals of the close reading, beside what the quick classifier says, to a log-odds.

It is a classifier like the other, whose columns are the quick classifier's log-odds and the signals of `reading.sense`,
beside the strength of the findings. It belongs to one reader and to one model folder: that folder holds it, or the
reader's own folder does. It is put on the quick classifier's scale: the two thresholds of either are the same there.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from mtscore.arrays.tensors import finite
from mtscore.errors import ModelError
from mtscore.model import classifier as classifiers
from mtscore.model.classifier import Classifier
from mtscore.model.folder import ModelFolder
from mtscore.reading.quality import CloseQuality, quality_of
from mtscore.reading.sense import SENSE_NAMES

FORMAT = 1
CLOSE_FILE = "close.json"
CLASSIFIER_FILE = "close_classifier.safetensors"
SENSE_FILE = "sense_features.safetensors"
CLOSE_FILES = (CLOSE_FILE, CLASSIFIER_FILE, SENSE_FILE)
"""What a folder holds for close reading: the facts, the classifier, and the signals of the base's examples."""

QUICK = "quick_log_odds"
COLUMNS = (QUICK, *SENSE_NAMES)
"""The columns of a row."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class CloseModel:
    """A close classifier. `garbled` and `suspect` are its thresholds as log-odds at equal priors, `reader` is the
    digest of the reader's weights that it was fitted with, `model` that of the manifest of its model folder (empty: the
    folder that it lies in). An automatic reading is a close one where the quick log-odds, less the quick threshold of
    `garbled`, lie between the two numbers of `auto`."""

    classifier: Classifier
    garbled: float
    suspect: float
    reader: str
    model: str
    auto: tuple[float, float]
    quality: CloseQuality
    facts: Mapping[str, Any]

    def log_odds(self, quick: float, sense: Floats, strength: float) -> float:
        """Calibrated log-odds at equal priors, on the scale of the close classifier itself."""
        row = np.array([[quick, *sense]], np.float64)
        return float(self.classifier.log_odds(row, np.array([strength]))[0])

    def on_scale_of(self, folder: ModelFolder, log_odds: float) -> float:
        """Log-odds of the close classifier on the scale of the folder's quick one: both thresholds come to the quick
        ones, beyond them a nat stays a nat, and between them the map is linear."""
        garbled, suspect = folder.threshold("garbled"), folder.threshold("suspect")
        if log_odds >= self.garbled:
            return garbled + log_odds - self.garbled
        if log_odds <= self.suspect:
            return suspect + log_odds - self.suspect
        slope = (garbled - suspect) / (self.garbled - self.suspect)
        return garbled + slope * (log_odds - self.garbled)


def close_model_of(folder: ModelFolder, reader: Path, reader_digest: str) -> CloseModel:
    """The close classifier for a model folder and the installed reader, whose folder is `reader`. Raises `ModelError`
    where there is none for both."""
    if CLOSE_FILE in folder.manifest["files"]:
        found = parse(folder.read(CLOSE_FILE), folder.read(CLASSIFIER_FILE), str(folder.path))
        if found.reader == reader_digest:
            return found
        raise ModelError(
            f"the model in {folder.path} was trained with another reader than the installed one; train it again"
        )
    found = parse(shipped_file(reader, CLOSE_FILE), shipped_file(reader, CLASSIFIER_FILE), str(reader))
    if found.reader != reader_digest:
        raise ModelError(
            f"the close classifier in {reader} belongs to another reader; install the reader again"
        )
    if found.model != folder.digest:
        raise ModelError(
            f"the model in {folder.path} cannot be used for close reading: it was trained without the installed "
            "reader; train it again with it, or read quickly (--reading quick)"
        )
    return found


def can_be_read_closely(folder: ModelFolder, reader: Path) -> bool:
    """Whether there is a close classifier for a model folder and the reader whose folder is `reader`."""
    try:
        digest = json.loads((reader / "manifest.json").read_bytes())["digest"]
        close_model_of(folder, reader, str(digest))
    except (OSError, ValueError, KeyError, TypeError, ModelError):
        return False
    return True


def shipped_file(reader: Path, name: str) -> bytes:
    """A file of the close classifier in the reader's folder. Raises `ModelError`."""
    try:
        wanted = json.loads((reader / "manifest.json").read_bytes())["files"][name]
        data = (reader / name).read_bytes()
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(
            f"the reader in {reader} has no close classifier ({error!r}); install it again"
        ) from error
    if hashlib.sha256(data).hexdigest() != wanted:
        raise ModelError(
            f"{reader / name} is damaged: its digest is not the manifest's; install the reader again"
        )
    return data


def parse(facts: bytes, classifier: bytes, where: str) -> CloseModel:
    """A close classifier from the bytes of its two files. Raises `ModelError` when they are of another form."""
    try:
        stated = json.loads(facts)
        if stated["format"] != FORMAT or tuple(stated["columns"]) != COLUMNS:
            raise ValueError("it was trained on other signals than this version of mtscore computes")
        found = CloseModel(
            classifier=classifiers.parse(classifier, f"the close classifier in {where}"),
            garbled=finite(stated["garbled"], "garbled"),
            suspect=finite(stated["suspect"], "suspect"),
            reader=str(stated["reader"]),
            model=str(stated["model"]),
            auto=(finite(stated["auto"][0], "auto"), finite(stated["auto"][1], "auto")),
            quality=quality_of(stated["quality"]),
            facts=stated,
        )
    except (ValueError, KeyError, IndexError, TypeError, RecursionError) as error:
        raise ModelError(f"the close classifier in {where} cannot be used: {error}") from error
    if found.classifier.input_names != COLUMNS or found.garbled <= found.suspect:
        raise ModelError(
            f"the close classifier in {where} does not fit its own description; install it again"
        )
    return found
