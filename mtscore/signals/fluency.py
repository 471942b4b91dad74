"""Fluency: how predictable the text is, word by word, from the left, from the right and by syntax.

Perplexity alone points the wrong way (fluent machine translation is more predictable than people), so the
distribution matters more than the mean: its tails, the worst sentences, and how often the models had to
fall back to shorter n-grams.
"""

from __future__ import annotations

import numpy as np

from mtscore.analysis import Analysis, Floats
from mtscore.signals.quantiles import percentiles

_TOKEN_QUANTILES = (2, 5, 10, 25, 50, 75)
_SENTENCE_QUANTILES = (10, 25, 50, 75, 90)
_MODELS = ("forward", "backward", "syntax")

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


def sentence_means(values: Floats, sentence: np.ndarray) -> Floats:
    """Mean of `values` per sentence, those of fewer than 4 tokens left out (unless all are)."""
    counts = np.bincount(sentence)
    means = np.bincount(sentence, weights=values) / np.maximum(counts, 1)
    long_enough = counts >= 4
    return (means[long_enough] if long_enough.any() else means).astype(np.float32)


def fluency_signals(analysis: Analysis) -> dict[str, float]:
    """The signals of `FLUENCY_NAMES` for one document."""
    if not analysis.words:
        return dict.fromkeys(FLUENCY_NAMES, 0.0)
    values = {model: getattr(analysis, model) for model in _MODELS}
    orders = {model: getattr(analysis, f"{model}_order") for model in _MODELS}
    out: list[float] = [-float(values[m].mean()) for m in _MODELS]
    out += [float(values[m].std()) for m in _MODELS]
    for model in _MODELS:
        out += percentiles(values[model], _TOKEN_QUANTILES)
    for model in _MODELS:
        out += percentiles(sentence_means(values[model], analysis.sentence), _SENTENCE_QUANTILES)
    for model in _MODELS:
        out += [float((orders[model] == n).mean()) for n in (1, 2, 3)]
    out += [float(orders[m].mean()) for m in _MODELS]
    out.append(float(values["forward"].mean() - values["syntax"].mean()))
    out.append(_correlation(values["forward"], values["syntax"]))
    return dict(zip(FLUENCY_NAMES, out, strict=True))


def _correlation(a: Floats, b: Floats) -> float:
    """Pearson correlation, 0 where either side does not vary."""
    spread = float(a.std() * b.std())
    return float(((a - a.mean()) * (b - b.mean())).mean() / spread) if spread > 1e-9 else 0.0
