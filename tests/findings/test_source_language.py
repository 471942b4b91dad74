"""Which language a text was probably translated from."""

from __future__ import annotations

import pytest
from toy_findings import FRAME, extracted, find, toy_resources

from mtscore.findings.source_language import DOUBT, source_languages


def sources(text: str) -> dict[str, float]:
    """The source languages of a text."""
    return source_languages(find(text), extracted(text), toy_resources())


def test_letters_of_another_script_name_the_source_language() -> None:
    found = sources(FRAME.format("The かoad and the すouse were in the 巣own."))
    assert list(found) == ["ja"]  # Han letters beside kana are Japanese
    assert found["ja"] == pytest.approx(3 / (3 + DOUBT))
    assert list(sources(FRAME.format("The 政oad and the 巣ouse were old."))) == ["zh"]


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
