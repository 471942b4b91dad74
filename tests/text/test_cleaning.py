"""Text that comes dirty: how it is read, and where what is read stands in the text as given."""

from __future__ import annotations

import random
from itertools import pairwise
from pathlib import Path

import pytest
from jsonl_cases import Case, read_cases

from mtscore.text.cleaning import clean
from mtscore.text.declared import declared_translation
from mtscore.text.view import Edit, View

HERE = Path(__file__).parent
WORDS = frozenset(("composed", "interdiffusing"))


@pytest.mark.parametrize("case", read_cases(HERE / "cleaning.jsonl"))
def test_how_a_text_is_read(case: Case) -> None:
    view = clean(case["text"], WORDS)
    assert view.text == case["read"]
    assert view.is_same == (view.text == case["text"])
    spans = [view.span(place, place + 1) for place in range(len(view.text))]
    assert all(before <= after and before.end <= after.end for before, after in pairwise(spans))


@pytest.mark.parametrize("case", read_cases(HERE / "declared.jsonl"))
def test_what_a_page_says_of_itself(case: Case) -> None:
    said = declared_translation(case["text"], is_html=case["is_html"])
    assert said is None if case["says"] is None else case["says"] in (said or "")


def test_a_word_stands_where_its_dirt_stands() -> None:
    given = "The &quot;brid\u00adges&quot; of Ge\u0301rard"
    view = clean(given)
    stand = {
        "bridges": "brid\u00adges",
        '"bridges"': "&quot;brid\u00adges&quot;",
        "Gérard": "Ge\u0301rard",
    }
    for word, stands in stand.items():
        start = view.text.index(word)
        span = view.span(start, start + len(word))
        assert given[span.start : span.end] == stands


def test_an_empty_stretch_stands_between_characters() -> None:
    view = clean("a\u00adb")
    assert view.span(1, 1) == (2, 2)
    assert view.span(2, 2) == (3, 3)


def test_edits_on_edits_by_a_slow_way() -> None:
    """Against lists of characters and their places, on random texts and edits."""
    generator = random.Random(5)
    for _ in range(300):
        text = "".join(generator.choice("abcdefgh") for _ in range(generator.randrange(1, 30)))
        view = View.of(text)
        expected = [(letter, place, place + 1) for place, letter in enumerate(text)]
        for _ in range(3):
            edits, expected = random_edits(generator, expected)
            view = view.edited(edits)
            assert view.text == "".join(letter for letter, _, _ in expected)
            assert [view.span(place, place + 1) for place in range(len(expected))] == [
                (start, end) for _, start, end in expected
            ]


Places = list[tuple[str, int, int]]


def random_edits(generator: random.Random, places: Places) -> tuple[list[Edit], Places]:
    """Some edits, and what they make of characters with their places."""
    edits: list[Edit] = []
    after: Places = []
    place = 0
    while place < len(places):
        if generator.random() < 0.3:
            end = min(len(places), place + generator.randrange(1, 4))
            replacement = "".join(generator.choice("XYZ") for _ in range(generator.randrange(3)))
            edits.append(Edit(place, end, replacement))
            after += [(letter, places[place][1], places[end - 1][2]) for letter in replacement]
            place = end
        else:
            after.append(places[place])
            place += 1
    return edits, after
