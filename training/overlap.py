"""Finds the documents of which the language models have read a sentence.

Comparing whole lines is not enough: a corpus may break its lines elsewhere than the document does. Sentences
of `MIN_TOKENS` tokens or more are compared as the models see them.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from mtscore.records import Span
from mtscore.text.segmentation import segment
from training.dataset import Row

MIN_TOKENS = 8
"""Shorter sentences ("He was born in <year>.") are everybody's."""


def known_documents(rows: Iterable[Row], sentences: Path) -> set[str]:
    """Ids of the rows that share a sentence with the corpus file (one sentence of tokens a line)."""
    owners: dict[str, list[str]] = {}
    for row in rows:
        for sentence in segment(row.text, [Span(0, len(row.text))]):
            if len(sentence.words) >= MIN_TOKENS:
                owners.setdefault(" ".join(sentence.words), []).append(row.id)
    known: set[str] = set()
    with open(sentences, encoding="utf-8", newline="\n") as lines:
        for line in lines:
            known.update(owners.get(line.rstrip("\n"), ()))
    return known
