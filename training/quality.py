"""Builds the quality model: sentences that people rated, people's own sentences, and a map to whole articles."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from joblib import Parallel, delayed

from mtscore.analysis import Models, analyse
from mtscore.quality import Quality
from mtscore.records import Sentence, Span
from mtscore.segment import MAX_SENTENCE_TOKENS, segment, tokenize
from mtscore.signals.sentences import SENTENCE_INPUTS, SHORT, sentence_inputs
from mtscore.trees import Trees, export
from training.dataset import Row, read_lines, seeded

HUMAN_RATING, POST_EDIT_RATING = 97.0, 88.0
"""Ratings assumed for people's own sentences and for translations that people corrected."""

HUMAN_REGISTERS = ("news", "world_news", "edited_prose", "blog", "government", "encyclopedia", "science")
CHUNK = 500


def rated_sentences(path: Path) -> tuple[list[str], npt.NDArray[np.float64], list[str]]:
    """Texts, ratings (0..100) and source languages of the rated corpus; every fourth post-edit is added."""
    texts, ratings, languages = [], [], []
    for number, record in enumerate(read_lines(path)):
        if record["kind"] == "mt" and "quality" in record:
            rating = float(record["quality"])
        elif record["kind"] != "mt" and number % 4 == 0:
            rating = POST_EDIT_RATING
        else:
            continue
        texts.append(record["text"])
        ratings.append(rating)
        languages.append(record["source_lang"])
    return texts, np.array(ratings), languages


def human_sentences(rows: Sequence[Row], number: int) -> list[str]:
    """About `number` sentences of edited human text, the same from every document."""
    documents = [row for row in rows if row.label == 0 and row.register in HUMAN_REGISTERS]
    seeded("quality").shuffle(documents)
    found: list[str] = []
    for row in documents:
        sentences = segment(row.text, [Span(0, len(row.text))])
        spans = [s.span for s in sentences if len(s.words) >= SHORT]
        found += [row.text[span.start : span.end] for span in spans[:8]]
        if len(found) >= number:
            break
    return found


def inputs(texts: Sequence[str], models: Models, jobs: int) -> npt.NDArray[np.float64]:
    """The matrix texts x `SENTENCE_INPUTS`, each text taken as one sentence."""
    chunks = [texts[i : i + CHUNK] for i in range(0, len(texts), CHUNK)]
    return np.concatenate(Parallel(jobs)(delayed(_inputs)(chunk, models) for chunk in chunks))


def _inputs(texts: Sequence[str], models: Models) -> npt.NDArray[np.float64]:
    out = np.zeros((len(texts), len(SENTENCE_INPUTS)))
    for row, text in enumerate(texts):
        words, starts, ends = (tuple(x[:MAX_SENTENCE_TOKENS]) for x in tokenize(text))
        if words:
            analysis = analyse([Sentence(words, starts, ends)], models)  # type: ignore[arg-type]
            out[row] = sentence_inputs(analysis, text, models.lexicon.floor)[0]
    return out


def fit_trees(rows: npt.NDArray[np.float64], ratings: npt.NDArray[np.float64]) -> Trees:
    """The sentence regression."""
    from sklearn.ensemble import HistGradientBoostingRegressor

    model = HistGradientBoostingRegressor(
        max_iter=200, learning_rate=0.05, max_leaf_nodes=12, min_samples_leaf=60, l2_regularization=5.0,
        random_state=0,
    )  # fmt: skip
    return export(model.fit(rows, ratings))


def fit_quality(data: Path, rows: Sequence[Row], models: Models, jobs: int) -> Quality:
    """The quality model with its map: human articles at 95, rated sentences in groups at their mean rating."""
    from sklearn.isotonic import IsotonicRegression

    texts, ratings, languages = rated_sentences(data / "train" / "mlqe_sentences.jsonl.xz")
    human = human_sentences(rows, 12_000)
    matrix = inputs([*texts, *human], models, jobs)
    targets = np.concatenate([ratings, np.full(len(human), HUMAN_RATING)])
    trees = fit_trees(matrix, targets)
    means, wanted = pseudo_articles(trees.evaluate(matrix), targets, [*languages, *["human"] * len(human)])
    fitted = IsotonicRegression(y_min=0.0, y_max=100.0, out_of_bounds="clip").fit(means, wanted)
    places = np.quantile(means, np.linspace(0, 1, 21))
    knots = tuple((float(a), float(b)) for a, b in zip(places, fitted.predict(places), strict=True))
    return Quality(trees, knots, models.lexicon.floor)


def pseudo_articles(
    predicted: npt.NDArray[np.float64], targets: npt.NDArray[np.float64], languages: Sequence[str]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Mean predicted and mean real rating of groups of 16 sentences of one language that were rated alike."""
    order = sorted(range(len(targets)), key=lambda i: (languages[i], round(float(targets[i]) / 10), i))
    groups = [order[i : i + 16] for i in range(0, len(order) - 15, 16)]
    return np.array([predicted[g].mean() for g in groups]), np.array([targets[g].mean() for g in groups])
