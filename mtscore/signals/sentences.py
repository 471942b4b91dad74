"""Every sentence on its own, as a row of numbers: what the quality model reads.

Articles are rarely bad in every line. Sentence by sentence, the bad ones stand out and a long article
does not average them away.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

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

_NONE = 9.0
"""Stands for the lowest of nothing: above every log-probability."""


@dataclass(frozen=True, slots=True)
class _Sentences:
    """Which sentence each token belongs to, and how to sum tokens up by sentence."""

    index: npt.NDArray[np.integer]
    sizes: npt.NDArray[np.int64]

    def mean(
        self, values: npt.NDArray[np.generic], mask: npt.NDArray[np.bool_] | None = None
    ) -> npt.NDArray[np.float64]:
        """The mean over all tokens of a sentence or those of a mask (0 where it has none)."""
        count = len(self.sizes)
        if mask is None:
            return np.bincount(self.index, values.astype(np.float64), count) / self.sizes
        marked = np.bincount(self.index[mask], minlength=count)
        return np.bincount(self.index[mask], values[mask].astype(np.float64), count) / np.maximum(marked, 1)

    def lowest(
        self, values: npt.NDArray[np.floating], mask: npt.NDArray[np.bool_]
    ) -> npt.NDArray[np.float64]:
        """The lowest value of a mask's tokens in each sentence, `_NONE` where it has none."""
        firsts = np.concatenate(([0], np.cumsum(self.sizes)[:-1]))
        return np.minimum(np.minimum.reduceat(np.where(mask, values, _NONE), firsts), _NONE)


def sentence_inputs(group: Group, texts: Sequence[str], floor: float) -> npt.NDArray[np.float64]:
    """The matrix sentences x `SENTENCE_INPUTS`, in the order of the group's sentences; `texts` are the originals,
    `floor` is the word table's frequency of unknown words."""
    analysis = group.whole
    if not analysis.sentences:
        return np.zeros((0, len(SENTENCE_INPUTS)))
    sentences = _Sentences(analysis.sentence, group.sentence_sizes)
    columns = [np.log(sentences.sizes)]
    columns += [sentences.mean(mask) for mask in _kinds_of_tokens(group, texts)]
    for model in _MODELS:
        columns += _probabilities(sentences, getattr(analysis, model))
    for model in _MODELS:
        orders = getattr(analysis, f"{model}_order")
        columns += [sentences.mean(orders == n) for n in (1, 2, 3)]
    columns += [sentences.mean(getattr(analysis, f"{model}_order")) for model in _MODELS]
    return np.stack([*columns, *_supports(sentences, group, floor)], axis=1)


def _kinds_of_tokens(group: Group, texts: Sequence[str]) -> Iterator[npt.NDArray[np.bool_]]:
    """Masks of words, content words, capitals, numbers and commas."""
    words, count = group.whole.words, len(group.whole.sentence)
    yield group.whole.is_word
    yield group.is_content
    yield np.fromiter(map(str.isupper, _first_letters(group, texts)), np.bool_, count)
    yield np.fromiter(map(_NUMBERS.__contains__, words), np.bool_, count)
    yield np.fromiter(map(",".__eq__, words), np.bool_, count)


def _probabilities(
    sentences: _Sentences, values: npt.NDArray[np.floating]
) -> Iterator[npt.NDArray[np.float64]]:
    """What one language model says of each sentence: mean, spread, lowest, second lowest, share below -3."""
    everything = np.ones(len(values), np.bool_)
    average, low = sentences.mean(values), sentences.lowest(values, everything)
    second = sentences.lowest(values, values > low[sentences.index])
    yield average
    yield np.sqrt(np.maximum(sentences.mean(values.astype(np.float64) ** 2) - average**2, 0))
    yield low
    yield np.where(second < _NONE, second, low)
    yield sentences.mean(values < -3)


def _supports(sentences: _Sentences, group: Group, floor: float) -> Iterator[npt.NDArray[np.float64]]:
    """How well the words fit where they stand, beside how common they are."""
    analysis, content = group.whole, group.is_content
    function, support = analysis.is_word & ~content, analysis.support
    yield sentences.mean(analysis.alone)
    yield sentences.mean(analysis.forward - analysis.alone, analysis.is_word)
    yield sentences.mean(analysis.backward - analysis.alone, analysis.is_word)
    for mask in (content, function):
        yield sentences.mean(support, mask)
        yield np.minimum(sentences.lowest(support, mask), 3.0)
    yield sentences.mean((analysis.forward_order == 1) & (analysis.backward_order == 1) & analysis.is_word)
    yield sentences.mean((analysis.alone <= floor) & analysis.is_word)
    yield sentences.mean((analysis.ends - analysis.starts).astype(np.float64), analysis.is_word)


def _first_letters(group: Group, texts: Sequence[str]) -> Iterator[str]:
    """The first character of each token as it stands in its text."""
    starts = group.whole.starts.tolist()
    for text, (low, high) in zip(texts, group.tokens.pairs, strict=True):
        yield from map(text.__getitem__, starts[low:high])
