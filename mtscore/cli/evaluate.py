"""`mtscore evaluate`: how well a model does on labelled texts."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from mtscore.arrays.odds import sigmoid
from mtscore.cli.common import DONE, Commands, add_command, complain
from mtscore.cli.labelled import add_labels, cache_folder, read_and_extract

if TYPE_CHECKING:
    from mtscore.learning.evaluation import Comparison, Report, Scored
    from mtscore.learning.label_features import LabelFeatures
    from mtscore.scoring.scorer import Scorer

_EVALUATE = """\
Measures a model on labelled texts: area under the ROC curve, garbled texts found, clean texts called garbled
(also by group), calibration, and the correlation with labelled quality, each with a 95 % interval; then the
worst errors. Texts that the model was trained on are scored out of fold. LABELS: see mtscore train --help.
"""
_EVALUATE_EPILOG = """\
examples:
  mtscore evaluate mine.jsonl
  mtscore evaluate mine.jsonl --model my-model --plots plots/
  mtscore evaluate mine.jsonl --model old-model --compare my-model
"""


def add(commands: Commands) -> None:
    """Adds the command's parser."""
    parser = add_command(
        commands, "evaluate", "measure a model on labelled texts", _EVALUATE, _EVALUATE_EPILOG, _evaluate
    )
    add_labels(parser)
    parser.add_argument("--model", metavar="DIR", help="the model to measure (the one scoring would use)")
    parser.add_argument("--compare", metavar="DIR", help="a second model, measured beside the first")
    parser.add_argument(
        "--plots", metavar="DIR", help="write plots (PNG) into this folder; needs the extra plots"
    )
    parser.add_argument("--reading", choices=("quick", "close"), help="how to read the texts (quick)")
    parser.add_argument("--worst", type=int, default=10, metavar="N", help="errors to list (10)")
    parser.add_argument("--format", choices=("table", "json"), default="table", help="for people, or as JSON")


def _evaluate(arguments: argparse.Namespace) -> int:
    from mtscore.learning.evaluation import compare, evaluate
    from mtscore.learning.plots import check_plots, write_plots
    from mtscore.scoring.scorer import Scorer

    if arguments.plots is not None:
        check_plots()
    scorers = [Scorer.load(arguments.model, reading=arguments.reading)]
    if arguments.compare:
        scorers.append(Scorer.load(arguments.compare, reading=arguments.reading))
    found = read_and_extract(arguments, scorers[0])
    scored = _scored(found, scorers, arguments)
    result = (
        evaluate(scored[0], seed=arguments.seed)
        if len(scored) == 1
        else compare(*scored, seed=arguments.seed)
    )
    lines = _as_json if arguments.format == "json" else _as_text
    print("\n".join(lines(found, scored[-1], result, arguments.worst)))
    if arguments.plots is not None:
        names = ("model",) if len(scored) == 1 else ("first model", "second model")
        for path in write_plots(dict(zip(names, scored, strict=True)), Path(arguments.plots)):
            complain(f"written: {path}")
    return DONE


def _scored(found: LabelFeatures, scorers: Sequence[Scorer], arguments: argparse.Namespace) -> list[Scored]:
    """What each model says of the texts."""
    from mtscore.learning.label_features import extract_again
    from mtscore.learning.retrain import score_labels

    first = scorers[0]
    scored = [score_labels(found, first.model, close=first.close_model, jobs=arguments.jobs)]
    for scorer in scorers[1:]:
        again = extract_again(found, scorer, cache=cache_folder(arguments.cache), jobs=arguments.jobs)
        scored.append(score_labels(again, scorer.model, close=scorer.close_model, jobs=arguments.jobs))
    return scored


def _as_text(found: LabelFeatures, scored: Scored, result: Report | Comparison, listed: int) -> Iterator[str]:
    from mtscore.learning.evaluation import Report, worst
    from mtscore.render.metrics import comparison_lines, report_lines, worst_lines

    yield from report_lines(result) if isinstance(result, Report) else comparison_lines(result)
    correlation = _quality(found)
    if correlation is not None:
        yield f"\nrank correlation of predicted with labelled quality: {correlation:.2f}"
    errors = worst(scored, listed)
    if errors:
        yield "\nworst errors:"
        yield from worst_lines([(found.texts[i], _score(scored, i)) for i in errors])


def _as_json(found: LabelFeatures, scored: Scored, result: Report | Comparison, listed: int) -> Iterator[str]:
    from mtscore.learning.evaluation import worst

    errors = [
        {
            "id": found.texts[i].id,
            "where": found.texts[i].where,
            "label": found.texts[i].label,
            "score": _score(scored, i),
        }
        for i in worst(scored, listed)
    ]
    yield json.dumps(
        {**asdict(result), "quality_correlation": _quality(found), "worst": errors}, ensure_ascii=False
    )


def _score(scored: Scored, index: int) -> float:
    """The text's score where `garbled` begins at 0.5."""
    return sigmoid(float(scored.log_odds[index]) - scored.threshold)


def _quality(found: LabelFeatures) -> float | None:
    import numpy as np

    from mtscore.learning.evaluation import rank_correlation

    given = np.array([np.nan if text.quality is None else text.quality for text in found.texts])
    predicted = np.array([features.quality for features in found.features])
    both = ~np.isnan(given) & ~np.isnan(predicted)
    return rank_correlation(predicted[both], given[both])
