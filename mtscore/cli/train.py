"""`mtscore train`: a new model from the base and a user's labels."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from mtscore.cli.common import DONE, Commands, add_command, complain, probability
from mtscore.cli.labelled import add_labels, read_and_extract

if TYPE_CHECKING:
    from mtscore.scoring.scorer import Scorer

_TRAIN = """\
Trains a model on labelled texts of your own beside the shipped model's training examples, which it carries as
numbers, and says how the new model compares with the old one on texts that neither was trained on. At least 20 labels
are needed, 5 of each class.

LABELS are .jsonl or .csv files. Each record has a label (1 or garbled, 0 or clean) and a text, or the path of a
text file beside the labels; and, if you like, id, group (the kind of text), document (what it
is a part of), quality (0 to 100) and weight.

The folder DIR appears when the model is complete. A model that is there already stays if it is better beyond
noise. Metrics go to stdout, what is wrong with the labels to stderr.
"""
_TRAIN_EPILOG = """\
examples:
  mtscore train mine.jsonl --output my-model
  mtscore score --model my-model news/
  MTSCORE_MODEL=my-model mtscore score news/
"""


def add(commands: Commands) -> None:
    """Adds the command's parser."""
    train = add_command(commands, "train", "retrain with your own labels", _TRAIN, _TRAIN_EPILOG, _train)
    add_labels(train)
    train.add_argument("--output", required=True, metavar="DIR", help="folder for the new model")
    train.add_argument("--base", metavar="DIR", help="model to start from (the one scoring would use)")
    train.add_argument(
        "--replace-base", action="store_true", help="train on the labels alone; takes 200 of them or more"
    )
    split = train.add_mutually_exclusive_group()
    split.add_argument(
        "--holdout",
        type=probability,
        metavar="SHARE",
        help="hold this share of the labels out of training, to evaluate on",
    )
    split.add_argument(
        "--folds", type=_folds, metavar="K", help="evaluate on all labels by K-fold cross-validation (5)"
    )
    train.add_argument("--force", action="store_true", help="replace a model even if it is better")


def _folds(value: str) -> int:
    if value.isdigit() and 2 <= int(value) <= 20:
        return int(value)
    raise argparse.ArgumentTypeError(f"{value!r} is not a whole number from 2 to 20")


def _train(arguments: argparse.Namespace) -> int:
    from mtscore.learning import replacement
    from mtscore.learning import retrain as retraining
    from mtscore.learning.close import read_of_labels
    from mtscore.learning.train import FOLDS
    from mtscore.render.metrics import close_line, comparison_lines

    output = Path(arguments.output)
    replacement.check_output(output)
    plan = retraining.Plan(
        folds=arguments.folds or FOLDS,
        holdout=arguments.holdout or 0.0,
        seed=arguments.seed,
        replaces_base=arguments.replace_base,
        jobs=arguments.jobs,
    )
    scorer = load_to_train(arguments.base)
    start = scorer.model
    old = replacement.model_to_replace(output, start, force=arguments.force)
    found = read_and_extract(arguments, scorer)
    examples = retraining.label_examples(
        found.texts, found.features, retraining.base_of(start), seed=plan.seed
    )
    with _busy("fitting the model"):
        result = retraining.retrain(
            start, old, examples, plan, read=read_of_labels(found.features, scorer.close_model)
        )
    print(f"{'Held-out' if plan.holdout else 'Out-of-fold'} labels, old model and new:")
    print("\n".join(comparison_lines(result.on_labels)))
    if result.on_base is not None:
        print("\nTraining examples of the base, out of fold, registers weighted equally:")
        print("\n".join(comparison_lines(result.on_base)))
    if result.close is not None:
        print("\nClose reading, out of fold: " + close_line(result.close[0].held_out))
    for reason in replacement.objections(result):
        complain(f"note: {reason}")
    history = replacement.history_of(start, result, found.files, plan)
    replacement.write_model(start, result, output, history, force=arguments.force)
    print(f"\nwritten: {output}; use it with --model {output} or MTSCORE_MODEL={os.path.abspath(output)}")
    return DONE


def load_to_train(base: str | None) -> Scorer:
    """The model to start from: read closely where the reader is installed and the model allows it."""
    from mtscore.errors import ModelError
    from mtscore.reading.reader import is_installed
    from mtscore.scoring.close_reading import VARIABLE
    from mtscore.scoring.scorer import Scorer

    if is_installed() and os.environ.get(VARIABLE) != "quick":
        with suppress(ModelError):
            return Scorer.load(base, reading="close")
    return Scorer.load(base, reading="quick")


@contextmanager
def _busy(what: str) -> Iterator[None]:
    """Says on a terminal what takes so long."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    with Console(file=sys.stderr).status(what):
        yield
