"""Substitution: words that stand where another word belongs.

A wrong-sense word is a good word in bad company: its neighbours do not support it, although its frequency
is ordinary. `Analysis.support` measures that from both sides; the signals are its low tail, counted per 100
words and by strength so that a long article with five glaring errors is not averaged away.
"""

from __future__ import annotations

import numpy as np

from mtscore.analysis import Analysis
from mtscore.lexicon import Lexicon
from mtscore.signals.quantiles import percentiles
from mtscore.signals.sentences import content_mask

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


def substitution_signals(analysis: Analysis, text: str, lexicon: Lexicon) -> dict[str, float]:
    """The signals of `SUBSTITUTION_NAMES` for one document; `text` is the original."""
    words = int(analysis.is_word.sum())
    if not words:
        return dict.fromkeys(SUBSTITUTION_NAMES, 0.0)
    per_100 = 100.0 / words
    support = analysis.support
    known = analysis.alone > lexicon.floor
    content = content_mask(analysis)
    function = analysis.is_word & ~content
    content &= known
    content_support = support[content] if content.any() else np.zeros(1, np.float32)
    out: list[float] = [
        float((analysis.forward - analysis.alone)[analysis.is_word].mean()),
        float((analysis.backward - analysis.alone)[analysis.is_word].mean()),
        float(content_support.mean()),
        *percentiles(content_support, _SUPPORT_QUANTILES),
        *(float((content_support < limit).sum()) * per_100 for limit in _SUPPORT_LIMITS),
    ]
    common = analysis.is_word & (analysis.alone > COMMON)
    unseen = analysis.is_word[1:] & analysis.is_word[:-1] & (analysis.forward_order[1:] == 1)
    unseen &= analysis.sentence[1:] == analysis.sentence[:-1]
    isolated = common & (analysis.forward_order == 1) & (analysis.backward_order == 1)
    out += [
        float(unseen.sum()) * per_100,
        float((unseen & common[1:] & common[:-1]).sum()) * per_100,
        float(isolated.sum()) * per_100,
    ]
    worst = _worst_per_sentence(analysis, content, support)
    out += percentiles(worst, (10, 50))
    function_support = support[function] if function.any() else np.zeros(1, np.float32)
    out += [float(function_support.mean()), float(np.percentile(function_support, 10))]
    unknown = np.flatnonzero(analysis.is_word & ~known)
    raws = [text[analysis.starts[i] : analysis.ends[i]] for i in unknown]
    invented = [
        raw for i, raw in zip(unknown, raws, strict=True) if is_invented(analysis.words[i], raw, lexicon)
    ]
    out += [
        len(invented) * per_100,
        len(set(invented)) * per_100,
        sum(raw[:1].isupper() for raw in raws) * per_100,
        float((analysis.is_word & known & (analysis.alone < -6.0)).sum()) * per_100,
        float(analysis.alone[analysis.is_word].mean()),
    ]
    return dict(zip(SUBSTITUTION_NAMES, out, strict=True))


def _worst_per_sentence(analysis: Analysis, content: np.ndarray, support: np.ndarray) -> np.ndarray:
    """The lowest support of a content word in each sentence that has one; a single 0 where none has."""
    if not content.any():
        return np.zeros(1, np.float32)
    worst = np.full(len(analysis.sentences), np.inf, np.float32)
    np.minimum.at(worst, analysis.sentence[content], support[content])
    return worst[np.isfinite(worst)]
