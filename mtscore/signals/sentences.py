"""Every sentence by itself, as a row of numbers: what the quality model reads.

Articles are rarely bad in every line; judged sentence by sentence, the bad ones stand out and a long article
does not average them away.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from mtscore.signals.analysis import Group

_MODELS = ("forward", "backward", "syntax")

SENTENCE_INPUTS: tuple[str, ...] = (
    "tokens_ln", "words_share", "content_share", "capital_share", "number_share", "comma_share",
    *(f"{m}_{s}" for m in _MODELS for s in ("mean", "std", "min", "min2", "below_median")),
    *(f"{m}_order{n}" for m in _MODELS for n in (1, 2, 3)),
    *(f"{m}_mean_order" for m in _MODELS),
    "alone_mean", "left_lift", "right_lift", "content_support", "content_support_min", "function_support",
    "function_support_min", "isolated_share", "unknown_share", "letters_mean",
)  # fmt: skip
"""Columns of `sentence_inputs`: log10 probabilities per token under the three models (mean, deviation,
lowest, second lowest, share below -3), share of tokens by length of the matched n-gram, lifts over frequency
and supports as in `substitution`, and the make-up of the sentence."""

_NUMBERS = frozenset(("<num>", "<year>"))

SHORT = 5
"""Sentences of fewer words than this are not judged by themselves."""


def sentence_inputs(group: Group, texts: Sequence[str], floor: float) -> npt.NDArray[np.float64]:
    """The matrix sentences x `SENTENCE_INPUTS`, in the order of the group's sentences; `texts` are the originals,
    `floor` is the word table's frequency of unknown words."""
    analysis = group.whole
    index, count = analysis.sentence, len(analysis.sentences)
    if not count:
        return np.zeros((0, len(SENTENCE_INPUTS)))
    tokens = group.sentence_sizes
    firsts = np.concatenate(([0], np.cumsum(tokens)[:-1]))

    def mean(
        values: npt.NDArray[np.generic], mask: npt.NDArray[np.bool_] | None = None
    ) -> npt.NDArray[np.float64]:
        if mask is None:
            return np.bincount(index, values.astype(np.float64), count) / tokens
        marked = np.bincount(index[mask], minlength=count)
        return np.bincount(index[mask], values[mask].astype(np.float64), count) / np.maximum(marked, 1)

    def lowest(values: npt.NDArray[np.floating], mask: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
        return np.minimum(np.minimum.reduceat(np.where(mask, values, 9.0), firsts), 9.0)

    content = group.is_content
    function = analysis.is_word & ~content
    capital = np.fromiter(map(str.isupper, _first_letters(group, texts)), np.bool_, len(index))
    number = np.fromiter(map(_NUMBERS.__contains__, analysis.words), np.bool_, len(index))
    comma = np.fromiter(map(",".__eq__, analysis.words), np.bool_, len(index))
    columns = [np.log(tokens), *(mean(m) for m in (analysis.is_word, content, capital, number, comma))]
    everything = np.ones(len(index), np.bool_)
    for model in _MODELS:
        values = getattr(analysis, model)
        average, low = mean(values), lowest(values, everything)
        spread = np.sqrt(np.maximum(mean(values.astype(np.float64) ** 2) - average**2, 0))
        second = lowest(values, values > low[index])
        columns += [average, spread, low, np.where(second < 9, second, low), mean(values < -3)]
    for model in _MODELS:
        orders = getattr(analysis, f"{model}_order")
        columns += [mean(orders == n) for n in (1, 2, 3)]
    columns += [mean(getattr(analysis, f"{model}_order")) for model in _MODELS]
    support = analysis.support
    isolated = (analysis.forward_order == 1) & (analysis.backward_order == 1) & analysis.is_word
    letters = (analysis.ends - analysis.starts).astype(np.float64)
    columns += [
        mean(analysis.alone),
        mean(analysis.forward - analysis.alone, analysis.is_word),
        mean(analysis.backward - analysis.alone, analysis.is_word),
        mean(support, content),
        np.minimum(lowest(support, content), 3.0),
        mean(support, function),
        np.minimum(lowest(support, function), 3.0),
        mean(isolated),
        mean((analysis.alone <= floor) & analysis.is_word),
        mean(letters, analysis.is_word),
    ]
    return np.stack(columns, axis=1)


def _first_letters(group: Group, texts: Sequence[str]) -> Iterator[str]:
    """The first character of each token as it stands in its text."""
    starts = group.whole.starts.tolist()
    for text, (low, high) in zip(texts, group.tokens.pairs, strict=True):
        yield from map(text.__getitem__, starts[low:high])
