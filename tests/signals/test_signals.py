"""Formulas by hand: see the tables in conftest.py."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest

from mtscore.arrays.ragged import Floats
from mtscore.records import Span
from mtscore.signals.analysis import Group, analyse_together
from mtscore.signals.fluency import FLUENCY_NAMES, fluency_signals
from mtscore.signals.sentences import SENTENCE_INPUTS, sentence_inputs
from mtscore.signals.substitution import SUBSTITUTION_NAMES, is_invented, substitution_signals
from mtscore.signals.surface import SURFACE_NAMES, find_debris, surface_signals
from mtscore.text.segmentation import segment
from mtscore.words.resources import Resources

TEXT = "The cat sat."


def _group(models: Resources, *texts: str) -> Group:
    return analyse_together([segment(text, [Span(0, len(text))]) for text in texts], models)


def _named(names: Sequence[str], rows: Floats) -> dict[str, float]:
    return dict(zip(names, rows[0].tolist(), strict=True))


def test_analysis_has_the_probabilities_of_the_tables(models: Resources) -> None:
    analysis = _group(models, TEXT).whole
    # the | <s>: -0.2; cat | the: -0.7; sat | cat: backoff(cat) + P(sat) = -0.5 - 2.0; . | sat: -0.4
    assert analysis.forward.tolist() == pytest.approx([-0.2, -0.7, -2.5, -0.4])
    assert analysis.forward_order.tolist() == [2, 2, 1, 2]
    # read from the end: . | <s>: -0.2; sat | .: -0.4; cat | sat: 0 - 1.5; the | cat: -0.7
    assert analysis.backward.tolist() == pytest.approx([-0.7, -1.5, -0.4, -0.2])
    # the: -0.5; c1 | the: -0.3; c1 | c1: -1.0; .: <unk> -2.0
    assert analysis.syntax.tolist() == pytest.approx([-0.5, -0.3, -1.0, -2.0])
    assert analysis.alone.tolist() == pytest.approx([math.log10(x) for x in (0.6, 0.09, 0.01, 0.3)])


def test_perplexity_is_the_mean_of_the_negative_log_probability(models: Resources) -> None:
    signals = _named(FLUENCY_NAMES, fluency_signals(_group(models, TEXT)))
    assert signals["forward_perplexity_log10"] == pytest.approx((0.2 + 0.7 + 2.5 + 0.4) / 4)
    assert signals["forward_order1"] == pytest.approx(1 / 4)
    assert signals["forward_q50"] == pytest.approx((-0.4 - 0.7) / 2)
    assert signals["forward_sentence_q50"] == pytest.approx(-0.95)


def test_support_is_the_gain_from_both_sides_over_the_frequency(models: Resources) -> None:
    found = substitution_signals(_group(models, TEXT), [TEXT], models.lexicon)
    signals = _named(SUBSTITUTION_NAMES, found)
    cat = -0.7 - 1.5 - 2 * math.log10(0.09)
    sat = -2.5 - 0.4 - 2 * math.log10(0.01)
    assert signals["content_support"] == pytest.approx((cat + sat) / 2, abs=1e-5)
    assert signals["unsupported_-0.0_per_100"] == pytest.approx(100 * (cat < 0) / 3 + 100 * (sat < 0) / 3)
    assert signals["unseen_pairs_per_100"] == pytest.approx(100 / 3)  # cat sat
    assert signals["invented_per_100"] == 0.0


@pytest.mark.parametrize(
    ("raw", "expected"),
    [("blorfing", True), ("cat", False), ("Blorfing", False), ("zzz", False), ("zu7x", False)],
)
def test_invented_words_are_unknown_lower_case_and_long_enough(
    models: Resources, raw: str, expected: bool
) -> None:
    assert is_invented(raw.lower(), raw, models.lexicon) is expected


def test_sentence_inputs_by_hand(models: Resources) -> None:
    row = _named(SENTENCE_INPUTS, sentence_inputs(_group(models, TEXT), [TEXT], models.lexicon.floor))
    assert row["tokens_ln"] == pytest.approx(math.log(4))
    assert row["words_share"] == pytest.approx(3 / 4)
    assert row["content_share"] == pytest.approx(2 / 4)
    assert row["capital_share"] == pytest.approx(1 / 4)
    assert row["forward_mean"] == pytest.approx(-0.95)
    assert row["forward_min"] == pytest.approx(-2.5)
    assert row["forward_min2"] == pytest.approx(-0.7)
    assert row["forward_order1"] == pytest.approx(1 / 4)


def test_one_analysis_of_two_sentences_equals_each_alone(models: Resources) -> None:
    twice = f"{TEXT}\n{TEXT}"
    both = sentence_inputs(_group(models, twice), [twice], models.lexicon.floor)
    alone = sentence_inputs(_group(models, TEXT), [TEXT], models.lexicon.floor)
    assert both.tolist() == [alone[0].tolist()] * 2


@pytest.mark.parametrize("text", ["", "   \n", "12 34 .", "!!!"])
def test_text_without_words_gives_every_signal_a_number(models: Resources, text: str) -> None:
    for names, rows in _all_signals(models, text):
        assert rows.shape == (1, len(names))
        assert np.isfinite(rows).all()
    found = sentence_inputs(_group(models, text), [text], models.lexicon.floor)
    assert found.shape[1] == len(SENTENCE_INPUTS)


def _all_signals(models: Resources, *texts: str) -> list[tuple[tuple[str, ...], Floats]]:
    group, bodies = _group(models, *texts), [[Span(0, len(text))] for text in texts]
    return [
        (FLUENCY_NAMES, fluency_signals(group)),
        (SUBSTITUTION_NAMES, substitution_signals(group, texts, models.lexicon)),
        (SURFACE_NAMES, surface_signals(group, texts, bodies)),
    ]


def test_a_document_has_the_same_signals_beside_others(models: Resources) -> None:
    texts = ("The cat sat. A blorfing dog, and 12 cats!", "", "12 .", TEXT, "The Glorp sat.\nThe cat blorfs.")
    alone = [[rows[0].tolist() for _, rows in _all_signals(models, text)] for text in texts]
    together = [rows.tolist() for _, rows in _all_signals(models, *texts)]
    assert alone == [list(rows) for rows in zip(*together, strict=True)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("after the two -hour talks", ["detached_hyphen"]),
        ("a two-hour talk – and more", []),
        ("Is it real?“, said Vance", ["turned_quote"]),
        ('"Yes," he said. "No: that is it."', []),
        ("He asked:” Do you go? “, and left", ["turned_quote", "turned_quote"]),
        ("“Yes,” he said. “No.”", []),
        ("fish &amp; chips", ["entity_remain"]),
        ("they left.Then it rained", ["glued_words"]),
        ("the the house", ["repeated_word"]),
        ("he had had enough", ["repeated_word"]),
        ("well ,, no", ["repeated_mark"]),
    ],
)
def test_debris(text: str, names: list[str]) -> None:
    assert [name for name, _ in find_debris(text, [Span(0, len(text))])] == names


def test_function_words_are_counted_per_hundred_words(models: Resources) -> None:
    text = "The cat sat. The cat."
    group = analyse_together([segment(text, [Span(0, 12), Span(13, 21)])], models)
    signals = _named(SURFACE_NAMES, surface_signals(group, [text], [[Span(0, len(text))]]))
    assert signals["fw_the"] == pytest.approx(40.0)
    assert signals["sentence_words_mean"] == pytest.approx(2.5)
    assert signals["word_letters_mean"] == pytest.approx(3.0)
