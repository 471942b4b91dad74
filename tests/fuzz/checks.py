"""What holds of every verdict, whatever the document was."""

from __future__ import annotations

import math
import time
from itertools import pairwise

from mtscore import Document, Scorer, Verdict
from mtscore.text.scored_text import scored_text

SECONDS, SECONDS_PER_CHARACTER = 4.0, 0.0004
"""Processor time that a document may take at most: ten times what a hard one takes."""


def check(scorer: Scorer, document: Document) -> Verdict:
    """The verdict on a document, after all that holds of verdicts has been checked."""
    start = time.process_time()
    (verdict,) = scorer.score_many([document])
    taken = time.process_time() - start
    assert taken < SECONDS + SECONDS_PER_CHARACTER * len(document.text or "")
    check_numbers(verdict)
    check_spans(verdict, scored_text(document))
    return verdict


def check_numbers(verdict: Verdict) -> None:
    """A score is a probability, and every signal a number."""
    assert (verdict.status == "scored") == (verdict.score is not None) == (verdict.reason is None)
    if verdict.score is not None:
        assert 0.0 <= verdict.score <= 1.0
    if verdict.quality is not None:
        assert 0.0 <= verdict.quality <= 100.0
    assert all(math.isfinite(value) for family in verdict.signals.values() for value in family.values())
    assert not verdict.languages or math.isclose(sum(verdict.languages.values()), 1.0)


def check_spans(verdict: Verdict, text: str) -> None:
    """Evidence quotes the text exactly, lies inside the body and does not overlap; so do the other spans."""
    assert all(0 <= span.start < span.end <= len(text) for span in verdict.body)
    assert all(before.end <= after.start for before, after in pairwise(verdict.body))
    for item in verdict.evidence:
        assert item.text == text[item.start : item.end]
        assert any(span.start <= item.start < item.end <= span.end for span in verdict.body)
        assert item.sentence.start <= item.start < item.sentence.end
    places = sorted((item.start, item.end) for item in verdict.evidence)
    assert all(before[1] <= after[0] for before, after in pairwise(places))
    for found in verdict.foreign:
        assert any(span.start <= found.start < found.end <= span.end for span in verdict.body)
