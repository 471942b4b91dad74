"""Every sentence by itself, as a row of numbers: what the quality model reads.

Articles are rarely bad in every line; judged sentence by sentence, the bad ones stand out and a long article
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


def sentence_inputs(group: Group, texts: Sequence[str], floor: float) -> npt.NDArray[np.float64]:
    """The matrix sentences x `SENTENCE_INPUTS`, in the order of the group's sentences; `texts` are the originals,
    `floor` is the word table's frequency of unknown words."""
    analysis = group.whole
    if not analysis.sentences:
        return np.zeros((0, len(SENTENCE_INPUTS)))
    by_sentence = _BySentence(analysis.sentence, group.sentence_sizes)
    mean = by_sentence.mean
    content, length = group.is_content, len(analysis.sentence)
    capital = np.fromiter(map(str.isupper, _first_letters(group, texts)), np.bool_, length)
    number = np.fromiter(map(_NUMBERS.__contains__, analysis.words), np.bool_, length)
    comma = np.fromiter(map(",".__eq__, analysis.words), np.bool_, length)
    columns = [np.log(by_sentence.sizes)]
    columns += [mean(m) for m in (analysis.is_word, content, capital, number, comma)]
    for model in _MODELS:
        columns += by_sentence.spread(getattr(analysis, model))
    for model in _MODELS:
        orders = getattr(analysis, f"{model}_order")
        columns += [mean(orders == n) for n in (1, 2, 3)]
    columns += [mean(getattr(analysis, f"{model}_order")) for model in _MODELS]
    return np.stack([*columns, *_of_words(group, by_sentence, floor)], axis=1)


@dataclass(frozen=True, slots=True)
class _BySentence:
    """Sums up values of tokens sentence by sentence: `index` is each token's sentence, `sizes` their tokens."""

    index: npt.NDArray[np.integer]
    sizes: npt.NDArray[np.integer]

    def mean(
        self, values: npt.NDArray[np.generic], mask: npt.NDArray[np.bool_] | None = None
    ) -> npt.NDArray[np.float64]:
        """Over all tokens, or over those of the mask (0 where there are none)."""
        count = len(self.sizes)
        if mask is None:
            return np.bincount(self.index, values.astype(np.float64), count) / self.sizes
        marked = np.bincount(self.index[mask], minlength=count)
        sums = np.bincount(self.index[mask], values[mask].astype(np.float64), count)
        return sums / np.maximum(marked, 1)

    def lowest(
        self, values: npt.NDArray[np.floating], mask: npt.NDArray[np.bool_]
    ) -> npt.NDArray[np.float64]:
        """The lowest of the mask; 9 where there is none."""
        firsts = np.concatenate(([0], np.cumsum(self.sizes)[:-1]))
        return np.minimum(np.minimum.reduceat(np.where(mask, values, 9.0), firsts), 9.0)

    def spread(self, values: npt.NDArray[np.floating]) -> list[npt.NDArray[np.float64]]:
        """Mean, deviation, lowest, second lowest, and share below -3."""
        average, low = self.mean(values), self.lowest(values, np.ones(len(values), np.bool_))
        deviation = np.sqrt(np.maximum(self.mean(values.astype(np.float64) ** 2) - average**2, 0))
        second = self.lowest(values, values > low[self.index])
        return [average, deviation, low, np.where(second < 9, second, low), self.mean(values < -3)]


def _of_words(group: Group, by_sentence: _BySentence, floor: float) -> list[npt.NDArray[np.float64]]:
    """The columns on frequency, lift, support, and length of words."""
    analysis, mean, lowest = group.whole, by_sentence.mean, by_sentence.lowest
    content, support = group.is_content, analysis.support
    function = analysis.is_word & ~content
    isolated = (analysis.forward_order == 1) & (analysis.backward_order == 1) & analysis.is_word
    letters = (analysis.ends - analysis.starts).astype(np.float64)
    return [
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


def _first_letters(group: Group, texts: Sequence[str]) -> Iterator[str]:
    """The first character of each token as it stands in its text."""
    starts = group.whole.starts.tolist()
    for text, (low, high) in zip(texts, group.tokens.pairs, strict=True):
        yield from map(text.__getitem__, starts[low:high])
