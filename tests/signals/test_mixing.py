"""Mixing signals: worked by hand on short texts, and silent where nothing is mixed."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from mtscore.languages.identification import sentence_language
from mtscore.records import Sentence
from mtscore.signals.mixing import MIXING_NAMES, foreign_evidence, mixing_signals
from mtscore.text.body import find_body
from mtscore.text.segmentation import segment

ENGLISH = "The old mill stands by the river. It has not turned for many years."
GERMAN = "Die Stadt wollte das Haus nicht kaufen."


def judged(text: str) -> tuple[dict[str, float], list[tuple[str, str]]]:
    body = find_body(text)
    sentences = segment(text, body.spans)
    evidence = foreign_evidence(text, body, sentences)
    assert all(text[each.start : each.end] == each.text for each in evidence)
    return mixing_signals(text, body, sentences), [(each.kind, each.text) for each in evidence]


@pytest.mark.parametrize("text", ["", ENGLISH, "Ω", "Der Spiegel and Sturm und Drang are German names."])
def test_nothing_mixed_is_zero(text: str) -> None:
    signals, evidence = judged(text)
    assert signals == dict.fromkeys(MIXING_NAMES, 0.0)
    assert evidence == []


def test_an_untranslated_sentence_by_hand() -> None:
    text = f"{ENGLISH} {GERMAN} It was too dear for them."
    signals, evidence = judged(text)
    # 7 + 7 + 7 + 6 words of which 7 are German; four sentences, English to German to English.
    assert signals == pytest.approx(
        {
            "foreign_share": 7 / 27,
            "foreign_passages_per_1000_words": 1000 / 27,
            "untranslated_per_1000_words": 0.0,
            "non_latin_per_1000_letters": 0.0,
            "switches_per_100_sentences": 50.0,
        }
    )
    assert evidence == [("foreign_passage", GERMAN)]


def test_an_untranslated_word_by_hand() -> None:
    signals, evidence = judged("The mill stands by the river und has not turned.")
    assert signals["untranslated_per_1000_words"] == pytest.approx(1000 / 10)
    assert evidence == [("untranslated", "und")]


def test_other_letters_by_hand() -> None:
    signals, _ = judged(
        "The wоrd река is here for all."
    )  # a Cyrillic о alone is no run; река has 4 of 23 letters
    assert signals["non_latin_per_1000_letters"] == pytest.approx(1000 * 4 / 23)


@pytest.mark.parametrize(
    "text",
    [
        f"He said: “{GERMAN}” Nobody answered him at all.",
        f"As the old poster had it:\n{GERMAN}\nNobody answered him at all.",
        "The river (Russian: река Волга впадает) runs through the town.",
        "They wrote the word “nicht” on the door of the house.",
    ],
)
def test_what_is_introduced_as_foreign_is_not_held_against_the_text(text: str) -> None:
    signals, evidence = judged(text)
    assert signals == dict.fromkeys(MIXING_NAMES, 0.0)
    assert evidence == []


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
