"""Mixing signals: worked by hand on short texts, and silent where nothing is mixed."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from jsonl_cases import Case, read_cases

from mtscore.languages.identification import sentence_language
from mtscore.records import Body, ForeignSpan, Sentence, Span
from mtscore.signals.mixing import MIXING_NAMES, foreign_evidence, mixing_signals
from mtscore.text.body import find_body
from mtscore.text.segmentation import segment

ENGLISH = "The old mill stands by the river. It has not turned for many years."


def judged(text: str) -> tuple[dict[str, float], list[tuple[str, str]]]:
    body = find_body(text)
    sentences = segment(text, body.spans)
    evidence = foreign_evidence(text, body, sentences)
    assert all(text[each.start : each.end] == each.text for each in evidence)
    return mixing_signals(text, body, sentences), [(each.kind, each.text) for each in evidence]


@pytest.mark.parametrize("case", read_cases(Path(__file__).with_name("mixing.jsonl")))
def test_signals_and_evidence_by_hand(case: Case) -> None:
    """A case gives the signals that are not 0, as fractions, and the evidence."""
    signals, evidence = judged(case["text"])
    expected = {name: over / under for name, (over, under) in case["signals"].items()}
    assert signals == pytest.approx(dict.fromkeys(MIXING_NAMES, 0.0) | expected)
    assert [list(each) for each in evidence] == case["evidence"]


def test_names_are_in_order_and_complete() -> None:
    assert tuple(judged(ENGLISH)[0]) == MIXING_NAMES


def test_sentences_may_be_missing() -> None:
    no_sentences: tuple[Sentence, ...] = ()
    assert mixing_signals(ENGLISH, find_body(ENGLISH), no_sentences)["switches_per_100_sentences"] == 0.0


@pytest.mark.parametrize("seed", ["0", "1", "77"])
def test_a_guess_is_the_same_in_any_process(seed: str) -> None:
    text = "kehna paper solution bari galian thi rha tha teri yad agai kis"
    program = f"from mtscore.languages.identification import sentence_language as s; print(s({text!r}))"
    run = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.strip() == str(sentence_language(text))


def test_ordinary_english_never_asks_langdetect(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(text: str) -> None:
        raise AssertionError(f"langdetect was asked about {text!r}")

    monkeypatch.setattr("mtscore.languages.identification.guess", refuse)
    judged("Mill to close\n\n" + f"{ENGLISH} {ENGLISH}\n\nManchester United 2 Leeds 1\n\n{ENGLISH}")


SECONDS = 20
"""What takes well under one, and took minutes: no busy machine makes that of it."""


def test_brackets_between_scripts_cost_no_square() -> None:
    text = "(дом) домой " * 30_000
    body = Body((Span(0, len(text)),))
    began = time.process_time()
    found = mixing_signals(text, body, ())
    assert time.process_time() - began < SECONDS
    assert found["non_latin_per_1000_letters"] == pytest.approx(1000 * 5 / 8)


def test_alternating_languages_cost_no_square() -> None:
    count = 20_000
    sentences = tuple(Sentence(("ab",), (4 * n,), (4 * n + 2,)) for n in range(count))
    foreign = tuple(ForeignSpan(4 * n, 4 * n + 3, "de") for n in range(0, count, 2))
    text = "ab. " * count
    began = time.process_time()
    found = mixing_signals(text, Body((Span(0, len(text)),), {}, foreign), sentences)
    assert time.process_time() - began < SECONDS
    assert found["switches_per_100_sentences"] == pytest.approx(100 * (count - 1) / count)
