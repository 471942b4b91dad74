"""What the commands that read label files share: their options, and reporting what is wrong with the labels."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from mtscore.cli.common import add_max_bytes, complain, positive, seed

if TYPE_CHECKING:
    from mtscore.learning.label_features import LabelFeatures
    from mtscore.scoring.scorer import Scorer

_T = TypeVar("_T")


def add_labels(parser: argparse.ArgumentParser) -> None:
    """The options of whatever reads label files."""
    parser.add_argument(
        "labels", nargs="+", metavar="LABELS", help=".jsonl or .csv file, also with .gz or .zst"
    )
    parser.add_argument("--jobs", type=positive, default=1, metavar="N", help="number of processes (1)")
    parser.add_argument("--seed", type=seed, default=0, metavar="N", help="seed of everything random (0)")
    add_max_bytes(parser)
    add_cache(parser)


def add_cache(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--cache",
        metavar="DIR",
        help="keep the features of texts here, so that the next run is fast (the user's cache folder)",
    )


def cache_folder(named: str | None) -> Path:
    from mtscore.learning.label_features import default_cache

    return default_cache() if named is None else Path(named)


def read_and_extract(arguments: argparse.Namespace, scorer: Scorer) -> LabelFeatures:
    """The labels with their features; reports on stderr what is wrong with them."""
    from mtscore.learning.label_features import extract_labels
    from mtscore.learning.labels import doubts, read_labels
    from mtscore.render.metrics import describe_labels

    labels = read_labels(arguments.labels, max_bytes=arguments.max_bytes)
    found = extract_labels(
        labels,
        scorer,
        cache=cache_folder(arguments.cache),
        jobs=arguments.jobs,
        watch=progress(len(labels.texts)),
    )
    _complain_all([str(problem) for problem in found.problems if problem.kind != "skipped"])
    complain(describe_labels(found.texts, found.counts))
    _complain_all([f"note: {doubt}" for doubt in doubts(found.texts)])
    return found


def progress(total: int) -> Callable[[Iterator[_T]], Iterator[_T]]:
    """What puts a stream of `total` items behind a bar, if stderr is a terminal."""
    from mtscore.render.progress import Meter, with_progress

    meter = Meter(total)

    def counted(items: Iterator[_T]) -> Iterator[_T]:
        for item in items:
            meter(1)
            yield item

    return (lambda items: with_progress(counted(items), meter)) if sys.stderr.isatty() else iter


def _complain_all(messages: Sequence[str]) -> None:
    for message in messages:
        complain(message)
