"""What a model finds of systems, sources, languages and genres that it was not trained on.

    python -m benchmarks.protocol --data DATA --lm WORK --model models/en

Six kinds of folds, each without a part of the training data and judged on that part:

    nllb        the translation system nllb
    rules       the systems opusmt and argos
    sources     the corpora wmt22 and compare_mt_sken
    languages   translations from Latvian, Turkish, Igbo, Japanese, Chinese and Armenian
    flores      the encyclopedic corpus FLORES
    genres      every human register in turn: its share flagged, and how well garbled text is told from it

The rest is split in halves by component (documents that share a line, or a story). Each half's model is judged on
the garbled documents that were left out and on the human documents of the other half: nothing that shares a line is
on both sides. Made-up and doubtful garbled text (round trips, chunks that may be garbled) teaches and does not
judge; how much fluent machine translation is flagged is told apart. The quality model and the language models are
the model folder's own; they have seen none of the judged documents.

Prints AUROC and TPR at 1 % FPR per fold with bootstrap intervals over components, the same within each source
(matched pairs), the mean and the worst fold, and false positives per register at the threshold chosen on the
teaching half. `--log` appends the figures with the commit. A quarter of an hour on two cores; `--cache` keeps the
extracted numbers.
"""

from __future__ import annotations

import argparse
import datetime
import pickle
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from joblib import Parallel, delayed
from sklearn.metrics import roc_auc_score

from benchmarks.toy import parsed, write_data, write_lm_work
from mtscore.learning import train
from mtscore.model.base_features import component_number
from mtscore.model.classifier import column_names
from mtscore.model.folder import default_model_path
from mtscore.signals import quality as qualities
from mtscore.signals.columns import INPUT_NAMES
from training.build_model import (
    Extracted,
    Lines,
    base_of,
    contrast_columns,
    extract_rows,
    fit_contrasts,
    read_lines_of,
    unseen_rows,
)
from training.dataset import SURELY_FLUENT, Row
from training.quality import is_for_quality
from training.roundtrip import with_round_trips

LANGUAGES = ("lv", "tr", "ig", "ja", "zh", "hy")
FOLDS = ("nllb", "rules", "sources", "languages", "flores")
GENRE = "genre:"
"""What the names of the sixth kind of folds begin with."""
FLUENT = "fluent_mt"
"""The register of fluent machine translation: judged, but no figure counts it among human text."""
BOOTSTRAPS = 300
MIN_MATCHED = 10

Mask = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Data:
    """The extracted rows and the pairs of lines."""

    rows: list[Row]
    extracted: Extracted
    lines: Lines


@dataclass(frozen=True, slots=True)
class Part:
    """One training: the rows that teach, the pairs of lines that teach, and the rows that are judged."""

    teach: npt.NDArray[np.int64]
    usable: Mask
    judge: npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Judged:
    """Scores of judged rows: calibrated log-odds minus the threshold chosen on the teaching rows."""

    index: npt.NDArray[np.int64]
    excess: Floats


def left_out(fold: str, data: Data) -> tuple[Mask, Mask]:
    """Which rows and which pairs of lines a fold leaves out."""
    rows, pairs = data.rows, data.lines.pairs

    def systems(*names: str) -> tuple[Mask, Mask]:
        return (
            np.array([r.system in names for r in rows]),
            np.array([bool({*names}.intersection(pair)) for pair in pairs.systems]),
        )

    nothing = np.zeros(len(pairs.worse), np.bool_)
    if fold == "nllb":
        return systems("nllb")
    if fold == "rules":
        return systems("opusmt", "argos")
    if fold == "sources":
        return np.array([r.source in ("wmt22", "compare_mt_sken") for r in rows]), nothing
    if fold == "languages":
        return (
            np.array([r.language in LANGUAGES or _wmt22_language(r) in LANGUAGES for r in rows]),
            np.array([bool({*LANGUAGES}.intersection(pair)) for pair in pairs.languages]),
        )
    if fold == "flores":
        return np.array([r.source == "flores" for r in rows]), np.array(
            [d == "flores-dev" for d in pairs.datasets]
        )
    genre = fold.removeprefix(GENRE)
    return np.array([r.label == 0 and r.register == genre for r in rows]), nothing


def _wmt22_language(row: Row) -> str:
    """The language that a WMT22 document, human references too, was translated from."""
    source, *rest = row.component.split(":")
    return rest[0] if source == "wmt22" else ""


def parts(fold: str, data: Data) -> Iterator[Part]:
    """The two halves of a fold."""
    rows_out, pairs_out = left_out(fold, data)
    component = np.array([component_number(r.component) for r in data.rows])
    half, line_half = (component // 11) % 2, (data.lines.pairs.component // 11) % 2
    human, garbled = judged_rows(data.rows)
    fluent = np.array([r.group in SURELY_FLUENT for r in data.rows])
    is_genre = fold.startswith(GENRE)
    for side in (0, 1):
        inside = half == side
        judge = (
            (inside & garbled) | (rows_out & human)
            if is_genre
            else inside & (human | fluent | (garbled & rows_out))
        )
        yield Part(
            np.flatnonzero(~rows_out & ~inside), (line_half != side) & ~pairs_out, np.flatnonzero(judge)
        )
        if is_genre:
            return


def judged_rows(rows: Sequence[Row]) -> tuple[Mask, Mask]:
    """Human documents, and those that are surely garbled."""
    human = np.array([r.label == 0 and r.register != FLUENT for r in rows])
    return human, np.array([r.label == 1 and r.weight >= 1.0 for r in rows])


def judge(part: Part, data: Data) -> Judged:
    """Train on what teaches, score what is judged."""
    taught = [data.rows[i] for i in part.teach]
    extracted = data.extracted.rows(part.teach)
    base = base_of(taught, extracted.vectors, extracted.strengths, INPUT_NAMES)
    contrasts, columns = fit_contrasts(extracted, base, data.lines, part.usable)
    matrix = np.concatenate([extracted.vectors, columns], axis=1)
    names = (*INPUT_NAMES, *column_names(contrasts))
    fitted = train.fit(base_of(taught, matrix, extracted.strengths, names), contrasts)
    judged = data.extracted.rows(part.judge).as_judged()
    inputs = np.concatenate([judged.vectors, contrast_columns(judged, contrasts)], axis=1)
    inputs = inputs.astype(np.float16).astype(np.float64)
    return Judged(part.judge, fitted.classifier.log_odds(inputs, judged.strengths) - fitted.garbled)


def joined(halves: Sequence[Judged]) -> Judged:
    return Judged(np.concatenate([h.index for h in halves]), np.concatenate([h.excess for h in halves]))


def figures(truth: Mask, scores: Floats) -> tuple[float, float]:
    """AUROC, and the share of garbled documents above all but 1 % of the others."""
    limit = np.quantile(scores[~truth], 0.99)
    return float(roc_auc_score(truth, scores)), float(np.mean(scores[truth] > limit))


def matched_area(truth: Mask, scores: Floats, sources: npt.NDArray[np.str_]) -> float:
    """Mean over the sources of AUROC between garbled and human text of the same source."""
    areas = [
        roc_auc_score(truth[inside], scores[inside])
        for inside in (sources == source for source in np.unique(sources[truth]))
        if min(truth[inside].sum(), (~truth[inside]).sum()) >= MIN_MATCHED
    ]
    return float(np.mean(areas)) if areas else float("nan")


def intervals(truth: Mask, scores: Floats, components: npt.NDArray[np.str_]) -> npt.NDArray[np.float64]:
    """95 % intervals (2 x 2: low and high of both `figures`), components drawn with replacement."""
    names, numbers = np.unique(components, return_inverse=True)
    order = np.argsort(numbers, kind="stable")
    members = np.split(order, np.cumsum(np.bincount(numbers))[:-1])
    generator = np.random.default_rng(0)
    drawn = []
    for _ in range(BOOTSTRAPS):
        chosen = np.concatenate([members[i] for i in generator.integers(0, len(names), len(names))])
        if 0 < truth[chosen].sum() < len(chosen):
            drawn.append(figures(truth[chosen], scores[chosen]))
    bounds: npt.NDArray[np.float64] = np.percentile(np.array(drawn), (2.5, 97.5), axis=0)
    return bounds


def report(results: dict[str, Judged], data: Data) -> list[str]:
    """The lines to print."""
    register = np.array([r.register for r in data.rows])
    source = np.array([r.source for r in data.rows])
    component = np.array([r.component for r in data.rows])
    label = np.array([r.label == 1 for r in data.rows])
    lines, areas, shares, matched, fluent = [], [], [], [], []
    flagged: dict[str, list[npt.NDArray[np.bool_]]] = {}
    corpora = [fold for fold in FOLDS if fold in results]
    for fold in corpora:
        index, excess = results[fold].index, results[fold].excess
        is_fluent = register[index] == FLUENT
        fluent.append(excess[is_fluent] > 0)
        index, excess = index[~is_fluent], excess[~is_fluent]
        truth = label[index]
        area, share = figures(truth, excess)
        low, high = intervals(truth, excess, component[index])
        within = matched_area(truth, excess, source[index])
        lines.append(
            f"{fold:10} AUROC {area:.4f} [{low[0]:.4f}, {high[0]:.4f}]  TPR at 1 % FPR {share:.3f} "
            f"[{low[1]:.3f}, {high[1]:.3f}]  matched AUROC {within:.3f}  found at the threshold "
            f"{np.mean(excess[truth] > 0):.3f}  {truth.sum()} garbled, {(~truth).sum()} human"
        )
        areas.append(area)
        shares.append(share)
        matched.append(within)
        for name in np.unique(register[index][~truth]):
            flagged.setdefault(name, []).append(excess[(register[index] == name) & ~truth] > 0)
    if corpora:
        lines.append(
            f"{'mean':10} AUROC {np.mean(areas):.4f}  TPR at 1 % FPR {np.mean(shares):.3f}  matched AUROC "
            f"{np.nanmean(matched):.3f}  worst AUROC {min(areas):.4f} ({corpora[int(np.argmin(areas))]})"
        )
        found = np.concatenate(fluent)
        lines.append(f"fluent machine translation flagged {found.mean():.2%} of {len(fluent[0])}")
    for name in sorted(flagged):
        found = np.concatenate(flagged[name])
        lines.append(f"  {name:16} flagged {found.mean():6.2%} of {len(flagged[name][0])} in the folds above")
    for name in sorted(set(results) - set(FOLDS)):
        index, excess = results[name].index, results[name].excess
        truth = label[index]
        wrong, area = np.mean(excess[~truth] > 0), figures(truth, excess)[0]
        lines.append(
            f"  {name.removeprefix(GENRE):16} left out: flagged {wrong:6.2%} of {(~truth).sum()}, "
            f"AUROC against all garbled {area:.3f}"
        )
    return lines


def load(given: argparse.Namespace) -> Data:
    """The rows with everything extracted, from the cache when there is one."""
    if given.cache is not None and given.cache.exists():
        found: Data = pickle.loads(given.cache.read_bytes())  # noqa: S301  # the user's own file
        return found
    rows = unseen_rows(given.data, given.lm)
    if not given.no_round_trips:
        rows = with_round_trips(rows)
    rows = [row for row in rows if not is_for_quality(row)]
    extracted = extract_rows(rows, given.model, qualities.load(given.model / "quality.safetensors"), 2)
    data = Data(rows, extracted, read_lines_of(given.data, given.model, 2))
    if given.cache is not None:
        given.cache.write_bytes(pickle.dumps(data, protocol=4))
    return data


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--lm", type=Path, required=True, help="the work folder that training.build_lm left")
    parser.add_argument("--model", type=Path, required=True, help="a complete model folder")
    parser.add_argument(
        "--folds", nargs="+", metavar="FOLD", help="only these, such as flores or genre:poetry (all)"
    )
    parser.add_argument("--log", type=Path, help="append the figures to this file")
    parser.add_argument(
        "--cache", type=Path, help="file for the extracted numbers (your own: it is a pickle)"
    )
    parser.add_argument(
        "--no-round-trips", action="store_true", help="without the documents for which Apertium is needed"
    )
    with parsed(parser, arguments, _toy) as given:
        _run(given)


def _toy(folder: Path) -> list[str]:
    return [
        *("--data", str(write_data(folder / "data")), "--lm", str(write_lm_work(folder / "lm"))),
        *("--model", str(default_model_path()), "--folds", "flores", "--no-round-trips"),
    ]


def _run(given: argparse.Namespace) -> None:
    data = load(given)
    human, _ = judged_rows(data.rows)
    genres = sorted({r.register for r, ok in zip(data.rows, human.tolist(), strict=True) if ok})
    folds = given.folds or [*FOLDS, *(GENRE + genre for genre in genres)]
    tasks = [(fold, part) for fold in folds for part in parts(fold, data)]
    done = Parallel(2, backend="threading")(delayed(judge)(part, data) for _, part in tasks)
    results = {
        fold: joined([found for (name, _), found in zip(tasks, done, strict=True) if name == fold])
        for fold in folds
    }
    lines = report(results, data)
    print("\n".join(lines))
    if given.log is not None:
        commit = subprocess.run(
            ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
        )
        with given.log.open("a", encoding="utf-8") as log:
            day = datetime.datetime.now(datetime.timezone.utc).date()
            log.write("\n".join([f"## {day} {commit.stdout.strip()}", "", "```text", *lines, "```", "", ""]))


if __name__ == "__main__":
    main()
