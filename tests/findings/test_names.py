"""Names by their company, on a who's who of a few people."""

from __future__ import annotations

import gzip
from dataclasses import replace
from functools import cache

import pytest
from toy_findings import FRAME, extracted, toy_resources

from mtscore.errors import ModelError
from mtscore.findings.collection import find_evidence
from mtscore.findings.names.forms import is_related
from mtscore.findings.names.translated import cyrillic
from mtscore.words.resources import WHOS_WHO_FILE, Resources
from mtscore.words.whos_who import Bearer, Spelling, WhosWho

LINES = """
!lawrow\tLavrov\tde
angela\t2\tmerkel|158|CL|germ|Merkel\tcarter
donald\t3\ttrump|172|PK|us|Trump\ttusk|80|M|pola|Tusk\tduck
keir\t3\tstarmer|118|MSL|uk|Starmer\thardie\tstormer
robert\t2\tquinn\tquill
ursula\t2\tvon der leyen|102|PSL|germ|von der Leyen\tandress|43||swit|Andress
~leyen\t1
~merkel\t1\tangela|158|CL|germ|Angela
~starmer\t1\tkeir|118|MSL|uk|Keir
~quinn\t9
~trump\t1\tdonald|172|PK|us|Donald
""".strip()


@cache
def resources() -> Resources:
    data = gzip.compress("".join(f"{line}\n" for line in sorted(LINES.split("\n"))).encode(), mtime=0)
    return replace(toy_resources(), lists={**toy_resources().lists, WHOS_WHO_FILE: data})


def found(text: str, models: Resources | None = None) -> list[tuple[str, str, tuple[str, ...]]]:
    doc = extracted(FRAME.format(text))
    return [(e.kind, e.text, e.intended) for e in find_evidence(doc, models or resources())]


@pytest.mark.parametrize(
    ("sentence", "wrong", "right"),
    [
        ("The government of Keir Starrer asked the council for a new plan.", "Starrer", "Starmer"),
        ("The minister told Ursula von der Layen about the new plan.", "von der Layen", "von der Leyen"),
        ("In the evening President Trumpf asked the council for a new plan.", "Trumpf", "Trump"),
        ("The leader of the country is Angala Merkel and she told the council.", "Angala", "Angela"),
        ("Keir Starrer's government asked the council for a new plan.", "Starrer", "Starmer"),
    ],
)
def test_a_name_near_a_well_known_one_in_its_company(sentence: str, wrong: str, right: str) -> None:
    assert found(sentence) == [("corrupted_name", wrong, (right,))]


@pytest.mark.parametrize(
    "sentence",
    [
        "The government of Keir Starmer asked the council for a new plan.",
        "The government of Keir Stormer asked the council for a new plan.",  # somebody has it
        "The government of Donald Duck asked the council for a new plan.",
        "The government of Harriet Starrer asked the council for a new plan.",  # other company
        "In the evening President Trump asked the council for a new plan.",
    ],
)
def test_right_names_are_no_findings(sentence: str) -> None:
    assert [item for item in found(sentence) if item[0] == "corrupted_name"] == []


def test_without_a_whos_who_nobody_is_well_known() -> None:
    text = "The government of Keir Starmer asked the council. Lawrow told reporters of Donald Trump."
    assert found(text, toy_resources()) == []


def test_a_name_as_another_language_writes_it() -> None:
    text = "The minister Lawrow told reporters that the council asked for a plan."
    assert found(text) == [("foreign_spelling", "Lawrow", ("Lavrov",))]


@pytest.mark.parametrize(
    "text", ["The report (Lawrow) told reporters of it.", "The minister @Lawrow told reporters."]
)
def test_a_foreign_spelling_in_marks_is_quoted(text: str) -> None:
    assert found(text) == []


def test_a_short_name_that_changes_behind_a_title() -> None:
    text = "The minister Robert Quinn told reporters of the plan. The council asked Mr. Quin for the letters."
    assert found(text) == [("corrupted_name", "Quin", ("Quinn",))]


def test_two_people_with_titles_are_two() -> None:
    text = "The minister Robert Quinn told reporters of the plan. The council asked Mr. Dunn for the letters."
    assert found(text) == []


def test_a_surname_that_was_translated() -> None:
    text = "The minister Angela Skola told reporters of the plan. The council asked Angela School for the letters."
    assert found(text) == [("corrupted_name", "School", ("Skola",))]


def test_two_people_with_one_first_name_are_two() -> None:
    text = "The minister Angela Skola told reporters of the plan. The council asked Angela Bridge for the letters."
    assert found(text) == []


def test_surnames_are_looked_up_in_cyrillic_letters() -> None:
    assert [cyrillic(word) for word in ("sokol", "zhuk", "shchuka", "yastreb")] == [
        "сокол",
        "жук",
        "щука",
        "ястреб",
    ]


@pytest.mark.parametrize(
    ("word", "other", "is_one"),
    [
        ("ivanov", "ivanova", True),
        ("zelensky", "zelenskaya", True),
        ("svoboda", "svobodova", True),
        ("nikolaou", "nikolaos", True),
        ("cuba", "cuban", True),
        ("arizona", "arizonans", True),
        ("zelensky", "zelenskyy", True),
        ("zelenskij", "zelenskiy", True),
        ("quin", "quinn", False),
        ("marchenko", "marchenka", False),
        ("american", "americn", False),
    ],
)
def test_forms_of_names(word: str, other: str, is_one: bool) -> None:
    assert is_related(word, other) is is_one
    assert is_related(other, word) is is_one


def test_what_the_whos_who_says() -> None:
    people = WhosWho(gzip.compress(LINES.encode()), WHOS_WHO_FILE)
    assert people.with_first_name("keir") == (3, (Bearer("starmer", 118, "MSL", "uk", "Starmer"),))
    assert people.with_first_name("nobody") == (0, ())
    assert people.knows("keir", "hardie")
    assert not people.knows("keir", "hard")
    assert people.spellings == {"lawrow": Spelling("Lavrov", "de")}
    assert ("merkel", Bearer("angela", 158, "CL", "germ", "Angela")) in people.officials


def test_a_damaged_whos_who_is_reported() -> None:
    people = WhosWho(gzip.compress(b"keir\tmany\tstarmer|118|M|uk|Starmer\n"), WHOS_WHO_FILE)
    with pytest.raises(ModelError, match=WHOS_WHO_FILE):
        people.with_first_name("keir")
