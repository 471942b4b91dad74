"""What made a score what it is, where nothing was found."""

from __future__ import annotations

from pathlib import Path

from conftest import tiny_classifier

from mtscore import Scorer
from mtscore.scoring.reasons import groups, what_speaks_for_it
from mtscore.signals.columns import FINDING_NAMES


def test_the_group_that_raises_the_score_is_named() -> None:
    """The tiny classifier asks one thing: whether perplexity is above 1.5; on average it is 0."""
    classifier = tiny_classifier()
    row = [0.0] * len(classifier.columns.names)
    assert what_speaks_for_it(classifier, row, 0.0) == ()
    row[0] = 2.0
    assert what_speaks_for_it(classifier, row, 0.0) == ("words that are unusual where they stand",)


def test_every_signal_stands_in_one_group() -> None:
    columns = tiny_classifier().columns
    named = [name for names in groups(columns).values() for name in names]
    assert sorted([*named, *FINDING_NAMES]) == sorted(columns.names)


def test_a_verdict_without_findings_says_what_speaks_for_it(tiny_model: Path) -> None:
    scorer = Scorer.load(tiny_model)
    verdict = scorer.score("Bip dax wug fep cat lom. " * 8)
    other = scorer.score("The cat sat. " * 20)
    assert verdict.label == "garbled"
    assert verdict.evidence == ()
    assert verdict.detail is not None
    assert verdict.detail.endswith("what speaks for it is: words that are unusual where they stand")
    assert (other.label, other.detail) == ("clean", None)
