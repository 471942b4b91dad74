"""Does the score of a garbled article grow more certain with its length, and does a clean one's stay put?

    python -m benchmarks.lengths LABELLED.jsonl.gz [--model DIR]

Takes the labelled documents (JSON lines with `text`, `label` 1 or 0, `group`) of at least `LONGEST` words, cuts each to
its first 50, 100, 200 and 400 words at a sentence end, and scores every piece. Prints per length how far the scores
lie apart: medians and quartiles of the log-odds, AUROC, and the shares called garbled.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from sklearn.metrics import roc_auc_score

from benchmarks.toy import parsed, write_documents
from mtscore import Scorer
from mtscore.text.segmentation import split_sentences

LENGTHS = (50, 100, 200, 400)
LONGEST = 400


def first_words(text: str, words: int) -> str:
    """The first sentences of a text that have at least so many words."""
    count = 0
    for span in split_sentences(text):
        count += len(text[span.start : span.end].split())
        if count >= words:
            return text[: span.end]
    return text


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("labelled", type=Path)
    parser.add_argument("--model", type=Path)
    with parsed(parser, arguments, _toy) as given:
        report(given.labelled, given.model)


def _toy(folder: Path) -> list[str]:
    return [str(write_documents(folder / "labelled.jsonl.gz", 9, lines=24))]


def report(labelled: Path, model: Path | None) -> None:
    """Prints the table."""
    with gzip.open(labelled, "rt", encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    records = [r for r in records if r["label"] is not None and len(r["text"].split()) >= LONGEST]
    label = np.array([r["label"] for r in records])
    scorer = Scorer.load(model)
    print(
        f"{int(label.sum())} garbled and {int((label == 0).sum())} other documents of {LONGEST} words or more"
    )
    for words in LENGTHS:
        verdicts = scorer.score_many((first_words(r["text"], words) for r in records), jobs=2)
        scores = np.array([0.0 if v.score is None else v.score for v in verdicts])
        odds = np.array([math.log(max(s, 1e-6) / max(1 - s, 1e-6)) for s in scores])
        parts = [
            f"{name} {np.percentile(odds[label == value], 50):+.2f} "
            f"[{np.percentile(odds[label == value], 25):+.2f}, {np.percentile(odds[label == value], 75):+.2f}] "
            f"called garbled {np.mean(scores[label == value] >= 0.5):.1%}"
            for name, value in (("garbled", 1), ("other", 0))
        ]
        print(f"{words:4} words: AUROC {roc_auc_score(label, scores):.4f}; log-odds of {'; of '.join(parts)}")


if __name__ == "__main__":
    main()
