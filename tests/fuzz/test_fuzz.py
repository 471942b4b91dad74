"""Whatever comes in, a verdict that holds comes out, in time. `long_run.py` tries many more."""

from __future__ import annotations

import pytest
from checks import check
from hypothesis import HealthCheck, given, settings
from strategies import dirty_words, pages, texts

from mtscore import Document, Scorer

quick = settings(
    max_examples=250,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)


@quick
@given(text=texts())
def test_any_text(shipped: Scorer, text: str) -> None:
    check(shipped, Document("text", text))


@quick
@given(page=pages())
def test_any_page(shipped: Scorer, page: str) -> None:
    check(shipped, Document("page", page, is_html=True))


@quick
@given(words=dirty_words())
def test_what_nobody_sees_changes_nothing(shipped: Scorer, words: tuple[str, str]) -> None:
    clean, dirty = (check(shipped, Document("words", text)) for text in words)
    assert (clean.score, clean.quality, clean.signals) == (dirty.score, dirty.quality, dirty.signals)
    assert [item.kind for item in clean.evidence] == [item.kind for item in dirty.evidence]
    if clean.score is not None:
        assert clean.score == pytest.approx(dirty.score)
