"""Builds the quality model: rated sentences, people's own sentences, and a map to whole articles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from joblib import Parallel, delayed

from mtscore.arrays.network import standardised
from mtscore.arrays.trees import Trees, export
from mtscore.model.base_features import component_number
from mtscore.records import Sentence, Span
from mtscore.signals.analysis import analyse_together
from mtscore.signals.quality import MERIT_SPACES, MERIT_WEIGHT, Merit, Quality
from mtscore.signals.sentences import SENTENCE_INPUTS, SHORT, sentence_inputs
from mtscore.text.segmentation import MAX_SENTENCE_TOKENS, segment, tokenize
from mtscore.words.resources import Resources, load_resources
from training.dataset import Row, is_for_rating, read_lines
from training.line_pairs import line_matrix

HUMAN_RATING, POST_EDIT_RATING, ROUND_TRIP_RATING = 97.0, 88.0, 45.0
"""Ratings assumed for people's own sentences, for translations that people corrected, and for round trips."""

HUMAN_REGISTERS = ("news", "world_news", "edited_prose", "blog", "government", "encyclopedia", "science")
GENRE_SOURCES = frozenset(
    "18f_blog abc2006 bbc2005 brown1961 digitalgov gum isot_reuters masakhane_eng masc opensuse_news plos "
    "ropensci_blog rust_blog wikipedia".split()
)
PER_DOCUMENT = 8

INPUT_PENALTY, NGRAM_PENALTIES = 2000.0, {"classes": 5.0, "letters": 20.0}
"""Ridge penalties of the linear part."""

CHUNK = 500


@lru_cache(maxsize=1)
def models_in(folder: Path) -> Resources:
    """The folder's models, loaded once in a process."""
    return load_resources(folder)


def rated_sentences(path: Path) -> tuple[list[str], npt.NDArray[np.float64], list[str]]:
    """Texts, ratings (0..100) and source languages of the rated corpus; every fourth post-edit is added."""
    texts, ratings, languages = [], [], []
    for number, record in enumerate(read_lines(path)):
        if not is_for_rating(record):
            continue
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


def is_for_quality(row: Row) -> bool:
    """Whether a row teaches the quality model and not the classifier: a sixth of the genre documents and their
    round trips, so that the classifier sees honest qualities."""
    return row.source in GENRE_SOURCES and is_known_to_quality(row)


def is_known_to_quality(row: Row) -> bool:
    """Whether a row was made from a document that teaches the quality model, or is one."""
    return row.component.split(":")[0] in GENRE_SOURCES and component_number(row.component) % 6 == 0


def own_sentences(rows: Sequence[Row]) -> tuple[list[str], list[float]]:
    """People's sentences and round-tripped ones, at most `PER_DOCUMENT` of a document, with assumed ratings."""
    originals = {row.id: row.text for row in rows if row.label == 0}
    texts: list[str] = []
    ratings: list[float] = []
    for row in rows:
        is_trip = row.label == 1
        if not is_trip and row.register not in HUMAN_REGISTERS:
            continue
        original = originals[row.id.removeprefix("roundtrip/")] if is_trip else ""
        spans = (s.span for s in segment(row.text, [Span(0, len(row.text))]) if len(s.words) >= SHORT)
        sentences = [row.text[span.start : span.end] for span in spans]
        chosen = [s for s in sentences if not is_trip or s not in original][:PER_DOCUMENT]
        texts += chosen
        ratings += [ROUND_TRIP_RATING if is_trip else HUMAN_RATING] * len(chosen)
    return texts, ratings


def inputs(texts: Sequence[str], folder: Path, jobs: int) -> npt.NDArray[np.float64]:
    """The matrix texts x `SENTENCE_INPUTS`, each text taken as one sentence."""
    chunks = [texts[i : i + CHUNK] for i in range(0, len(texts), CHUNK)]
    return np.concatenate(Parallel(jobs)(delayed(_inputs)(chunk, folder) for chunk in chunks))


def _inputs(texts: Sequence[str], folder: Path) -> npt.NDArray[np.float64]:
    models = models_in(folder)
    out = np.zeros((len(texts), len(SENTENCE_INPUTS)))
    for row, text in enumerate(texts):
        words, starts, ends = (tuple(x[:MAX_SENTENCE_TOKENS]) for x in tokenize(text))
        if words:
            group = analyse_together([[Sentence(words, starts, ends)]], models)  # type: ignore[arg-type]
            out[row] = sentence_inputs(group, [text], models.lexicon.floor)[0]
    return out


def fit_trees(rows: npt.NDArray[np.float64], ratings: npt.NDArray[np.float64]) -> Trees:
    """The sentence regression."""
    from sklearn.ensemble import HistGradientBoostingRegressor

    model = HistGradientBoostingRegressor(
        max_iter=200, learning_rate=0.05, max_leaf_nodes=12, min_samples_leaf=60, l2_regularization=5.0,
        random_state=0,
    )  # fmt: skip
    return export(model.fit(rows, ratings))


def fit_merit(
    rows: npt.NDArray[np.float64],
    ngrams: Mapping[str, Any],
    ratings: npt.NDArray[np.float64],
    languages: Sequence[str],
) -> Merit:
    """The linear part, from sentences that people rated: their `SENTENCE_INPUTS`, their n-grams (for each of
    `MERIT_SPACES` a sparse matrix sentences x buckets), ratings and source languages.

    What it learns is how far a rating lies from its language's mean: raters of one language are not those of
    another, and neither are the translators.
    """
    from sklearn.linear_model import Ridge

    _, language = np.unique(np.array(languages), return_inverse=True)
    sizes = np.bincount(language)
    mean = np.bincount(language, ratings) / sizes
    spread = np.sqrt(np.bincount(language, (ratings - mean[language]) ** 2) / sizes)
    target = ((ratings - mean[language]) / spread[language]).astype(np.float32)
    centre, scale = rows.mean(axis=0), rows.std(axis=0) + 1e-6
    clipped = standardised(rows, centre, scale, Merit.CLIP)
    return Merit(
        centre,
        scale,
        Ridge(alpha=INPUT_PENALTY).fit(clipped, target).coef_.astype(np.float64),
        {
            tokens: (
                Ridge(alpha=penalty, solver="sparse_cg", tol=1e-6).fit(ngrams[tokens], target).coef_ / 2
            ).astype(np.float16)
            for tokens, penalty in NGRAM_PENALTIES.items()
        },
    )


def merit_ngrams(texts: Sequence[str], folder: Path, jobs: int) -> dict[str, Any]:
    """The n-grams of some sentences, as `fit_merit` wants them."""
    table = folder / "lexicon.tsv.gz"
    return {tokens: line_matrix(texts, tokens, space, table, jobs) for tokens, space in MERIT_SPACES.items()}


def fit_quality(data: Path, rows: Sequence[Row], folder: Path, jobs: int) -> Quality:
    """The quality model with its map. `rows`: documents for which `is_for_quality` holds."""
    from sklearn.isotonic import IsotonicRegression

    texts, ratings, languages = rated_sentences(data / "train" / "mlqe_sentences.jsonl.xz")
    own, assumed = own_sentences(rows)
    matrix = inputs([*texts, *own], folder, jobs)
    targets = np.concatenate([ratings, assumed])
    trees = fit_trees(matrix, targets)
    ngrams = merit_ngrams([*texts, *own], folder, jobs)
    rated = np.flatnonzero(is_rated(ratings))
    merit = fit_merit(
        matrix[rated],
        {tokens: found[rated] for tokens, found in ngrams.items()},
        ratings[rated],
        [languages[i] for i in rated.tolist()],
    )
    predicted = np.clip(trees.evaluate(matrix), 0.0, 100.0) + MERIT_WEIGHT * merit_of(merit, matrix, ngrams)
    means, wanted = pseudo_articles(predicted, targets, [*languages, *["own"] * len(own)])
    fitted = IsotonicRegression(y_min=0.0, y_max=100.0, out_of_bounds="clip").fit(means, wanted)
    places = np.quantile(means, np.linspace(0, 1, 21))
    knots = tuple((float(a), float(b)) for a, b in zip(places, fitted.predict(places), strict=True))
    return Quality(trees, merit, knots, models_in(folder).lexicon.floor)


def merit_of(
    merit: Merit, rows: npt.NDArray[np.float64], ngrams: Mapping[str, Any]
) -> npt.NDArray[np.float64]:
    """The merit of sentences, from their inputs and `merit_ngrams`."""
    parts = [ngrams[tokens] @ weights.astype(np.float64) for tokens, weights in merit.ngrams.items()]
    found: npt.NDArray[np.float64] = merit.of_inputs(rows) + sum(parts)
    return found


def is_rated(ratings: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """Which ratings people gave; the others are assumed."""
    return ~np.isin(ratings, (HUMAN_RATING, POST_EDIT_RATING, ROUND_TRIP_RATING))


def pseudo_articles(
    predicted: npt.NDArray[np.float64], targets: npt.NDArray[np.float64], languages: Sequence[str]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Mean predicted and mean real rating of groups of 16 sentences of one language that were rated alike."""
    order = sorted(range(len(targets)), key=lambda i: (languages[i], round(float(targets[i]) / 10), i))
    groups = [order[i : i + 16] for i in range(0, len(order) - 15, 16)]
    return np.array([predicted[g].mean() for g in groups]), np.array([targets[g].mean() for g in groups])
