"""What the kinds of evidence have in common, and what needs more than one text to show."""

from __future__ import annotations

import gzip
from dataclasses import replace

import pytest
from toy_findings import FRAME, extracted, find, toy_resources

from mtscore.findings.collection import find_evidence, without_overlaps
from mtscore.findings.customs.brands import is_address
from mtscore.findings.strange.invented import COMPANY_WEIGHT, LONE_WEIGHT, NEAR_WEIGHT
from mtscore.findings.strange.untranslated import STRAY_WEIGHT
from mtscore.findings.strength import strength
from mtscore.records import Evidence, EvidenceKind, Span
from mtscore.words.misreadings import SHORT_FREQUENT, Misreadings
from mtscore.words.resources import WORD_PAIRS_FILE


def test_strange_words_speak_for_each_other() -> None:
    """Two within six tokens weigh more than one alone; a word near a known one weighs least."""
    alone = find(FRAME.format("The old ship has brondlesk in the morning."))
    together = find(FRAME.format("The old ship has brondlesk and trellompy gravlosk."))
    assert [item.weight for item in alone] == [LONE_WEIGHT]
    assert [item.weight for item in together] == [COMPANY_WEIGHT] * 3
    near = find(FRAME.format("The goverxment was closed."))
    assert [item.weight for item in near] == [NEAR_WEIGHT]
    both = find(FRAME.format("The goverxment was brondlesk."))
    assert [item.weight for item in both] == [COMPANY_WEIGHT] * 2


def test_what_translators_made_of_a_word_is_intended_and_weighs_nothing() -> None:
    text = FRAME.format("The goverxment was brondlesk.")
    plain = find(text)
    pairs = gzip.compress(b"brondlesk\tshortness\t3\t9\tlack\t1\t40\ngoverxment\tgovernment\t1\t9\n", mtime=0)
    resources = replace(toy_resources(), lists={**toy_resources().lists, WORD_PAIRS_FILE: pairs})
    found = find_evidence(extracted(text), resources)
    assert [item.intended for item in found if item.text == "brondlesk"] == [("shortness", "lack")]
    (near,) = (item.intended for item in found if item.text == "goverxment")
    assert near.count("government") == 1
    assert [replace(item, intended=()) for item in found] == [replace(item, intended=()) for item in plain]


def test_a_list_of_strange_words_among_others() -> None:
    """Three strange words in a list are names, unless their surroundings are as strange; two are none."""
    listed = "brondlesk, trellompy and gravlosk"
    assert find(FRAME.format(f"They read {listed} at home.")) == []
    found = find(FRAME.format(f"They rapsutived {listed} at home."))
    assert [item.weight for item in found] == [COMPANY_WEIGHT] * 4
    found = find(FRAME.format("They read brondlesk, letters and gravlosk at home."))
    assert [item.text for item in found] == ["brondlesk", "gravlosk"]


def test_a_loose_full_stop_is_no_domain() -> None:
    """What stands behind a loose full stop is debris, but for the endings that no English word is."""
    assert is_address("brondlesk.in the town", 0, 9)
    assert is_address("brondlesk .com", 0, 9)
    assert not is_address("brondlesk .in the town", 0, 9)
    assert not is_address("brondlesk .me", 0, 9)


@pytest.mark.parametrize(
    "text",
    [
        "The bus is late\nThe plan was thx to u\nOk the road is gud\nHaha the bridge was closed\n"
        "The road was rapsutive again",
        FRAME.format("The bridge of ~ the city ~ was, &c. closed by the ministcr: the road was rapsutive."),
        "\n".join(["the road was long"] * 6 + ["the road was so rapsutive again"]),
    ],
)
def test_what_trains_has_no_exemptions(text: str) -> None:
    """Strange words in text messages, chats and scans count where a classifier learns from them."""
    document = extracted(text)
    assert "rapsutive" not in [item.text for item in find_evidence(document, toy_resources())]
    assert "rapsutive" in [item.text for item in find_evidence(document, toy_resources(), exemptions=False)]


@pytest.mark.parametrize("word", ["himfelf", "tlie", "thc", "uumerous", "eouuty", "coimty"])
def test_a_scanner_confuses_what_looks_alike(word: str) -> None:
    assert word in Misreadings(["the", "himself", "numerous", "county"])


@pytest.mark.parametrize("word", ["himpelf", "tge", "iii", "brondlesk", "nnnnonoffff", "countries"])
def test_other_strange_words_are_not_misread(word: str) -> None:
    assert word not in Misreadings(["the", "himself", "numerous", "county"])


def test_only_the_most_frequent_short_words_are_misread() -> None:
    frequent = [f"filler{number}" for number in range(SHORT_FREQUENT)]
    assert "tlie" in Misreadings(["the", *frequent])
    assert "tlie" not in Misreadings([*frequent, "the"])
    assert "himfelf" in Misreadings([*frequent, "himself"])


def test_the_documents_other_words_decide_on_the_language() -> None:
    alone = find(FRAME.format("The old brücke was closed."))
    assert [item.pivot and item.pivot.language for item in alone] == ["de"]  # both have it: alphabetical
    both = find(FRAME.format("The old brücke was closed by the regering."))
    assert {item.pivot and item.pivot.language for item in both} == {"sv"}


def test_a_foreign_word_weighs_more_beside_a_strange_one() -> None:
    (lone,) = find(FRAME.format("The people of the town und the house walked home."))
    (beside, _) = find(FRAME.format("The people of the town und the demilitacicians walked home."))
    assert (lone.text, beside.text) == ("und", "und")
    assert lone.weight < beside.weight == STRAY_WEIGHT


def test_strength_by_hand() -> None:
    def item(kind: EvidenceKind, weight: float, text: str = "x") -> Evidence:
        return Evidence(0, 1, text, kind, weight, Span(0, 1))

    found = [item("sibling", 9.0), item("invented_word", 3.0), item("repetition", 2.0)]
    again = [*found[:2], item("invented_word", 2.5, "X"), *found[2:]]
    assert strength(again, 0) == strength(found, 0)
    assert strength([*again, item("repetition", 2.0)], 0) == pytest.approx(3 + 2 / 2**0.5 + 2 / 3**0.5)
    assert strength([*again, item("invented_word", 1.0, "y")], 0) == pytest.approx(
        3 + 2 / 2**0.5 + 1 / 3**0.5
    )
    assert strength(found, 0) == pytest.approx(3.0 + 2.0 / 2**0.5)
    assert strength(found, 400) == pytest.approx(3.0 + 2.0 / 2**0.5 - 2.0)
    assert strength(found, 4000) == 0.0
    assert strength([], 0) == 0.0


def test_the_strongest_come_first_and_the_limit_keeps_them() -> None:
    text = FRAME.format("The six -week meeting was rapsutive and the the ship fell.")
    found = find(text)
    assert [item.kind for item in found] == ["invented_word", "translation_debris", "repetition"]
    assert find(text, limit=1) == found[:1]


def test_overlapping_findings_leave_the_stronger() -> None:
    def item(start: int, end: int, weight: float) -> Evidence:
        return Evidence(start, end, "x" * (end - start), "invented_word", weight, Span(0, 99))

    found = [item(0, 5, 1.0), item(3, 8, 2.0), item(8, 9, 0.5), item(4, 5, 2.0)]
    assert [(e.start, e.end) for e in without_overlaps(found)] == [(3, 8), (8, 9)]


def test_well_known_names_near_another() -> None:
    gazetteer = toy_resources().gazetteer
    assert "zemblovitch" in gazetteer
    assert gazetteer.near("harriett") == (("harriet", 1),)
    assert gazetteer.near("horriett") == (("harriet", 2),)
    assert gazetteer.near("lodnon") == (("london", 1),)
    assert gazetteer.near("mari") == (("maria", 1),)
    assert gazetteer.near("żagreb") == ()
