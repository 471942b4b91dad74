"""A retrained model, put in its place: only if it may replace what is there, and all at once."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from mtscore.errors import ModelError, OutputError
from mtscore.files.atomic_folder import swapped_in
from mtscore.learning.evaluation import Comparison, Metric
from mtscore.learning.label_features import feature_digest
from mtscore.learning.model_writer import REFITTED, Origin, write_fitted
from mtscore.learning.retrain import Plan, Retrained
from mtscore.model.contents import MANIFEST
from mtscore.model.folder import SHIPPED_FOLDERS, ModelFolder, verify

AUROC_SLACK = 0.005
"""How far the area on the base may fall, beyond noise, before a model counts as worse: on tens of thousands
of examples the noise is much smaller than what anybody would notice."""


def objections(retrained: Retrained) -> list[str]:
    """Why the old model should stay, one line each: where it is better beyond noise."""
    found = []
    errors = retrained.on_labels.change["errors"]
    if errors.low is not None and errors.low > 0:
        found.append(f"errors on the labels rise by {_points(errors)}")
    area = retrained.on_labels.change["auroc"]
    if area.high is not None and area.high < 0:
        found.append(f"the area under the ROC curve on the labels falls by {_points(area)}")
    if retrained.on_base is not None:
        area = retrained.on_base.change["auroc"]
        if area.high is not None and area.high < -AUROC_SLACK:
            found.append(f"the area under the ROC curve on the base falls by {_points(area)}")
    return found


def _points(change: Metric) -> str:
    ends = sorted(abs(end) for end in (change.low or 0.0, change.high or 0.0))
    return f"{100 * ends[0]:.1f} to {100 * ends[1]:.1f} points"


def check_output(output: Path) -> None:
    """Refuse, before any work is done, to write over what is no model, or over the shipped one."""
    if output.resolve() in SHIPPED_FOLDERS:
        raise OutputError(f"{output} is the shipped model, which stays as it is; name another folder")
    if output.exists() and not ((output.is_dir() and (output / MANIFEST).is_file()) or _is_empty(output)):
        raise OutputError(f"{output} exists and is no model folder; name another")


def model_to_replace(output: Path, start: ModelFolder, *, force: bool = False) -> ModelFolder:
    """The model that a new one would replace and is compared with: what is at `output`, else the one to start
    from. Raises `ModelError` when what is there cannot be compared, unless forced."""
    if not (output / MANIFEST).is_file():
        return start
    try:
        old = ModelFolder.load(output)
        if feature_digest(old) != feature_digest(start):
            raise ModelError(f"the model in {output} reads texts with other language models than the base")
    except ModelError as error:
        if force:
            return start
        raise ModelError(f"{error}; or write over it with --force") from error
    return old


def _is_empty(path: Path) -> bool:
    return path.is_dir() and not any(path.iterdir())


def write_model(
    start: ModelFolder, retrained: Retrained, output: Path, history: Mapping[str, Any], *, force: bool = False
) -> None:
    """The complete folder at `output`: there once it is whole, and until then as it was. Raises `OutputError`
    when a model is there that is better beyond noise, unless forced."""
    check_output(output)
    reasons = objections(retrained)
    if reasons and not force and (output / MANIFEST).is_file():
        raise OutputError(f"the model in {output} is better and stays: {'; '.join(reasons)}")
    corpora = [*_corpora(start), _corpus(history)]
    with swapped_in(output) as part:
        for name in start.manifest["files"]:
            if name not in REFITTED:
                (part / name).write_bytes(start.read(name))
        origin = Origin(corpora, name=Path(os.path.realpath(output)).name, history=history)
        write_fitted(part, retrained.examples, retrained.fit, origin, retrained.close)
        problems = verify(part)
        if problems:
            raise OutputError(f"the new model is not sound ({problems[0]}); nothing was written")


def _corpora(start: ModelFolder) -> list[dict[str, str]]:
    """The corpora that the manifest names. Raises `ModelError` when it does not name them as it should."""
    corpora = start.manifest.get("corpora", [])
    names = ("name", "used_for", "licence")
    if not isinstance(corpora, list) or not all(
        isinstance(corpus, dict) and all(isinstance(corpus.get(name), str) for name in names)
        for corpus in corpora
    ):
        raise ModelError(
            f"the manifest in {start.path} does not name its corpora as it should; install it again"
        )
    return corpora


def _corpus(history: Mapping[str, Any]) -> dict[str, str]:
    names = ", ".join(file["name"] for file in history["labels"])
    return {"name": f"own labels: {names}", "used_for": "classifier numbers", "licence": "not redistributed"}


def history_of(
    start: ModelFolder, retrained: Retrained, labels: Sequence[tuple[str, str]], plan: Plan
) -> dict[str, Any]:
    """The manifest's account of a retraining; `labels` are (name, sha256) of the label files."""
    return {
        "base": str(start.manifest["name"]),
        "base_digest": start.digest,
        "base_replaced": plan.replaces_base,
        "labels": [{"name": name, "sha256": digest} for name, digest in labels],
        "texts": len(retrained.new),
        "garbled": int(retrained.new.label.sum()),
        "folds": plan.folds,
        "holdout": plan.holdout,
        "seed": plan.seed,
        "on_labels": metrics_of(retrained.on_labels),
        "on_base": None if retrained.on_base is None else metrics_of(retrained.on_base),
    }


def metrics_of(comparison: Comparison) -> dict[str, Any]:
    """The metrics before and after, rounded, as JSON takes them."""
    sides = {"before": comparison.old, "after": comparison.new}
    return {
        side: {
            name: None if metric.value is None else round(metric.value, 4)
            for name, metric in report.metrics.items()
        }
        for side, report in sides.items()
    }
