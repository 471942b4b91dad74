"""Forms of words, their bases, and words that share a foreign word."""

from __future__ import annotations

import pytest

from mtscore.records import Pivot
from mtscore.words.inflection import Ending, Form, forms_behind, inflected
from mtscore.words.senses import Senses


@pytest.mark.parametrize(
    ("word", "base", "ending"),
    [
        ("hired", "hire", "ed"),
        ("stopped", "stop", "ed"),
        ("went", "go", "ed"),
        ("tries", "try", "s"),
        ("boxes", "box", "s"),
        ("men", "man", "s"),
        ("leading", "lead", "ing"),
        ("happily", "happy", "ly"),
    ],
)
def test_a_form_leads_back_to_its_word_and_the_word_to_its_form(word: str, base: str, ending: Ending) -> None:
    assert Form(base, ending) in set(forms_behind(word))
    assert word in inflected(base, ending)


def test_a_word_is_a_form_of_itself_first() -> None:
    assert next(iter(forms_behind("chorus"))) == Form("chorus", "")
    assert list(forms_behind("less")) == [Form("less", "")]


@pytest.mark.parametrize(
    ("word", "ending", "forms"),
    [
        ("cease", "ed", ("ceased",)),
        ("open", "ing", ("opening",)),
        ("quit", "ing", ("quitting",)),
        ("take", "ed", ("took", "taken")),
        ("lead", "ed", ("led",)),
        ("see", "ing", ("seeing",)),
        ("play", "ed", ("played",)),
        ("church", "s", ("churches",)),
    ],
)
def test_words_are_put_into_another_form(word: str, ending: Ending, forms: tuple[str, ...]) -> None:
    assert inflected(word, ending) == forms


def test_a_listed_homonym_leads_from_one_meaning_to_the_others() -> None:
    found = Senses(None).listed("hire")
    assert "hire" not in found
    assert Pivot("de", "einstellen") in found["cease"]
    assert Senses(None).listed("no such word") == {}
    assert Senses(None).shared("hire") == {}
    assert Senses(None).left("hire") == {}
