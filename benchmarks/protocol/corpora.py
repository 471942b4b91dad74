"""What came of the folds that leave out systems, sources and languages of the translation corpora."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
from sklearn.metrics import roc_auc_score

from benchmarks.protocol.folds import CORPORA, FLUENT, Data, Mask
from benchmarks.protocol.judging import Floats, Judged, intervals, metrics

MIN_MATCHED = 10


def matched_area(truth: Mask, scores: Floats, sources: npt.NDArray[np.str_]) -> float:
    """Mean over the sources of AUROC between garbled and human text of the same source."""
    areas = [
        roc_auc_score(truth[inside], scores[inside])
        for inside in (sources == source for source in np.unique(sources[truth]))
        if min(truth[inside].sum(), (~truth[inside]).sum()) >= MIN_MATCHED
    ]
    return float(np.mean(areas)) if areas else float("nan")


def corpora_report(results: Mapping[str, Judged], data: Data) -> list[str]:
    """A line for each fold, their means, and the shares of fluent translation and human registers flagged."""
    corpora = [fold for fold in CORPORA if fold in results]
    if not corpora:
        return []
    register = np.array([r.register for r in data.rows])
    lines, rows, fluent = [], [], []
    flagged: dict[str, list[Mask]] = {}
    for fold in corpora:
        is_fluent = register[results[fold].index] == FLUENT
        fluent.append(results[fold].excess[is_fluent] > 0)
        index, excess = results[fold].index[~is_fluent], results[fold].excess[~is_fluent]
        line, found = _fold(fold, Judged(index, excess), data)
        lines.append(line)
        rows.append(found)
        human = data.human[index]
        for name in np.unique(register[index][human]):
            flagged.setdefault(name, []).append(excess[(register[index] == name) & human] > 0)
    areas, shares, matched = (np.array(column) for column in zip(*rows, strict=True))
    lines.append(
        f"{'mean':10} AUROC {areas.mean():.4f}  TPR at 1 % FPR {shares.mean():.3f}  matched AUROC "
        f"{_mean_of_known(matched):.3f}  worst AUROC {areas.min():.4f} ({corpora[int(areas.argmin())]})"
    )
    lines.append(f"fluent machine translation flagged {_share(fluent):.2%} of {len(fluent[0])}")
    return lines + [
        f"  {name:16} flagged {_share(flagged[name]):6.2%} of {len(flagged[name][0])} in the folds above"
        for name in sorted(flagged)
    ]


def _mean_of_known(values: Floats) -> float:
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else float("nan")


def _share(found: list[Mask]) -> float:
    together = np.concatenate(found)
    return float(together.mean()) if len(together) else float("nan")


def _fold(fold: str, judged: Judged, data: Data) -> tuple[str, tuple[float, float, float]]:
    index, excess = judged.index, judged.excess
    truth = np.array([data.rows[i].label == 1 for i in index])
    source = np.array([data.rows[i].source for i in index])
    area, share = metrics(truth, excess)
    low, high = intervals(truth, excess, np.array([data.rows[i].component for i in index]))
    within = matched_area(truth, excess, source)
    line = (
        f"{fold:10} AUROC {area:.4f} [{low[0]:.4f}, {high[0]:.4f}]  TPR at 1 % FPR {share:.3f} "
        f"[{low[1]:.3f}, {high[1]:.3f}]  matched AUROC {within:.3f}  found at the threshold "
        f"{np.mean(excess[truth] > 0):.3f}  {truth.sum()} garbled, {(~truth).sum()} human"
    )
    return line, (area, share, within)
