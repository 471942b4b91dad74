"""The model folder, written: classifier, card and manifest from base features.

`mtscore train` and `training/` both end here, so that the shipped model is a product of the same code.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from mtscore import classifier as classifiers
from mtscore import train
from mtscore.base import BaseFeatures
from mtscore.bundle import FORMAT, MANIFEST
from mtscore.card import write_card
from mtscore.classifier import Contrast
from mtscore.features import FEATURE_SET_VERSION, SIGNAL_NAMES


def held_out_figures(base: BaseFeatures, fit: train.Fit) -> dict[str, Any]:
    """Out-of-fold AUROC, share of garbled found at the threshold, and false positives per register."""
    from sklearn.metrics import roc_auc_score

    sure = base.weight >= 1.0
    found = fit.out_of_fold > fit.garbled
    weights = train.register_weights(base)
    registers = np.array(base.register)
    human = base.label == 0
    figures: dict[str, Any] = {
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
        figures["fpr_per_register"][register] = {
            "fpr": round(float(found[inside].mean()), 4),
            "n": int(inside.sum()),
        }
    return figures


def write_manifest(folder: Path, fit: train.Fit, extra: Mapping[str, Any], *, name: str = "en") -> None:
    """The manifest: digests of every file, what the numbers mean, how the model did, and what `extra` adds."""
    shift = -fit.garbled
    files = sorted(p for p in folder.iterdir() if p.name != MANIFEST)
    manifest = {
        "format": FORMAT,
        "name": name,
        "feature_set": FEATURE_SET_VERSION,
        "signals": list(SIGNAL_NAMES),
        "contrasts": [c.name for c in fit.classifier.contrasts],
        "prior": _sigmoid(shift),
        "thresholds": {"garbled": 0.5, "suspect": _sigmoid(fit.suspect + shift)},
        "threshold_fpr": {"garbled": train.GARBLED_FPR, "suspect": train.SUSPECT_FPR},
        **extra,
        "files": {
            p.name: {"sha256": hashlib.sha256(p.read_bytes()).hexdigest(), "bytes": p.stat().st_size}
            for p in files
        },
    }
    text = json.dumps(manifest, indent=1, ensure_ascii=False, sort_keys=False) + "\n"
    (folder / MANIFEST).write_text(text, encoding="utf-8")


def _sigmoid(value: float) -> float:
    return float(1 / (1 + np.exp(-value)))


def finish(
    folder: Path,
    base: BaseFeatures,
    contrasts: Sequence[Contrast],
    corpora: Sequence[Mapping[str, str]],
    *,
    jobs: int = 1,
) -> None:
    """From base features to the complete folder: classifier, card, manifest. The folder must hold everything
    else."""
    fitted = train.fit(base, contrasts, jobs=jobs)
    classifiers.save(fitted.classifier, folder / "classifier.safetensors")
    figures = held_out_figures(base, fitted)
    write_card(folder / "CARD.md", figures, corpora)
    for path in folder.iterdir():
        path.chmod(0o644)
    write_manifest(folder, fitted, {"held_out": figures, "language": "en", "corpora": list(corpora)})
