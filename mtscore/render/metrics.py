"""Metrics of one model or two for people: aligned text, the same on a terminal and in a file."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from mtscore.learning.confidence import wilson
from mtscore.learning.evaluation import BETTER_HIGH, METRICS, Comparison, Metric, Report
from mtscore.learning.labels import Kind, Labelled
from mtscore.render.terminal import clip, sanitize
from mtscore.render.wording import counted, shown_score

NAMES: Mapping[str, str] = {
    "auroc": "area under the ROC curve",
    "tpr_at_1_fpr": "garbled found at 1 % false positives",
    "found": "garbled found at the threshold",
    "false_positives": "clean called garbled",
    "errors": "judged wrongly, all together",
    "calibration_error": "calibration error",
    "brier": "Brier score",
}
"""What the metrics are called."""

PROBLEMS: Mapping[Kind, tuple[str, str]] = {
    "unreadable": ("could not be read", "could not be read"),
    "label": ("has no usable label", "have no usable label"),
    "field": ("has a field that is wrong", "have a field that is wrong"),
    "empty": ("is empty", "are empty"),
    "duplicate": ("repeats another", "repeat others"),
    "contradiction": ("contradicts another", "contradict each other"),
    "skipped": ("was skipped when labelling", "were skipped when labelling"),
    "cannot_tell": ("cannot be judged", "cannot be judged"),
}

_WIDTH = 60


def describe_labels(texts: Sequence[Labelled], counts: Mapping[Kind, int]) -> str:
    """What is used and what is not, in one sentence."""
    garbled = sum(text.label for text in texts)
    parts = [f"{counted(len(texts), 'labelled text')}: {garbled} garbled, {len(texts) - garbled} clean"]
    for kind, (one, several) in PROBLEMS.items():
        if count := counts.get(kind, 0):
            parts.append(f"{count:,} {one if count == 1 else several}")
    return "; ".join(parts)


def close_line(held_out: Mapping[str, float]) -> str:
    """What a close classifier's cross-validation says, in one line."""
    names = {
        "auroc": "area under the ROC curve {:.4f}",
        "found": "garbled found {:.1%}",
        "people_flagged": "people called garbled {:.1%}",
        "fluent_flagged": "fluent translation called garbled {:.1%}",
    }
    return ", ".join(text.format(held_out[name]) for name, text in names.items() if name in held_out)


def report_lines(report: Report) -> Iterator[str]:
    """One model's metrics with their intervals, and its false positives by group."""
    rows = [("", "value", "95 % interval")]
    rows += [(NAMES[name], _value(metric), _interval(metric)) for name, metric in report.metrics.items()]
    yield from _aligned(rows)
    if report.false_positives:
        yield ""
        yield from _aligned(
            [("clean called garbled, by group", "")]
            + [(clip(name, _WIDTH), share_of(*counts)) for name, counts in report.false_positives.items()]
        )


def comparison_lines(comparison: Comparison) -> Iterator[str]:
    """Two models side by side: metrics, how they changed, and false positives by group."""
    rows = [("", "before", "after", "change", "95 % interval", "")]
    rows += [(NAMES[name], *comparison_cells(comparison, name)) for name in METRICS]
    yield from _aligned(rows)
    before, after = comparison.old.false_positives, comparison.new.false_positives
    if after:
        yield ""
        yield from _aligned(
            [("clean called garbled, by group", "before", "after")]
            + [(clip(name, _WIDTH), share_of(*before[name]), share_of(*after[name])) for name in after]
        )


def comparison_cells(comparison: Comparison, name: str) -> tuple[str, str, str, str, str]:
    """A metric before and after, its change, the change's interval, and whether that is beyond noise."""
    change = comparison.change[name]
    old, new = comparison.old.metrics[name], comparison.new.metrics[name]
    interval = _interval(change, signed=True)
    return _value(old), _value(new), _signed(change.value), interval, _judgement(name, change)


def worst_lines(worst: Sequence[tuple[Labelled, float]]) -> Iterator[str]:
    """Texts that were judged wrongly, with their scores."""
    rows = [("label", "score", "where", "document")]
    rows += [
        (
            "garbled" if text.label else "clean",
            shown_score(score),
            sanitize(text.where),
            clip(text.id, _WIDTH),
        )
        for text, score in worst
    ]
    yield from _aligned(rows, left=(0, 2, 3))


def _judgement(name: str, change: Metric) -> str:
    """Whether a change is beyond noise, in one word."""
    if change.low is None or change.high is None or change.low <= 0 <= change.high:
        return ""
    return "better" if (change.low > 0) == (name in BETTER_HIGH) else "worse"


def _value(metric: Metric) -> str:
    return "-" if metric.value is None else f"{metric.value:.3f}"


def _signed(value: float | None) -> str:
    return "-" if value is None else f"{value:+.3f}"


def _interval(metric: Metric, *, signed: bool = False) -> str:
    if metric.low is None or metric.high is None or not math.isfinite(metric.low + metric.high):
        return "-"
    form = "+.3f" if signed else ".3f"
    return f"{metric.low:{form}} to {metric.high:{form}}"


def share_of(count: int, total: int) -> str:
    """A share with its 95 % interval: "1 of 40 (2.5 %, 0.4 to 12.9 %)"."""
    low, high = wilson(count / total, total) if total else (0.0, 1.0)
    shown = f"{100 * count / total:.1f} %" if total else "-"
    return f"{count} of {total:,} ({shown}, {100 * low:.1f} to {100 * high:.1f} %)"


def _aligned(rows: Sequence[Sequence[str]], left: Sequence[int] = (0,)) -> Iterator[str]:
    """The rows with their columns under each other, those named in `left` to the left."""
    from rich.cells import cell_len

    widths = [max(cell_len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        cells = []
        for column, (cell, width) in enumerate(zip(row, widths, strict=True)):
            padding = " " * (width - cell_len(cell))
            cells.append(cell + padding if column in left else padding + cell)
        yield "  ".join(cells).rstrip()
