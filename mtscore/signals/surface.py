"""Surface: debris that translation pipelines leave in the text, and the shape of the sentences.

Read from the raw text, because the tokens are blind to it on purpose. Each sign is weak alone: detached
hyphens are also typical of speech-to-text and PDF extraction.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np

from mtscore.analysis import Analysis
from mtscore.records import Span

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


def find_debris(text: str, spans: Sequence[Span]) -> list[tuple[str, Span]]:
    """Every piece of debris inside `spans` with its name, in text order per name."""
    return [
        (name, Span(match.start(), match.end()))
        for name, pattern in DEBRIS
        for span in spans
        if name not in _HINTS or _HINTS[name].search(text, span.start, span.end)
        for match in pattern.finditer(text, span.start, span.end)
    ]


def surface_signals(analysis: Analysis, text: str, spans: Sequence[Span]) -> dict[str, float]:
    """The signals of `SURFACE_NAMES` for one document; `text` is the original and `spans` its body."""
    words = [w for w, ok in zip(analysis.words, analysis.is_word.tolist(), strict=True) if ok]
    if not words:
        return dict.fromkeys(SURFACE_NAMES, 0.0)
    per_100 = 100.0 / len(words)
    found = [name for name, _ in find_debris(text, spans)]
    lengths = np.bincount(analysis.sentence[analysis.is_word], minlength=1)
    lengths = lengths[lengths > 0]
    counts = Counter(analysis.words)
    out = [
        *(found.count(name) * per_100 * 10 for name, _ in DEBRIS),
        float(lengths.mean()),
        float(lengths.std()),
        sum(map(len, words)) / len(words),
        counts.get(",", 0) * per_100,
        counts.get('"', 0) * per_100,
        (counts.get("<num>", 0) + counts.get("<year>", 0)) * per_100,
        _distinct(words),
        *(counts.get(word, 0) * per_100 for word in FUNCTION_WORDS),
    ]
    return dict(zip(SURFACE_NAMES, out, strict=True))


def _distinct(words: list[str]) -> float:
    """Mean number of different words per 100 in consecutive windows; a short text counts proportionally."""
    windows = [words[i : i + WINDOW] for i in range(0, max(len(words) - WINDOW, 0) + 1, WINDOW)]
    return float(np.mean([len(set(w)) * WINDOW / len(w) for w in windows]))
