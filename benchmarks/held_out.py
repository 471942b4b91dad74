"""What a model finds of languages and systems that it was not trained on.

    python benchmarks/held_out.py --data DATA --lm WORK --model models/en

Six source languages and two systems are left out of training altogether; the rest is split in halves by
component. Each half's model is judged on the garbled documents that were left out and on the human documents
of the other half: no story, language or system is on both sides. Rows made for training (round trips) and fluent
machine translation judge nothing. Takes ten minutes on two cores; `--cache` keeps the extracted numbers.
"""

from __future__ import annotations

import argparse
import pickle
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.metrics import roc_auc_score

from mtscore import quality as qualities
from mtscore import train
from mtscore.features import SIGNAL_NAMES
from training.build_model import (
    SPACES,
    Extracted,
    base_of,
    extract_rows,
    fit_contrasts,
    unseen_rows,
)
from training.dataset import Row
from training.quality import is_for_quality
from training.roundtrip import with_round_trips

LANGUAGES = ("lv", "tr", "ig", "ja", "zh", "hy")
SYSTEMS = ("nllb", "opusmt")
BOOTSTRAPS = 500


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--lm", type=Path, required=True, help="the work folder that training.build_lm left")
    parser.add_argument("--model", type=Path, required=True, help="a complete model folder")
    parser.add_argument(
        "--cache", type=Path, help="file for the extracted numbers (your own: it is a pickle)"
    )
    given = parser.parse_args(arguments)
    rows, extracted = _extracted(given.data, given.lm, given.model, given.cache)
    label = np.array([r.label for r in rows])
    left_out = np.array([r.language in LANGUAGES or r.system in SYSTEMS for r in rows])
    judged_human = (label == 0) & np.array([r.register != "fluent_mt" for r in rows])
    judged_garbled = left_out & (label == 1) & np.array([r.weight >= 1.0 for r in rows])
    base = base_of(rows, extracted.vectors, extracted.strengths, SIGNAL_NAMES)
    half = (base.component // 11) % 2
    results = []
    for side in (0, 1):
        teach = np.flatnonzero(~left_out & (half != side))
        judge = np.flatnonzero((half == side) & (judged_human | judged_garbled))
        results.append((judge, _scores(rows, extracted, teach, judge)))
    _report(rows, label, results)


def _extracted(data: Path, lm: Path, model: Path, cache: Path | None) -> tuple[list[Row], Extracted]:
    if cache is not None and cache.exists():
        found: tuple[list[Row], Extracted] = pickle.loads(cache.read_bytes())  # noqa: S301  # our own
        return found
    rows = [row for row in with_round_trips(unseen_rows(data, lm)) if not is_for_quality(row)]
    extracted = extract_rows(rows, model, qualities.load(model / "quality.safetensors"), 2)
    if cache is not None:
        cache.write_bytes(pickle.dumps((rows, extracted)))
    return rows, extracted


def _scores(
    rows: Sequence[Row], extracted: Extracted, teach: npt.NDArray[np.int64], judge: npt.NDArray[np.int64]
) -> npt.NDArray[np.float64]:
    """Log-odds of the judged rows from a model of the teaching rows, minus its threshold."""
    taught = [rows[i] for i in teach]
    part = Extracted(
        extracted.vectors[teach],
        extracted.strengths[teach],
        {name: extracted.ngrams[name][teach] for name in SPACES},
    )
    base = base_of(taught, part.vectors, part.strengths, SIGNAL_NAMES)
    contrasts, columns = fit_contrasts(part, base)
    matrix = np.concatenate([part.vectors, columns], axis=1)
    fitted = train.fit(base_of(taught, matrix, part.strengths, (*SIGNAL_NAMES, *SPACES)), contrasts)
    values = [extracted.ngrams[c.name][judge] @ c.weights.astype(np.float64) + c.intercept for c in contrasts]
    inputs = np.concatenate([extracted.vectors[judge], np.stack(values, axis=1)], axis=1)
    inputs = inputs.astype(np.float16).astype(np.float64)
    return fitted.classifier.log_odds(inputs, extracted.strengths[judge]) - fitted.garbled


def _report(
    rows: Sequence[Row],
    label: npt.NDArray[np.int64],
    results: Sequence[tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]],
) -> None:
    judge = np.concatenate([j for j, _ in results])
    scores = np.concatenate([s for _, s in results])
    truth = label[judge]
    components = np.array([rows[i].component for i in judge])
    area, found = _figures(truth, scores)
    names, numbers = np.unique(components, return_inverse=True)
    members = [np.flatnonzero(numbers == n) for n in range(len(names))]
    generator = np.random.default_rng(0)
    drawn = []
    for _ in range(BOOTSTRAPS):
        chosen = np.concatenate([members[i] for i in generator.integers(0, len(members), len(members))])
        if 0 < truth[chosen].sum() < len(chosen):
            drawn.append(_figures(truth[chosen], scores[chosen]))
    low, high = np.percentile(np.array(drawn), (2.5, 97.5), axis=0)
    print(f"left out: languages {', '.join(LANGUAGES)}; systems {', '.join(SYSTEMS)}")
    print(f"{int(truth.sum())} garbled, {int((truth == 0).sum())} human documents")
    print(f"AUROC {area:.4f} [{low[0]:.4f}, {high[0]:.4f}]")
    print(f"TPR at 1 % FPR {found:.3f} [{low[1]:.3f}, {high[1]:.3f}]")
    print(f"at the garbled threshold: found {np.mean(scores[truth == 1] > 0):.3f}")
    registers = np.array([rows[i].register for i in judge])
    for register in sorted(set(registers[truth == 0])):
        inside = (truth == 0) & (registers == register)
        print(f"  {register:16} flagged {np.mean(scores[inside] > 0):6.2%} of {inside.sum()}")


def _figures(truth: npt.NDArray[np.int64], scores: npt.NDArray[np.float64]) -> tuple[float, float]:
    limit = np.quantile(scores[truth == 0], 0.99)
    return float(roc_auc_score(truth, scores)), float(np.mean(scores[truth == 1] > limit))


if __name__ == "__main__":
    main()
