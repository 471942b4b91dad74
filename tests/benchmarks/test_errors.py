"""Marks and findings are compared by place, and listed errors stand where they are written."""

from __future__ import annotations

import random
from collections import Counter
from itertools import pairwise

import pytest

from benchmarks.errors import annotated, people
from benchmarks.errors.counting import Mark, Marked, is_meant, tally
from benchmarks.errors.own import CATEGORIES, documents, without_marks
from benchmarks.finding import Found
from benchmarks.planted_errors import IDIOMS, plant_idiom, plant_pronoun
from mtscore.model.folder import default_model_path
from mtscore.records import Evidence, Span
from mtscore.signals.extraction import Extraction
from mtscore.words.resources import Resources, load_resources


def finding(start: int, end: int, *intended: str) -> Evidence:
    return Evidence(start, end, "x" * (end - start), "wrong_sense", 1.0, Span(0, 99), intended)


def test_an_error_is_read_where_it_is_written() -> None:
    text, marks = without_marks(
        "He {{shot|kicked/hit|wrong_sense}} the {{the the|the|repetition}} ball{{ .||debris}}"
    )
    assert text == "He shot the the the ball ."
    assert [(text[m.start : m.end], m.category, m.intended) for m in marks] == [
        ("shot", "wrong_sense", ("kicked", "hit")),
        ("the the", "repetition", ("the",)),
        (" .", "debris", ()),
    ]


@pytest.mark.parametrize("each", documents(), ids=lambda each: each.group)
def test_the_articles_are_what_they_are_said_to_be(each: Marked) -> None:
    assert "{{" not in each.text
    assert "}}" not in each.text
    assert 240 <= len(each.text.split()) <= 400
    assert (12 <= len(each.marks) <= 25) != each.is_human
    assert all(mark.category in CATEGORIES for mark in each.marks)
    assert all(a.end <= b.start for a, b in pairwise(each.marks))
    for mark in each.marks:
        shown = each.text[mark.start : mark.end]
        assert shown
        assert shown not in mark.intended


def test_eight_are_garbled_and_four_are_not() -> None:
    assert Counter(each.is_human for each in documents()) == {False: 8, True: 4}


def test_findings_and_marks_are_counted_by_overlap() -> None:
    """Two marks, the first found twice; of three findings one stands at no mark but at a lesser one."""
    marked = Marked(
        "one two three four five",
        (Mark(4, 7, "a", ("Two",)), Mark(14, 18, "b")),
        "toy",
        lesser=(Mark(19, 23, "c"),),
    )
    found = Found((finding(4, 7, "too", "a two"), finding(0, 5), finding(19, 23)), 5)
    counts = tally([(marked, found)])
    assert (counts.precision, counts.recall, counts.rate) == (2 / 3, 1 / 2, 600)
    assert counts.at_any == 3
    assert counts.chance == 2 / 5
    assert (counts.told["a"], counts.right["a"], counts.told["b"]) == (1, 1, 0)
    assert [e.start for e in counts.stray] == [19]


def test_only_the_first_three_proposals_count() -> None:
    mark = Mark(0, 3, "a", ("right",))
    assert is_meant(finding(0, 3, "x", "y", "Right"), mark)
    assert not is_meant(finding(0, 3, "x", "y", "z", "right"), mark)


def test_blanks_of_tools_are_taken_out_and_marks_move() -> None:
    text, spans = annotated.untokenised(
        "The cat ( a tom ) did n't eat .", [[10, 11, "word", "bad"], [27, 31, "w", "b"]]
    )
    assert text == "The cat (a tom) didn't eat."
    assert [text[start:end] for start, end, *_ in spans] == ["a", "at."]


def record(text: str, seg: int, *spans: tuple[int, int, str, str], **others: str) -> dict[str, object]:
    return {"text": text, "seg": str(seg), "spans": [list(s) for s in spans], **others}


def test_any_rater_counts_and_sentences_of_a_document_are_joined() -> None:
    long = " ".join(["word"] * 50)
    records = [
        record(long, 1, (0, 4, "Accuracy ", "Major ")),
        record(long, 1, (5, 9, "Accuracy/Omission", "major"), (10, 14, "Grammar", "minor")),
        record(f"Other {long}", 2, (0, 5, "Grammar", "critical")),
        record(f"New {long}", 1),
        record(f"Newer {long}", 2),
    ]
    texts = [list(annotated.joined(d, "toy", is_human=False)) for d in annotated._documents(records)]
    assert [len(each) for each in texts] == [1, 1]
    (first,) = texts[0]
    assert first.text == f"{long} Other {long}"
    assert [(m.start, m.end, m.category) for m in first.marks] == [
        (0, 4, "accuracy major"),
        (250, 255, "grammar critical"),
    ]
    assert [m.category for m in first.lesser] == ["accuracy/omission major", "grammar minor"]
    assert not texts[1][0].marks


def test_a_changed_name_keeps_its_first_letter() -> None:
    rng = random.Random(3)
    for name in ("Varnholt", "van der Oosten", "Béla-Márton"):
        new = people.changed(name, rng)
        assert new != name
        assert new[0] == name[0]


def test_a_name_stands_with_its_office_where_the_mark_says() -> None:
    someone = [people.Person("the politician", "Orla", "Varnholt", is_famous=False)]
    (case,) = people.cases(someone, 5, 1, people.misspelt)
    shown = case.text[case.mark.start : case.mark.end]
    assert shown != "Varnholt"
    assert f"he politician Orla {shown} " in case.text
    (case,) = people.cases(someone, 5, 1, people.as_it_is)
    assert case.text[case.mark.start : case.mark.end] == "Orla Varnholt"


@pytest.fixture(scope="module")
def models() -> Resources:
    return load_resources(default_model_path())


def prepared(text: str, models: Resources) -> Extraction:
    from benchmarks.evidence import prepare

    return prepare(text, models)


def test_a_pronoun_is_planted_where_it_can_be_seen(models: Resources) -> None:
    text = "Yesterday he came home late in the evening. On the way he bought some bread for the children."
    done = plant_pronoun(text, prepared(text, models), models, random.Random(1))
    assert done is not None
    changed, start, end, old = done
    assert (changed[start:end], old, start) == ("she", "he", text.rindex("he bought"))
    mixed = f"{text} Later she took it away from him again."
    assert plant_pronoun(mixed, prepared(mixed, models), models, random.Random(1)) is None


def test_an_idiom_is_planted_word_for_word(models: Resources) -> None:
    text = "The river has no longer any fish in it."
    done = plant_idiom(text, prepared(text, models), models, random.Random(1))
    assert done == ("The river has already not any fish in it.", 14, 25, "no longer")
    assert all(phrase != literal for phrase, literal in IDIOMS.items())
