"""Formulas by hand: see the tables in conftest.py."""

from __future__ import annotations

import math

import numpy as np
import pytest

from mtscore.analysis import Models, analyse
from mtscore.records import Span
from mtscore.segment import segment
from mtscore.signals.fluency import FLUENCY_NAMES, fluency_signals
from mtscore.signals.quantiles import percentiles
from mtscore.signals.sentences import SENTENCE_INPUTS, sentence_inputs
from mtscore.signals.substitution import SUBSTITUTION_NAMES, is_invented, substitution_signals
from mtscore.signals.surface import SURFACE_NAMES, find_debris, surface_signals

TEXT = "The cat sat."


def _analysis(text: str, models: Models):  # type: ignore[no-untyped-def]
    return analyse(segment(text, [Span(0, len(text))]), models)


def test_analysis_has_the_probabilities_of_the_tables(models: Models) -> None:
    analysis = _analysis(TEXT, models)
    # the | <s>: -0.2; cat | the: -0.7; sat | cat: backoff(cat) + P(sat) = -0.5 - 2.0; . | sat: -0.4
    assert analysis.forward.tolist() == pytest.approx([-0.2, -0.7, -2.5, -0.4])
    assert analysis.forward_order.tolist() == [2, 2, 1, 2]
    # read from the end: . | <s>: -0.2; sat | .: -0.4; cat | sat: 0 - 1.5; the | cat: -0.7
    assert analysis.backward.tolist() == pytest.approx([-0.7, -1.5, -0.4, -0.2])
    # the: -0.5; c1 | the: -0.3; c1 | c1: -1.0; .: <unk> -2.0
    assert analysis.syntax.tolist() == pytest.approx([-0.5, -0.3, -1.0, -2.0])
    assert analysis.alone.tolist() == pytest.approx([math.log10(x) for x in (0.6, 0.09, 0.01, 0.3)])


def test_perplexity_is_the_mean_of_the_negative_log_probability(models: Models) -> None:
    signals = fluency_signals(_analysis(TEXT, models))
    assert signals["forward_perplexity_log10"] == pytest.approx((0.2 + 0.7 + 2.5 + 0.4) / 4)
    assert signals["forward_order1"] == pytest.approx(1 / 4)
    assert signals["forward_q50"] == pytest.approx((-0.4 - 0.7) / 2)
    assert signals["forward_sentence_q50"] == pytest.approx(-0.95)


def test_support_is_the_gain_from_both_sides_over_the_frequency(models: Models) -> None:
    analysis = _analysis(TEXT, models)
    signals = substitution_signals(analysis, TEXT, models.lexicon)
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
    models: Models, raw: str, expected: bool
) -> None:
    assert is_invented(raw.lower(), raw, models.lexicon) is expected


def test_sentence_inputs_by_hand(models: Models) -> None:
    row = dict(
        zip(
            SENTENCE_INPUTS,
            sentence_inputs(_analysis(TEXT, models), TEXT, models.lexicon.floor)[0],
            strict=True,
        )
    )
    assert row["tokens_ln"] == pytest.approx(math.log(4))
    assert row["words_share"] == pytest.approx(3 / 4)
    assert row["content_share"] == pytest.approx(2 / 4)
    assert row["capital_share"] == pytest.approx(1 / 4)
    assert row["forward_mean"] == pytest.approx(-0.95)
    assert row["forward_min"] == pytest.approx(-2.5)
    assert row["forward_min2"] == pytest.approx(-0.7)
    assert row["forward_order1"] == pytest.approx(1 / 4)


def test_one_analysis_of_two_sentences_equals_each_alone(models: Models) -> None:
    both = sentence_inputs(_analysis(f"{TEXT}\n{TEXT}", models), f"{TEXT}\n{TEXT}", models.lexicon.floor)
    alone = sentence_inputs(_analysis(TEXT, models), TEXT, models.lexicon.floor)
    assert both.tolist() == [alone[0].tolist()] * 2


@pytest.mark.parametrize("text", ["", "   \n", "12 34 .", "!!!"])
def test_text_without_words_gives_every_signal_a_number(models: Models, text: str) -> None:
    analysis = _analysis(text, models)
    for names, values in (
        (FLUENCY_NAMES, fluency_signals(analysis)),
        (SUBSTITUTION_NAMES, substitution_signals(analysis, text, models.lexicon)),
        (SURFACE_NAMES, surface_signals(analysis, text, [Span(0, len(text))])),
    ):
        assert tuple(values) == names
        assert all(math.isfinite(v) for v in values.values())
    assert sentence_inputs(analysis, text, models.lexicon.floor).shape[1] == len(SENTENCE_INPUTS)


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


def test_function_words_are_counted_per_hundred_words(models: Models) -> None:
    text = "The cat sat. The cat."
    analysis = analyse(segment(text, [Span(0, 12), Span(13, 21)]), models)
    signals = surface_signals(analysis, text, [Span(0, len(text))])
    assert signals["fw_the"] == pytest.approx(40.0)
    assert signals["sentence_words_mean"] == pytest.approx(2.5)
    assert signals["word_letters_mean"] == pytest.approx(3.0)


@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_percentiles_are_those_of_numpy(kind: type) -> None:
    generator = np.random.default_rng(0)
    for count in (1, 2, 3, 7, 50, 333):
        for _ in range(20):
            values = (generator.normal(size=count) * 3).round(2).astype(kind)
            wanted = np.percentile(values, (0, 2, 5, 10, 25, 50, 75, 90, 100)).tolist()
            assert percentiles(values, (0, 2, 5, 10, 25, 50, 75, 90, 100)) == wanted
