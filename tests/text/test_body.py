"""The body: what is left out of a page, and above all what is not.

A case gives a `text` and some of: the spans that are `kept` of it, its `foreign` stretches, and the `language` that it
is in if that is not English. Names in braces stand for our article and its parts.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from articles import ARTICLE, PARAGRAPHS, TITLE, kept
from jsonl_cases import Case, read_cases

from mtscore.text.body import dominant_language, find_body

PARTS = {"ARTICLE": ARTICLE, "TITLE": TITLE, **{f"P{n}": text for n, text in enumerate(PARAGRAPHS)}}


@pytest.mark.parametrize("case", read_cases(Path(__file__).with_name("bodies.jsonl")))
def test_bodies(case: Case) -> None:
    text = case["text"].format(**PARTS)
    body = find_body(text)
    if "kept" in case:
        assert kept(text) == [span.format(**PARTS) for span in case["kept"]]
    if "foreign" in case:
        assert [text[found.start : found.end] for found in body.foreign] == case["foreign"]
    if "language" in case:
        assert dominant_language(body) == case["language"]
    assert not body.languages or sum(body.languages.values()) == pytest.approx(1.0)


def test_spans_are_ordered_and_disjoint_on_odd_input() -> None:
    text = "\ufeff" + "\r\n".join([TITLE, "\ud800\x00", *PARAGRAPHS, "🙂" * 9, "Реклама", "…", "a" * 5000])
    ends = 0
    for span in find_body(text).spans:
        assert ends <= span.start < span.end <= len(text)
        ends = span.end
