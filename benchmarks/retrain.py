"""What sixty labelled documents of a new genre do for a model that has never seen the genre.

    python -m benchmarks.retrain --model models/en --genres old chat

For each genre (a register of the base features): all its rows are taken out of the base and a model is fitted,
the one before. Then sixty documents of the genre, drawn by component, are joined as `mtscore train` joins labels,
and the model is fitted again. Both are judged on the genre's other documents, and on the other registers out of
fold. Only the model folder is needed; of the classifier, nothing is left that knew the genre, but the n-gram
contrasts of the base's rows were learned (out of fold) with other documents of the genre among them, which helps
both sides. Rows that were made for training (round trips, uncertain labels) are neither drawn nor judged. Two
fits for each genre, some minutes each.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.toy import SMALL, parsed, write_model
from mtscore.learning import train
from mtscore.learning.retrain import NEW_WEIGHT, join
from mtscore.model import base_features as bases
from mtscore.model import classifier as classifiers
from mtscore.model.base_features import BaseFeatures

LABELLED = 60
BIG_REGISTER = 200


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", type=Path, required=True, help="a complete model folder")
    parser.add_argument("--genres", nargs="+", required=True, metavar="REGISTER")
    parser.add_argument("--weights", nargs="+", type=float, default=[NEW_WEIGHT], help="of a new document")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=2)
    with parsed(parser, arguments, _toy) as given:
        _run(given, SMALL if given.toy else train.SETTINGS)


def _toy(folder: Path) -> list[str]:
    return ["--model", str(write_model(folder / "model")), "--genres", "old", "--jobs", "1"]


def _run(given: argparse.Namespace, settings: train.Settings) -> None:
    base = bases.load(given.model / bases.FILE)
    contrasts = classifiers.load(given.model / "classifier.safetensors").contrasts
    for genre in given.genres:
        rest = base.rows(np.flatnonzero(np.array(base.register) != genre))
        before = train.fit(rest, contrasts, jobs=given.jobs, settings=settings)
        taught, judged = _draw(base, genre, given.seed)
        for weight in given.weights:
            begun = time.monotonic()
            new = replace(taught, weight=np.full(len(taught), weight, np.float32))
            after = train.fit(join(rest, new), contrasts, jobs=given.jobs, settings=settings)
            seconds = time.monotonic() - begun
            print(
                f"{genre}: {len(taught)} labelled, weight {weight:g}, fitted in {seconds:.0f} s", flush=True
            )
            _tell_genre(judged, before, after)
            _tell_others(rest, before, after)


def _draw(base: BaseFeatures, genre: str, seed: int) -> tuple[BaseFeatures, BaseFeatures]:
    """Sixty documents of the genre (or half of them, if there are fewer than 120), and the others."""
    inside = np.array(base.register) == genre
    real = np.array([group != "roundtrip" for group in base.group]) & (base.weight >= 1.0)
    rows = base.rows(np.flatnonzero(inside & real))
    wanted = min(LABELLED, len(rows) // 2)
    order = np.random.default_rng(seed).permutation(np.unique(rows.component))
    sizes = np.cumsum([int((rows.component == unit).sum()) for unit in order])
    drawn = order[: max(1, int(np.searchsorted(sizes, wanted, side="right")))]
    is_drawn = np.isin(rows.component, drawn)
    taught = rows.rows(np.flatnonzero(is_drawn))
    return (
        replace(taught, is_matched=np.zeros(len(taught), np.bool_)),
        rows.rows(np.flatnonzero(~is_drawn)),
    )


def _flags(fit: train.Fit, rows: BaseFeatures) -> npt.NDArray[np.bool_]:
    inputs, strength = rows.matrix.astype(np.float64), rows.strength.astype(np.float64)
    return fit.classifier.log_odds(inputs, strength) > fit.garbled


def _tell_genre(judged: BaseFeatures, before: train.Fit, after: train.Fit) -> None:
    garbled = judged.label == 1
    old, new = _flags(before, judged), _flags(after, judged)
    wrong = int((old != garbled).sum()), int((new != garbled).sum())
    change = wrong[1] / wrong[0] - 1 if wrong[0] else 0.0
    print(f"  errors {wrong[0]} -> {wrong[1]} of {len(judged)} ({change:+.0%})")
    print(f"  clean called garbled {old[~garbled].sum()} -> {new[~garbled].sum()} of {(~garbled).sum()}")
    print(f"  garbled found {old[garbled].sum()} -> {new[garbled].sum()} of {garbled.sum()}", flush=True)


def _tell_others(rest: BaseFeatures, before: train.Fit, after: train.Fit) -> None:
    """Registers whose false positives rise by more than a point, or of small ones by more than a document."""
    human, register = rest.label == 0, np.array(rest.register)
    old = before.out_of_fold > before.garbled
    new = after.out_of_fold[: len(rest)] > after.garbled
    rises = []
    for name in sorted(set(register[human].tolist())):
        inside = human & (register == name)
        more, size = int(new[inside].sum()) - int(old[inside].sum()), int(inside.sum())
        rises.append((more / size, more, size, name))
        if more > (0.01 * size if size >= BIG_REGISTER else 1):
            print(f"  MORE FALSE POSITIVES in {name}: {more:+d} of {size}")
    share, more, size, name = max(rises)
    print(f"  largest rise of another register's false positives: {name} {more:+d} of {size} ({share:+.2%})")
    found = rest.label == 1
    print(f"  garbled found elsewhere {old[found].mean():.3f} -> {new[found].mean():.3f}", flush=True)


if __name__ == "__main__":
    main()
