"""Plots of how well a model does: ROC curve, reliability, scores by group. Needs the extra `plots`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from mtscore.errors import MtscoreError, OutputError
from mtscore.learning.evaluation import Scored, balance, reliability, roc

COLOURS = ("#4477aa", "#ee6677")
"""Of the first and the second model: told apart by those who see few colours, too (Paul Tol's set)."""

CLEAN, GARBLED = "#228833", "#aa3377"
LOWEST_FPR = 1e-3
_DPI = 120


def check_plots() -> None:
    """Raises `MtscoreError`, with the extra to install, when plots cannot be drawn here."""
    try:
        import matplotlib.figure  # noqa: F401
    except ImportError as error:
        raise MtscoreError(
            "plots need matplotlib: pip install '.[plots]' in a clone of the repository"
        ) from error


def write_plots(models: Mapping[str, Scored], folder: Path) -> list[Path]:
    """Write roc.png, reliability.png and groups.png for one model or two, by name; returns their paths. The first
    two need both labels, and are left out without. Raises `OutputError` when they cannot be written."""
    check_plots()
    is_mixed = len(set(next(iter(models.values())).label.tolist())) == 2
    drawings: list[tuple[str, Callable[[Mapping[str, Scored]], Any]]] = [("groups.png", _groups)]
    if is_mixed:
        drawings = [("roc.png", _roc), ("reliability.png", _reliability), *drawings]
    written = []
    for name, draw in drawings:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            draw(models).savefig(folder / name, dpi=_DPI)
        except OSError as error:
            raise OutputError(f"cannot write {folder / name}: {error.strerror or error}") from error
        written.append(folder / name)
    return written


def _figure(width: float, height: float) -> Any:
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained")


def _roc(models: Mapping[str, Scored]) -> Any:
    """The whole curve, and beside it its low end on a logarithmic axis."""
    figure = _figure(9.5, 4.6)
    whole, low = figure.subplots(1, 2)
    for (name, scored), colour in zip(models.items(), COLOURS, strict=False):
        fpr, tpr = roc(scored.log_odds, scored.label, scored.weight)
        clean, garbled = scored.label == 0, scored.label == 1
        here = float(scored.is_flagged[clean].mean()), float(scored.is_flagged[garbled].mean())
        for axes in (whole, low):
            axes.plot(fpr, tpr, drawstyle="steps-post", color=colour, label=name)
            axes.plot(max(here[0], LOWEST_FPR if axes is low else 0.0), here[1], "o", color=colour)
    whole.plot([0, 1], [0, 1], color="0.7", linewidth=0.8)
    low.axvline(0.01, color="0.7", linewidth=0.8)
    low.set(xscale="log", xlim=(LOWEST_FPR, 1), title="the end that counts (grey: 1 %)")
    whole.set(ylabel="garbled texts found", title="ROC curve (dots: the garbled threshold)", xlim=(0, 1))
    for axes in (whole, low):
        axes.set(xlabel="clean texts called garbled", ylim=(0, 1.02))
        axes.legend(loc="lower right", frameon=False)
    return figure


def _reliability(models: Mapping[str, Scored]) -> Any:
    """Predicted probability against the share of garbled texts; below, how many texts each bin holds."""
    figure = _figure(5.2, 5.6)
    upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=(4, 1))
    upper.plot([0, 1], [0, 1], color="0.7", linewidth=0.8)
    for (name, scored), colour in zip(models.items(), COLOURS, strict=False):
        _, predicted, observed, _ = reliability(scored, balance(scored.label, scored.weight))
        upper.plot(predicted, observed, "o-", color=colour, label=name)
        lower.hist(scored.probability, bins=np.linspace(0, 1, 11).tolist(), histtype="step", color=colour)
    upper.set(ylabel="share of garbled texts", title="Reliability, both classes weighing the same")
    upper.legend(loc="upper left", frameon=False)
    lower.set(xlabel="predicted probability at equal priors", ylabel="texts", xlim=(0, 1))
    return figure


def _groups(models: Mapping[str, Scored]) -> Any:
    """Every text's log-odds beside the threshold (0), by group; of two models, the second."""
    scored = list(models.values())[-1]
    groups = sorted(set(scored.group))
    figure = _figure(7.5, 1.6 + 0.34 * len(groups))
    axes = figure.subplots()
    members = np.array(scored.group)
    generator = np.random.default_rng(0)
    for place, group in enumerate(groups):
        for label, colour in ((0, CLEAN), (1, GARBLED)):
            inside = (members == group) & (scored.label == label)
            heights = place + generator.uniform(-0.28, 0.28, int(inside.sum()))
            excess = np.clip(scored.log_odds[inside] - scored.threshold, -15, 15)
            axes.plot(excess, heights, ".", color=colour, alpha=0.6, markersize=5)
    axes.axvline(0, color="0.4", linewidth=0.8)
    for name, colour in (("clean", CLEAN), ("garbled", GARBLED)):
        axes.plot([], [], ".", color=colour, label=name)
    axes.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), frameon=False)
    axes.set(
        xlabel="log-odds above the garbled threshold", title="Scores by group", ylim=(-0.6, len(groups) - 0.4)
    )
    axes.set_yticks(range(len(groups)), [group.replace("$", r"\$")[:40] for group in groups])
    axes.invert_yaxis()
    return figure
