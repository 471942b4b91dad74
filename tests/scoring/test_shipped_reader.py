"""The shipped reader with the shipped model: skipped where the reader is not installed."""

from __future__ import annotations

from pathlib import Path

import pytest

from mtscore import Scorer, Verdict
from mtscore.reading.reader import is_installed

pytestmark = pytest.mark.skipif(not is_installed(), reason="the reader is not installed")

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


@pytest.fixture(scope="module")
def closely() -> Scorer:
    return Scorer.load(reading="close")


def told(verdict: Verdict) -> tuple[object, ...]:
    return verdict.score, verdict.label, verdict.quality, verdict.evidence, verdict.signals


def test_the_garbled_example_is_garbled_and_a_human_text_is_not(closely: Scorer) -> None:
    garbled = closely.score((EXAMPLES / "garbled.txt").read_text(encoding="utf-8"))
    human = closely.score((EXAMPLES / "clean.txt").read_text(encoding="utf-8"))
    assert (garbled.label, human.label) == ("garbled", "clean")
    assert garbled.quality is not None
    assert human.quality is not None
    assert garbled.quality < 60 < 75 < human.quality


def test_a_verdict_does_not_depend_on_processes_threads_or_neighbours(closely: Scorer) -> None:
    text = (EXAMPLES / "garbled.txt").read_text(encoding="utf-8")
    texts = [text[:1200], text[1200:2400], text[:700]]
    alone = [told(closely.score(each)) for each in texts]
    assert [told(v) for v in closely.score_many(texts * 2, jobs=2)] == alone * 2
    one_thread = Scorer(closely.model, reading="close", threads=1)
    assert [told(one_thread.score(each)) for each in reversed(texts)] == alone[::-1]
