"""The model folder, written: classifier, card and manifest from base features.

`mtscore train` and `training/` both end here, so that the shipped model is a product of the same code.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from mtscore.arrays.odds import sigmoid
from mtscore.arrays.tensors import check
from mtscore.errors import ModelError
from mtscore.learning import train
from mtscore.learning.close import CloseFit, write_close
from mtscore.learning.evaluation import Scored, balance, calibration_error
from mtscore.learning.model_card import write_card
from mtscore.model import base_features as bases
from mtscore.model import classifier as classifiers
from mtscore.model.base_features import BaseFeatures
from mtscore.model.classifier import Contrast, column_names
from mtscore.model.close import CLOSE_FILES, CloseModel
from mtscore.model.contents import FORMAT, MANIFEST
from mtscore.model.folder import ModelFolder
from mtscore.signals.columns import FEATURE_SET_VERSION, SIGNAL_NAMES

OUT_OF_FOLD = "out_of_fold.safetensors"
"""What the model's own cross-validation said of the base's examples: a retrained model is compared with it."""

REFITTED = ("classifier.safetensors", bases.FILE, OUT_OF_FOLD, "CARD.md", *CLOSE_FILES)
"""The files that `write_fitted` writes, besides the manifest; a retrained model takes the others over."""

MIN_RELIABLE = 30
"""Texts of either class from which on a register's calibration error is stated."""


def held_out_metrics(base: BaseFeatures, fit: train.Fit) -> dict[str, Any]:
    """Out-of-fold AUROC, share of garbled found at the threshold, false positives per register, and calibration
    error (mean distance of predicted probability and share of garbled texts, classes counting the same) overall and
    in the registers that have both classes."""
    from sklearn.metrics import roc_auc_score

    sure = base.weight >= 1.0
    found = fit.out_of_fold > fit.garbled
    weights = train.register_weights(base)
    registers = np.array(base.register)
    human = base.label == 0
    metrics: dict[str, Any] = {
        "what": "out of fold over components, registers weighted equally; same sources, so optimistic",
        "auroc": round(
            float(roc_auc_score(base.label[sure], fit.out_of_fold[sure], sample_weight=weights[sure])), 4
        ),
        "tpr_at_garbled": round(float(np.average(found[sure & ~human], weights=weights[sure & ~human])), 4),
        "fpr_per_register": {},
        "rows": {"garbled": int((~human).sum()), "not_garbled": int(human.sum())},
    }
    for register in sorted(set(registers[human])):
        inside = human & (registers == register)
        metrics["fpr_per_register"][register] = {
            "fpr": round(float(found[inside].mean()), 4),
            "n": int(inside.sum()),
        }
    metrics["calibration_error"] = _calibration_errors(base, fit)
    return metrics


def _calibration_errors(base: BaseFeatures, fit: train.Fit) -> dict[str, float]:
    """The calibration error of "all" rows with a sure label, registers weighted equally, and of each register with
    at least `MIN_RELIABLE` of both classes."""
    sure, weights = base.weight >= 1.0, train.register_weights(base)
    registers = np.array(base.register)
    parts = {"all": sure} | {name: sure & (registers == name) for name in sorted(set(registers[sure]))}
    errors = {}
    for name, inside in parts.items():
        label = base.label[inside]
        if min(label.sum(), len(label) - label.sum()) < MIN_RELIABLE:
            continue
        share = balance(label, weights[inside])
        scored = Scored(
            label,
            fit.out_of_fold[inside],
            fit.garbled,
            base.component[inside],
            tuple(registers[inside]),
            share,
        )
        errors[name] = round(calibration_error(scored, share), 4)
    return errors


@dataclass(frozen=True, slots=True)
class Origin:
    """What a model was made from, for its manifest and its card."""

    corpora: Sequence[Mapping[str, str]]
    """Each with `name`, `used_for` and `licence`."""
    name: str = "en"
    notes: str = ""
    """Sections of the card (Markdown) that hold of this very model."""
    history: Mapping[str, Any] | None = None
    """Of a retrained model, the account of its retraining."""


def finish(
    folder: Path,
    base: BaseFeatures,
    contrasts: Sequence[Contrast],
    origin: Origin,
    *,
    jobs: int = 1,
    settings: train.Settings = train.SETTINGS,
) -> None:
    """From base features to the complete folder; it must hold everything but `REFITTED` already."""
    write_fitted(folder, base, train.fit(base, contrasts, jobs=jobs, settings=settings), origin)


def write_fitted(
    folder: Path,
    base: BaseFeatures,
    fitted: train.Fit,
    origin: Origin,
    close: tuple[CloseFit, CloseModel] | None = None,
) -> None:
    """Base features, classifier, out-of-fold numbers, card and manifest of a model that was fitted on `base`, and the
    close classifier, if there is one, with what it takes over from the one before."""
    if close is not None:
        fit, before = close
        write_close(folder, fit, before.quality, auto=before.auto)
    bases.save(base, folder / bases.FILE)
    classifiers.save(fitted.classifier, folder / "classifier.safetensors")
    save_out_of_fold(fitted.out_of_fold, folder / OUT_OF_FOLD)
    manifest = _manifest(fitted, held_out_metrics(base, fitted), origin)
    write_card(folder / "CARD.md", manifest, origin.notes)
    for path in folder.iterdir():
        path.chmod(0o644)
    manifest["files"] = digests(folder)
    text = json.dumps(manifest, indent=1, ensure_ascii=False, sort_keys=False) + "\n"
    (folder / MANIFEST).write_text(text, encoding="utf-8")


def _manifest(fitted: train.Fit, metrics: Mapping[str, Any], origin: Origin) -> dict[str, Any]:
    """The manifest without the digests: what the numbers mean, how the model did, and what it was made from."""
    manifest: dict[str, Any] = {
        "format": FORMAT,
        "name": origin.name,
        "feature_set": FEATURE_SET_VERSION,
        "signals": list(SIGNAL_NAMES),
        "contrasts": list(column_names(fitted.classifier.contrasts)),
        "prior": sigmoid(-fitted.garbled),
        "thresholds": {"garbled": 0.5, "suspect": sigmoid(fitted.suspect - fitted.garbled)},
        "threshold_fpr": {"garbled": train.GARBLED_FPR, "suspect": train.SUSPECT_FPR},
        "held_out": metrics,
        "language": "en",
        "corpora": list(origin.corpora),
    }
    return manifest | ({"retrained": origin.history} if origin.history else {})


def digests(folder: Path) -> dict[str, Any]:
    """The digest and size of every file but the manifest."""
    files = sorted(p for p in folder.iterdir() if p.name != MANIFEST)
    return {
        p.name: {"sha256": hashlib.sha256(p.read_bytes()).hexdigest(), "bytes": p.stat().st_size}
        for p in files
    }


def save_out_of_fold(log_odds: npt.NDArray[np.float64], path: Path) -> None:
    """Write one number for each example of the base features."""
    from safetensors.numpy import save_file

    save_file({"log_odds": log_odds.astype(np.float32)}, path)


def load_out_of_fold(model: ModelFolder, examples: int) -> npt.NDArray[np.float64] | None:
    """Calibrated log-odds at equal priors of the base's examples, each by a model that has not seen it; None for a
    model folder of before they were kept. Raises `ModelError` when they do not fit the base."""
    from safetensors import SafetensorError
    from safetensors.numpy import load

    if OUT_OF_FOLD not in model.manifest["files"]:
        return None
    path = model.path / OUT_OF_FOLD
    try:
        values: npt.NDArray[np.float64] = check(
            load(model.read(OUT_OF_FOLD)), "log_odds", np.float32, (examples,)
        )
    except (SafetensorError, ValueError) as error:
        raise ModelError(
            f"{path} does not fit the base features beside it: {error}; install it again"
        ) from error
    return values.astype(np.float64)
