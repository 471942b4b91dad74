"""Surface: debris that translation pipelines leave in the text, and the shape of the sentences.

Read from the raw text, because the tokens are blind to it on purpose. Each sign is weak alone: detached
hyphens are also typical of speech-to-text and PDF extraction.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import chain, compress, repeat

import numpy as np

from mtscore.arrays.ragged import Floats, RowSplits
from mtscore.records import Span
from mtscore.signals.analysis import Group

DEBRIS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("detached_hyphen", re.compile(r" (?<=\w )-(?=[a-z])|-(?<=[a-z]-) (?=[a-z])")),
    (
        "turned_quote",
        re.compile(r":”(?=\s|$)|“(?=\s|$|[,.;)])|”(?=\w)(?:(?<=\s”)|(?<=^”))|“(?<=\w“)(?=\w)", re.M),
    ),
    (
        "entity_remain",
        re.compile(r"&(?:amp|quot|apos|lt|gt|nbsp|#\d{1,5});|@-@|&\s?[a-z]{2,5}\s?;|▁|⁇|<unk>"),
    ),
    ("glued_words", re.compile(r"[a-z]{2}[.,;:!?][A-Z][a-z]|\b[a-z]{2,}[A-Z][a-z]{2,}")),
    ("repeated_word", re.compile(r"\b([A-Za-z]{2,})[ ,]+\1\b(?![-'’])", re.IGNORECASE)),
    (
        "repeated_mark",
        re.compile(r"[,;:(.](?:(?<=[,;:])\s*[,;:](?:\s*[,;:])*\s*|(?<=\()\s*\)|(?<=\.)\s+\.(?!\s*\.))"),
    ),
)
"""Debris by name, each a pattern that reads at most a few characters ahead: linear in the text. Where it can, a
pattern begins with the characters that a match begins with and looks back only then: so `re` skips to them."""

_HINTS = {"glued_words": re.compile(r"[A-Z](?<=[a-z.,;:!?][A-Z])")}
"""Quicker patterns that occur wherever the first does."""

FUNCTION_WORDS: tuple[str, ...] = tuple(
    (
        "the of a an to in and for on with by at from as that this which it its is was are were be been has "
        "have had not no but or who what when if so there their his her he she they we i you will would can "
        "could should may must do did also only about after before during into over up out one all more than "
        "then now very such these those other some any many own s t said"
    ).split()
)

SURFACE_NAMES: tuple[str, ...] = (
    *(f"{name}_per_1000" for name, _ in DEBRIS),
    "sentence_words_mean",
    "sentence_words_std",
    "word_letters_mean",
    "commas_per_100",
    "quotes_per_100",
    "numbers_per_100",
    "distinct_words_per_100",
    *(f"fw_{word}" for word in FUNCTION_WORDS),
)
"""In the order of `surface_signals`: debris per 1,000 words (worse: higher); words per sentence, mean and
standard deviation; letters per word; marks per 100 words; mean number of different words in windows of 100;
`fw_*`: occurrences of a function word per 100 words. All 0 for a text without words."""

WINDOW = 100

_MARKS = ((",",), ('"',), ("<num>", "<year>"))
_COLUMNS = {token: place for place, tokens in enumerate((*_MARKS, *zip(FUNCTION_WORDS))) for token in tokens}
_WIDTH = len(_MARKS) + len(FUNCTION_WORDS) + 1
"""Columns that `_counted` counts in; the last is for all other tokens."""


def find_debris(text: str, spans: Sequence[Span]) -> list[tuple[str, Span]]:
    """Every piece of debris inside `spans` with its name, in text order per name."""
    return [
        (name, Span(match.start(), match.end()))
        for name, pattern in DEBRIS
        for span in spans
        if name not in _HINTS or _HINTS[name].search(text, span.start, span.end)
        for match in pattern.finditer(text, span.start, span.end)
    ]


def surface_signals(group: Group, texts: Sequence[str], bodies: Sequence[Sequence[Span]]) -> Floats:
    """The signals of `SURFACE_NAMES`, a row for each document; `texts` are the originals and `bodies` their spans."""
    whole, tokens = group.whole, group.tokens
    words = tokens.total(whole.is_word)
    per_100 = 100.0 / np.maximum(words, 1)
    debris = [
        Counter(name for name, _ in find_debris(text, spans))
        for text, spans in zip(texts, bodies, strict=True)
    ]
    letters = np.fromiter(map(len, whole.words), np.int64, len(whole.words)) * whole.is_word
    marks, function_words = np.split(_counted(group) * per_100, [len(_MARKS)])
    rows: Floats = np.concatenate(
        [
            np.array([[found[name] for found in debris] for name, _ in DEBRIS]) * per_100 * 10,
            _sentence_lengths(group),
            [tokens.total(letters) / np.maximum(words, 1)],
            marks,
            [_distinct(group)],
            function_words,
        ]
    )
    rows[:, words == 0] = 0.0
    return rows.T


def _sentence_lengths(group: Group) -> tuple[Floats, Floats]:
    """Words per sentence that has any: mean and standard deviation."""
    words = np.bincount(group.whole.sentence[group.whole.is_word], minlength=len(group.whole.sentences))
    lengths, sentences = words[words > 0].astype(np.float64), group.sentences.chosen(words > 0)
    means = sentences.means(lengths)
    deviations = lengths - means[sentences.owner]
    return means, np.sqrt(sentences.means(deviations * deviations))


def _counted(group: Group) -> Floats:
    """How often each document has the tokens of `_MARKS` and each function word: a row for each of these."""
    words, documents = group.whole.words, len(group.tokens)
    column = np.fromiter(map(_COLUMNS.get, words, repeat(_WIDTH - 1)), np.int64, len(words))
    counts = np.bincount(group.tokens.owner * _WIDTH + column, minlength=_WIDTH * documents)
    return counts.reshape(documents, _WIDTH).T[:-1].astype(np.float64)


def _distinct(group: Group) -> Floats:
    """Mean number of different words per 100 in consecutive windows; a short text counts proportionally."""
    words = list(compress(group.whole.words, group.whole.is_word.tolist()))
    windows = [
        [words[i : min(i + WINDOW, high)] for i in range(low, max(high - WINDOW, low) + 1, WINDOW)]
        for low, high in group.tokens.chosen(group.whole.is_word).pairs
    ]
    shares = [len(set(w)) * WINDOW / max(len(w), 1) for w in chain.from_iterable(windows)]
    return RowSplits.of_sizes(map(len, windows)).means(np.array(shares))
