"""The close classifier, fitted: what the quick one says out of fold, and the signals of the close reading.

The examples are those of the quick classifier that were also read. A reader's numbers of a text that it was trained on
say nothing, so those of the base come from readers that were trained without it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from mtscore.arrays.quantile import weighted_quantiles
from mtscore.arrays.tensors import check
from mtscore.errors import ModelError
from mtscore.learning import train
from mtscore.model import classifier as classifiers
from mtscore.model.base_features import BaseFeatures
from mtscore.model.close import (
    CLASSIFIER_FILE,
    CLOSE_FILE,
    COLUMNS,
    FORMAT,
    SENSE_FILE,
    CloseModel,
    shipped_file,
)
from mtscore.model.folder import ModelFolder
from mtscore.reading.quality import CloseQuality
from mtscore.reading.reader import is_installed, reader_folder
from mtscore.reading.sense import SENSE_NAMES

if TYPE_CHECKING:
    from mtscore.learning.label_features import TextFeatures

Floats = npt.NDArray[np.float64]

FLUENT = "fluent_mt"
"""The register of fluent machine translation."""

FLUENT_WEIGHT = 30.0
"""How much more an example of it counts: it is what the reader takes for garbled most easily."""

FLUENT_FPR = 0.04
"""At most so much of it may be over the threshold of `garbled`."""

LEAST_GAP = 0.1
"""Nats that the thresholds of `garbled` and `suspect` are apart at least."""

SETTINGS = train.Settings(trees=120, units=24, epochs=6)
"""A dozen columns need no more."""

AUTO = (-2.0, 3.0)
"""The limits of an automatic reading (see `CloseModel.auto`), chosen on the curve of docs/research/close.md: an eighth
of a crawl is read closely, and 96 % of what a close reading finds is found."""


@dataclass(frozen=True, slots=True)
class CloseFit:
    """A close classifier with its thresholds, and the signals of the close reading for every example of the base
    (rows without a number were not read)."""

    fit: train.Fit
    is_read: npt.NDArray[np.bool_]
    sense: npt.NDArray[np.float16]
    held_out: dict[str, float]
    reader: str
    """The digest of the weights that read the examples."""


@dataclass(frozen=True, slots=True)
class Read:
    """What a close reading said of examples: the close `model` that judged them, and a row of `SENSE_NAMES` for each,
    NaN where it was not read."""

    model: CloseModel
    sense: Floats


def close_examples(base: BaseFeatures, quick: Floats, sense: npt.NDArray[np.floating]) -> BaseFeatures:
    """The examples of the base that were read, with the columns of a close classifier; `quick` are the quick
    classifier's log-odds of each out of fold."""
    (read,) = np.isfinite(sense).all(axis=1).nonzero()
    matrix = np.concatenate([quick[read, None], sense[read]], axis=1).astype(np.float16)
    examples = replace(base.rows(read), names=COLUMNS, matrix=matrix)
    is_fluent = np.array(examples.register) == FLUENT
    return replace(examples, weight=np.where(is_fluent, examples.weight * FLUENT_WEIGHT, examples.weight))


def fit_close(
    base: BaseFeatures,
    quick: Floats,
    sense: npt.NDArray[np.floating],
    reader: str,
    *,
    jobs: int = 1,
    folds: int = train.FOLDS,
    settings: train.Settings = SETTINGS,
) -> CloseFit:
    """Fit a close classifier. Its threshold of `garbled` is passed by at most 1 % of people's text, every register
    weighing the same, and by at most `FLUENT_FPR` of fluent machine translation."""
    examples = close_examples(base, quick, sense)
    fit = train.fit(examples, (), jobs=jobs, folds=folds, settings=settings)
    register, human = np.array(examples.register), examples.label == 0
    fluent = human & (register == FLUENT)
    people = human & ~fluent
    weights = train.register_weights(examples)[people]
    garbled, suspect = weighted_quantiles(
        fit.out_of_fold[people], weights, (1 - train.GARBLED_FPR, 1 - train.SUSPECT_FPR)
    )
    if fluent.any():
        garbled = max(garbled, float(np.quantile(fit.out_of_fold[fluent], 1 - FLUENT_FPR)))
    found = replace(fit, garbled=float(garbled), suspect=min(float(suspect), float(garbled) - LEAST_GAP))
    is_read = np.isfinite(sense).all(axis=1)
    return CloseFit(found, is_read, sense.astype(np.float16), _held_out(examples, found), reader)


def _held_out(examples: BaseFeatures, fit: train.Fit) -> dict[str, float]:
    from sklearn.metrics import roc_auc_score

    fluent = np.array(examples.register) == FLUENT
    people, garbled = (examples.label == 0) & ~fluent, (examples.label == 1) & (examples.weight >= 1.0)
    judged = people | garbled
    passed = fit.out_of_fold > fit.garbled
    metrics = {"found": passed[garbled], "people_flagged": passed[people], "fluent_flagged": passed[fluent]}
    shares = {name: round(float(part.mean()), 4) for name, part in metrics.items() if len(part)}
    if garbled.any() and people.any():
        shares["auroc"] = round(float(roc_auc_score(examples.label[judged], fit.out_of_fold[judged])), 4)
    return shares


def write_close(
    folder: Path,
    close: CloseFit,
    quality: CloseQuality,
    *,
    model: str = "",
    auto: tuple[float, float] = AUTO,
) -> None:
    """Write the three files of `CLOSE_FILES`; `model` is the digest that `CloseModel` tells of."""
    from safetensors.numpy import save_file

    classifiers.save(close.fit.classifier, folder / CLASSIFIER_FILE)
    sense = np.where(close.is_read[:, None], close.sense, 0).astype(np.float16)
    save_file({"is_read": close.is_read.astype(np.uint8), "sense": sense}, folder / SENSE_FILE)
    facts: dict[str, Any] = {
        "format": FORMAT,
        "columns": list(COLUMNS),
        "garbled": close.fit.garbled,
        "suspect": close.fit.suspect,
        "auto": list(auto),
        "reader": close.reader,
        "model": model,
        "examples": int(close.is_read.sum()),
        "held_out": close.held_out,
        "quality": quality.stated(),
    }
    for name in (CLASSIFIER_FILE, SENSE_FILE):
        (folder / name).chmod(0o644)
    text = json.dumps(facts, indent=1) + "\n"
    (folder / CLOSE_FILE).write_text(text, encoding="utf-8", newline="\n")


def parse_sense(data: bytes, examples: int, where: str) -> Floats:
    """The signals of a base's examples, NaN for those that were not read. Raises `ModelError` when they are not those
    of so many."""
    from safetensors import SafetensorError
    from safetensors.numpy import load

    try:
        tensors = load(data)
        sense = check(tensors, "sense", np.float16, (examples, len(SENSE_NAMES))).astype(np.float64)
        is_read = check(tensors, "is_read", np.uint8, (examples,)) > 0
    except (SafetensorError, ValueError, KeyError) as error:
        raise ModelError(f"{where} does not fit the base features: {error}; install it again") from error
    sense[~is_read] = np.nan
    return sense


def base_sense(folder: ModelFolder, examples: int) -> Floats | None:
    """The signals of the close reading of a model's base, from its folder or the installed reader's; None where neither
    has them. Raises `ModelError` when they are damaged."""
    if SENSE_FILE in folder.manifest["files"]:
        return parse_sense(folder.read(SENSE_FILE), examples, str(folder.path / SENSE_FILE))
    if not is_installed():
        return None
    data = shipped_file(reader_folder(), SENSE_FILE)
    return parse_sense(data, examples, str(reader_folder() / SENSE_FILE))


def read_of_labels(features: Sequence[TextFeatures], model: CloseModel | None) -> Read | None:
    """What the close reading said of labelled texts; None where they were read quickly."""
    if model is None:
        return None
    missing = np.full(len(SENSE_NAMES), np.nan)
    return Read(model, np.stack([missing if text.sense is None else text.sense for text in features]))
