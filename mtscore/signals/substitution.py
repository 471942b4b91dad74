"""Substitution: words that stand where another word belongs.

A wrong-sense word is a good word in bad company: its neighbours do not support it, although its frequency
is ordinary. `Analysis.support` measures that from both sides; the signals are its low tail, counted per 100
words and by strength so that a long article with five glaring errors is not averaged away.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from mtscore.arrays.ragged import Array, Floats, RowSplits
from mtscore.signals.analysis import Group
from mtscore.words.lexicon import Lexicon

_SUPPORT_QUANTILES = (2, 5, 10, 25, 50, 75)
_SUPPORT_LIMITS = (0.0, -0.5, -1.0, -2.0)

SUBSTITUTION_NAMES: tuple[str, ...] = (
    "left_lift",
    "right_lift",
    "content_support",
    *(f"content_support_q{q:02d}" for q in _SUPPORT_QUANTILES),
    *(f"unsupported_{-limit:.1f}_per_100" for limit in _SUPPORT_LIMITS),
    "unseen_pairs_per_100",
    "unseen_common_pairs_per_100",
    "isolated_words_per_100",
    "worst_support_q10",
    "worst_support_q50",
    "function_support",
    "function_support_q10",
    "invented_per_100",
    "invented_distinct_per_100",
    "unknown_names_per_100",
    "rare_words_per_100",
    "mean_frequency",
)
"""In the order of `substitution_signals`. Lifts: mean log10 gain of the context over the word's frequency,
from the left, from the right (worse: lower). `content_support*`: both sides together, content words only,
mean and quantiles. `unsupported_x_per_100`: content words whose support is below -x, per 100 words (worse:
higher). `unseen_*pairs`: neighbours never seen together, and such pairs of two common words.
`isolated_words`: common words unseen with either neighbour. `worst_support_q*`: quantiles over sentences of
the least supported content word. `invented_*`: lower-case words unknown to the word table, of at least four
letters. All are 0 for a text without words."""

COMMON = -4.6
"""log10 relative frequency from which a word counts as common (about 1,800 occurrences in 70 M)."""


def is_invented(word: str, raw: str, lexicon: Lexicon) -> bool:
    """Whether a token looks like no English word at all: lower case, four letters or more, not known."""
    return len(word) >= 4 and raw.islower() and word.isalpha() and word not in lexicon


def substitution_signals(group: Group, texts: Sequence[str], lexicon: Lexicon) -> Floats:
    """The signals of `SUBSTITUTION_NAMES`, a row for each document; `texts` are the originals."""
    whole, tokens = group.whole, group.tokens
    is_word, alone, support = whole.is_word, whole.alone, whole.support
    words = tokens.total(is_word)
    per_100 = 100.0 / np.maximum(words, 1)
    known = alone > lexicon.floor
    content, function = group.is_content & known, is_word & ~group.is_content
    by_word = np.array([whole.forward - alone, whole.backward - alone, alone])[:, is_word]
    left_lift, right_lift, frequency = tokens.chosen(is_word).means(by_word)
    of_content, content_support = tokens.chosen(content), support[content]
    of_function, function_support = tokens.chosen(function), support[function]
    common = is_word & (alone > COMMON)
    unseen = _with_the_one_before(is_word, tokens) & (whole.forward_order == 1)
    unseen[1:] &= whole.sentence[1:] == whole.sentence[:-1]
    isolated = common & (whole.forward_order == 1) & (whole.backward_order == 1)
    worst, of_worst = _worst_per_sentence(group, content, support)
    columns = [
        left_lift,
        right_lift,
        of_content.means(content_support),
        *of_content.percentiles(content_support, _SUPPORT_QUANTILES),
        *(of_content.total(content_support < limit) * per_100 for limit in _SUPPORT_LIMITS),
        tokens.total(unseen) * per_100,
        tokens.total(unseen & _with_the_one_before(common, tokens)) * per_100,
        tokens.total(isolated) * per_100,
        *of_worst.percentiles(worst, (10, 50)),
        of_function.means(function_support),
        # A single percentile, in single precision: so it was when the models were trained.
        *of_function.percentiles(function_support, (10,), np.float32),
        *(_unknown_words(group, texts, lexicon, is_word & ~known) * per_100),
        tokens.total(is_word & known & (alone < -6.0)) * per_100,
        frequency,
    ]
    found: Floats = np.array(columns, np.float64).T
    found[words == 0] = 0.0
    return found


def _with_the_one_before(mask: npt.NDArray[np.bool_], tokens: RowSplits) -> npt.NDArray[np.bool_]:
    """Where the mask holds for a token and for the one before it; never at a document's first token."""
    both = mask.copy()
    both[1:] &= mask[:-1]
    both[tokens.bounds[:-1][tokens.sizes > 0]] = False
    return both


def _unknown_words(
    group: Group, texts: Sequence[str], lexicon: Lexicon, unknown: npt.NDArray[np.bool_]
) -> Floats:
    """Of the unknown words of each document: how many look invented, how many different ones do, and how many are
    capitalised."""
    places = np.flatnonzero(unknown)
    owners, starts, ends = (
        each[places].tolist() for each in (group.tokens.owner, group.whole.starts, group.whole.ends)
    )
    invented: list[list[str]] = [[] for _ in texts]
    capitals = [0] * len(texts)
    for place, owner, start, end in zip(places.tolist(), owners, starts, ends, strict=True):
        raw = texts[owner][start:end]
        capitals[owner] += raw[:1].isupper()
        if is_invented(group.whole.words[place], raw, lexicon):
            invented[owner].append(raw)
    return np.array([list(map(len, invented)), list(map(len, map(set, invented))), capitals], np.float64)


def _worst_per_sentence(
    group: Group, content: npt.NDArray[np.bool_], support: Array
) -> tuple[Array, RowSplits]:
    """The lowest support of a content word in each sentence that has one, and which document has which."""
    worst = np.full(len(group.whole.sentences), np.inf, np.float32)
    np.minimum.at(worst, group.whole.sentence[content], support[content])
    has_any = np.isfinite(worst)
    return worst[has_any], group.sentences.chosen(has_any)
