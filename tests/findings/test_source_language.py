"""Which language a text was probably translated from."""

from __future__ import annotations

import pytest
from toy_findings import FRAME, extracted, find, toy_resources

from mtscore.findings import source_language
from mtscore.findings.source_language import DOUBT, source_languages
from mtscore.records import Evidence, EvidenceKind, Span


def sources(text: str) -> dict[str, float]:
    """The source languages of a text."""
    return source_languages(find(text), extracted(text), toy_resources())


def test_letters_of_another_script_name_the_source_language() -> None:
    found = sources(FRAME.format("The かoad and the すouse were in the 山own."))
    assert list(found) == ["ja"]  # Han letters beside kana are Japanese
    assert found["ja"] == pytest.approx(3 / (3 + DOUBT))
    assert list(sources(FRAME.format("The мост and the стена were old."))) == ["ru"]


@pytest.mark.parametrize(
    ("letters", "language"), [("山们", "zh"), ("山権", "ja"), ("山川", None), ("们権", None)]
)
def test_han_letters_are_of_the_language_that_alone_writes_them(letters: str, language: str | None) -> None:
    found = sources(FRAME.format(f"The {letters[0]}oad and the {letters[1]}ouse were old."))
    assert next(iter(found), None) == language


def test_words_made_up_from_english_name_no_language() -> None:
    """langdetect takes these for Dutch; to the toy letter model they are as English as "bridges" and "readers"."""
    assert sources(FRAME.format("The streeters, the housers, the priceters and the bridgers said it.")) == {}


def test_the_source_language_needs_more_than_one_word() -> None:
    assert sources(FRAME.format("The road was calm.")) == {}
    assert sources(FRAME.format("The road was rapsutive.")) == {}
    text = "The Regierung closed the old brücke. The zwischenstadt was calm and the brückenzoll ended."
    found = sources(FRAME.format(text))
    assert next(iter(found)) == "de"
    assert 0.5 <= found["de"] < 1
    assert sum(found.values()) <= 1


@pytest.mark.parametrize(("kind", "named"), [("invented_word", ["sv"]), ("corrupted_name", [])])
def test_dictionaries_name_a_language_by_two_words_that_are_no_names(
    kind: EvidenceKind, named: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source_language, "language_probabilities", lambda text, trials: {})
    words = [Evidence(0, 1, word, kind, 3.0, Span(0, 1)) for word in ("skola", "Regering")]
    doc, resources = extracted(FRAME.format("The road was calm.")), toy_resources()
    assert list(source_languages(words, doc, resources)) == named
    assert source_languages(words[:1], doc, resources) == {}


def test_langdetect_is_asked_of_two_words_or_more_and_of_both_halves(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def opinion(text: str, trials: int) -> dict[str, float]:
        asked.append(text)
        return {"sv": 1.0} if "wçord" in text else {"fi": 1.0}

    monkeypatch.setattr(source_language, "language_probabilities", opinion)
    assert sources(FRAME.format("The wçord was calm.")) == {}
    assert asked == []
    words = "The wçord and the zçorb, the xçorg and the qçork, the kçorf and the pçord were calm."
    found = sources(FRAME.format(words))
    assert len(asked) == 3
    # Two votes; the whole and one half of the words say the one, the other half the other.
    assert found == pytest.approx({"sv": 4 / 3 / (2 + DOUBT), "fi": 2 / 3 / (2 + DOUBT)})
