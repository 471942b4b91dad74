"""Fluency: how predictable the text is, word by word, from the left, from the right and by syntax.

Perplexity alone points the wrong way (fluent machine translation is more predictable than people), so the
distribution matters more than the mean: its tails, the worst sentences, and how often the models had to
fall back to shorter n-grams.
"""

from __future__ import annotations

import numpy as np

from mtscore.arrays.ragged import Array, Floats, RowSplits
from mtscore.signals.analysis import Group

_TOKEN_QUANTILES = (2, 5, 10, 25, 50, 75)
_SENTENCE_QUANTILES = (10, 25, 50, 75, 90)
_MODELS = ("forward", "backward", "syntax")

LONG = 4
"""Tokens from which a sentence counts in the quantiles over sentences."""

FLUENCY_NAMES: tuple[str, ...] = (
    *(f"{model}_perplexity_log10" for model in _MODELS),
    *(f"{model}_std" for model in _MODELS),
    *(f"{model}_q{q:02d}" for model in _MODELS for q in _TOKEN_QUANTILES),
    *(f"{model}_sentence_q{q:02d}" for model in _MODELS for q in _SENTENCE_QUANTILES),
    *(f"{model}_order{n}" for model in _MODELS for n in (1, 2, 3)),
    *(f"{model}_mean_order" for model in _MODELS),
    "word_minus_syntax",
    "forward_syntax_correlation",
)
"""In the order of `fluency_signals`. Per model: log10 perplexity per token (worse: higher); standard
deviation and quantiles of the tokens' log10 probability (worse: lower quantiles); quantiles over sentences
of their mean log10 probability; share of tokens for which only a 1-, 2-, 3-gram was known; mean length of
the known n-gram. `word_minus_syntax` is the mean log10 probability by words less that by syntax.
All are 0 for a text without tokens."""


def sentence_means(values: Array, group: Group) -> tuple[Array, RowSplits]:
    """Mean of each row of `values` in every sentence of at least `LONG` tokens (of all where a document has no such
    sentence), in single precision, and which document has which."""
    whole = group.whole
    counts = group.sentence_sizes
    sums = np.array([np.bincount(whole.sentence, row, len(counts)) for row in values])
    is_long = counts >= LONG
    has_none = group.sentences.total(is_long) == 0
    kept = is_long | has_none[group.sentences.owner]
    return (sums / counts).astype(np.float32)[:, kept], group.sentences.chosen(kept)


def fluency_signals(group: Group) -> Floats:
    """The signals of `FLUENCY_NAMES`, a row for each document."""
    whole, tokens = group.whole, group.tokens
    values = np.array([getattr(whole, model) for model in _MODELS])
    orders = [getattr(whole, f"{model}_order") for model in _MODELS]
    means = tokens.means(values)
    deviations = values - means[:, tokens.owner]
    forward, _, syntax = deviations
    products = tokens.means(np.array([*(deviations * deviations), forward * syntax]))
    spreads, covariance = np.sqrt(products[:3]), products[3]
    by_sentence, sentences = sentence_means(values, group)
    sizes = np.maximum(tokens.sizes, 1)
    rows: Floats = np.concatenate(
        [
            -means,
            spreads,
            np.concatenate(tokens.percentiles(values, _TOKEN_QUANTILES)),
            np.concatenate(sentences.percentiles(by_sentence, _SENTENCE_QUANTILES)),
            [tokens.total(each == n) / sizes for each in orders for n in (1, 2, 3)],
            [tokens.total(each) / sizes for each in orders],
            [means[0] - means[2], _correlation(covariance, spreads[0] * spreads[2])],
        ],
        dtype=np.float64,
    )
    return rows.T


def _correlation(covariance: Array, spread: Array) -> Floats:
    """Pearson correlation, 0 where either side does not vary."""
    varies = spread > 1e-9
    return np.where(varies, covariance / np.where(varies, spread, 1), 0.0)
