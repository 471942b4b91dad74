"""How well the quality model agrees with raters of a language that it was not trained on.

    python -m benchmarks.quality --data DATA --model models/en

Leaves each source language of the rated corpus out in turn, fits the sentence regression on the others (with people's
own sentences of the aligned corpus as good ones), and prints Spearman's correlation with the raters on the sentences
left out, beside that of plain perplexity (mean log10 probability per token of the forward model). Then, with the
model folder as it is: quality of people's news and of machine translations of news, by system, and of the same news
with errors planted. Five minutes on two cores.
"""

from __future__ import annotations

import argparse
import random
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from scipy.stats import spearmanr

from benchmarks.toy import parsed, write_data
from mtscore import Scorer
from mtscore.model.folder import default_model_path
from mtscore.signals.quality import MERIT_WEIGHT
from mtscore.signals.sentences import SENTENCE_INPUTS
from training.dataset import human_rows, read_lines
from training.quality import (
    HUMAN_RATING,
    fit_merit,
    fit_trees,
    inputs,
    is_rated,
    merit_ngrams,
    merit_of,
    rated_sentences,
)

PER_GROUP = 150
PLANTED = (0.0, 0.02, 0.05, 0.1, 0.2)


def agreement(data: Path, folder: Path) -> None:
    """Prints the correlations with raters."""
    texts, ratings, languages = rated_sentences(data / "train" / "mlqe_sentences.jsonl.xz")
    human: list[str] = []
    for record in read_lines(data / "train" / "aligned.jsonl.xz"):
        if record["dataset"].startswith("wmt1") and len(human) < 6000:
            human += [line for line in record["human"][:2] if len(line.split()) > 5]
    human = sorted(set(human))
    matrix = inputs([*texts, *human], folder, 2)
    targets = np.concatenate([ratings, np.full(len(human), HUMAN_RATING)])
    language = np.array([*languages, *[""] * len(human)])
    ngrams = merit_ngrams([*texts, *human], folder, 2)
    rated = is_rated(targets)
    fluency = matrix[:, SENTENCE_INPUTS.index("forward_mean")]
    found = []
    for code in sorted(set(languages)):
        judged = (language == code) & rated
        taught = (language != code) & rated
        merit = fit_merit(
            matrix[taught],
            {k: m[taught] for k, m in ngrams.items()},
            targets[taught],
            language[taught].tolist(),
        )
        trees = fit_trees(matrix[language != code], targets[language != code])
        predicted = np.clip(trees.evaluate(matrix[judged]), 0.0, 100.0)
        predicted += MERIT_WEIGHT * merit_of(merit, matrix[judged], {k: m[judged] for k, m in ngrams.items()})
        own = spearmanr(predicted, targets[judged]).statistic
        plain = spearmanr(fluency[judged], targets[judged]).statistic
        found.append(own)
        print(f"{code} left out: Spearman {own:.3f}, perplexity {plain:.3f}, on {judged.sum()} sentences")
    print(f"mean {np.mean(found):.3f}")


def articles(data: Path, folder: Path) -> None:
    """Prints the quality of people's news, of translations, and of news with planted errors."""
    scorer = Scorer.load(folder)
    news = [r.text for r in human_rows(data / "train" / "human", ()) if r.register == "news"]
    news = [t for t in news if 100 < len(t.split()) < 800]
    news = random.Random(0).sample(news, min(PER_GROUP, len(news)))
    groups: dict[str, list[str]] = defaultdict(list)
    for record in read_lines(data / "train" / "aligned.jsonl.xz"):
        if record["dataset"] in ("wmt16", "wmt17", "wmt18") and len(groups[record["system"]]) < PER_GROUP:
            groups[record["system"]].append(" ".join(record["mt"]))
    for name, texts in {"people's news": news, **dict(sorted(groups.items()))}.items():
        print(f"{name}: median quality {_median(scorer, texts):.1f}")
    for share in PLANTED:
        planted = [plant(text, share, random.Random(i)) for i, text in enumerate(news)]
        print(f"news with {share:.0%} of the words exchanged for others: {_median(scorer, planted):.1f}")


def plant(text: str, share: float, generator: random.Random) -> str:
    """The text with a share of its words put in each other's places."""
    words = text.split(" ")
    places = [i for i in range(len(words)) if generator.random() < share]
    moved = places[1:] + places[:1]
    out = list(words)
    for place, source in zip(places, moved, strict=True):
        out[place] = words[source]
    return " ".join(out)


def _median(scorer: Scorer, texts: list[str]) -> float:
    values = [v.quality for v in scorer.score_many(texts, jobs=2) if v.quality is not None]
    return float(np.median(values))


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--model", type=Path, required=True)
    with parsed(parser, arguments, _toy) as given:
        agreement(given.data, given.model)
        articles(given.data, given.model)


def _toy(folder: Path) -> list[str]:
    return ["--data", str(write_data(folder)), "--model", str(default_model_path())]


if __name__ == "__main__":
    main()
