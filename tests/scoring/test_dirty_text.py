"""Text that comes dirty gets the verdict of clean text, by the shipped model and on our own examples."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from mtscore import Document, Scorer, Verdict

EXAMPLES = Path(__file__).parents[2] / "examples"
GARBLED, CLEAN = ((EXAMPLES / f"{name}.txt").read_text(encoding="utf-8") for name in ("garbled", "clean"))

_INSIDE = re.compile(r"(?<=[a-z]{3})(?=[a-z]{3})")


def inside_words(mark: str) -> Callable[[str], str]:
    """Put a mark into words."""
    return lambda text: _INSIDE.sub(mark, text)


def mathematical(text: str) -> str:
    """Small letters from a mathematical alphabet."""
    return "".join(chr(ord(c) - ord("a") + 0x1D41A) if "a" <= c <= "z" else c for c in text)


def full_width(text: str) -> str:
    """Every visible ASCII character in its full width."""
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def with_entities(text: str) -> str:
    """Quotation marks and some letters as entities, some encoded twice."""
    return (
        text.replace('"', "&quot;").replace("'", "&#39;").replace("’", "&amp;rsquo;").replace("é", "&eacute;")
    )


def with_ligatures(text: str) -> str:
    """Ligatures where a printer has them."""
    return text.replace("ffi", "ﬃ").replace("fi", "ﬁ").replace("fl", "ﬂ")


def mojibake(text: str) -> str:
    """UTF-8 read as Latin-1."""
    return text.encode("utf-8").decode("latin-1")


DIRT: dict[str, Callable[[str], str]] = {
    "soft hyphens": inside_words("\u00ad"),
    "zero-width spaces": inside_words("\u200b"),
    "non-joiners": inside_words("\u200c"),
    "joiners": inside_words("\u200d"),
    "word joiners": inside_words("\u2060"),
    "variation selectors": inside_words("\ufe0e"),
    "marks of direction": inside_words("\u200e\u202c"),
    "byte-order marks": inside_words("\ufeff"),
    "entities of soft hyphens": inside_words("&shy;"),
    "decomposed letters": lambda text: unicodedata.normalize("NFD", text),
    "ligatures": with_ligatures,
    "mathematical letters": mathematical,
    "full width": full_width,
    "entities": with_entities,
    "mojibake": mojibake,
}

WITH_LETTERS = " In the café Gérard Depardieu met Zoë, and “they were naïve”, as François said — twice."


@pytest.mark.parametrize("dirt", DIRT.values(), ids=DIRT)
@pytest.mark.parametrize("text", [GARBLED, CLEAN], ids=["garbled", "clean"])
def test_dirt_changes_no_verdict(shipped: Scorer, text: str, dirt: Callable[[str], str]) -> None:
    text = text.strip() + WITH_LETTERS
    dirty_text = dirt(text)
    clean, dirty = shipped.score(text), shipped.score(dirty_text)
    assert dirty_text != text
    assert (dirty.score, dirty.label, dirty.quality, dirty.words) == (
        clean.score,
        clean.label,
        clean.quality,
        clean.words,
    )
    assert dirty.signals == clean.signals
    undecoded = re.compile(r"(?:&[^;\s]+;)+")
    found = [item for item in dirty.evidence if not undecoded.fullmatch(item.text)]
    assert [(item.kind, item.weight, item.intended) for item in found] == [
        (item.kind, item.weight, item.intended) for item in clean.evidence
    ]
    assert all(item.text == dirty_text[item.start : item.end] for item in dirty.evidence)
    assert dirty.body[0].start == 0


def test_undecoded_entities_are_shown_where_they_are_few(shipped: Scorer) -> None:
    text = CLEAN.strip() + " The town &amp; the bridge were calm."
    (found,) = shipped.score(text).evidence
    assert (found.kind, found.text) == ("translation_debris", "&amp;")
    assert text[found.sentence.start : found.sentence.end] == "The town &amp; the bridge were calm."
    assert not shipped.score(CLEAN.strip() + " The town &amp; the bridge were calm." * 60).evidence


def detached(text: str) -> str:
    """Long words parted as PDF extraction does it, the hyphen detached from the first half."""
    return re.sub(r"\b([a-z]{4})([a-z]{5,})", r"\1 -\2", text)


def test_parted_words_are_read_in_one_piece(shipped: Scorer) -> None:
    whole, parted = shipped.score(CLEAN), shipped.score(detached(CLEAN))
    assert detached(CLEAN).count(" -") > 20
    assert parted.score == pytest.approx(whole.score, abs=0.02)
    assert parted.label == "clean"
    assert not parted.evidence


def test_debris_alone_makes_no_text_garbled(shipped: Scorer) -> None:
    """Turned quotation marks and detached hyphens that join to no word, in a text without any other finding."""
    text = (
        CLEAN.replace("said", "said:”")
        .replace(" two ", " two -day ")
        .replace(" the old", " the six -year old")
    )
    text += " It was a long - term offer. It was a 25 - year war. The city @-@ wide talks ▁ended. It was , , long."
    debris = (
        " Then the ten -day talks of the five -man council ended, the three -hour meeting-and the vote too."
    )
    verdict = shipped.score(text + debris * 3)
    assert {item.kind for item in verdict.evidence} == {"translation_debris"}
    assert verdict.label == "suspect"
    garbled = shipped.score(GARBLED + debris)
    assert garbled.label == "garbled"


def page_of(text: str, head: str = "") -> str:
    """A page with the paragraphs of a text."""
    paragraphs = "".join(f"<p>{line}</p>" for line in text.splitlines() if line)
    return f"<html{head}><body><article>{paragraphs}</article></body></html>"


def scored(scorer: Scorer, text: str, *, is_html: bool = False) -> Verdict:
    """The verdict on one document."""
    (verdict,) = scorer.score_many([Document("x", text, is_html=is_html)])
    return verdict


def test_a_page_that_says_so_itself_is_told_and_not_judged_by_it(shipped: Scorer) -> None:
    plain = scored(shipped, page_of(CLEAN), is_html=True)
    marked = scored(shipped, page_of(CLEAN, ' class="translated-ltr"'), is_html=True)
    assert plain.detail is None
    assert marked.detail == "the page is marked as translated by a browser"
    assert (marked.score, marked.signals, marked.evidence) == (plain.score, plain.signals, plain.evidence)
    assert "a machine translated it" in (scored(shipped, CLEAN + "\n\nTranslated by Google").detail or "")


def test_what_was_assumed_of_a_document_stays_in_its_detail(shipped: Scorer) -> None:
    (verdict,) = shipped.score_many([Document("x", CLEAN, "read as windows-1252")])
    assert verdict.detail == "read as windows-1252"
    (short,) = shipped.score_many([Document("x", "Too short.", "read as windows-1252")])
    assert short.detail == "2 words are too few to judge; 20 are needed; read as windows-1252"


def test_siblings_of_dirty_text_are_found_and_quoted_as_given(shipped: Scorer) -> None:
    pair = [inside_words("\u00ad")(GARBLED), inside_words("\u200b")(CLEAN)]
    found = [shipped.find_siblings(texts) for texts in ([GARBLED, CLEAN], pair)]
    assert found[0] == found[1]
    clean, dirty = (list(shipped.score_siblings(texts)) for texts in ([GARBLED, CLEAN], pair))
    assert [verdict.score for verdict in dirty] == [verdict.score for verdict in clean]
    for verdict, before, text in zip(dirty, clean, pair, strict=True):
        assert all(item.text == text[item.start : item.end] for item in verdict.evidence)
        assert [item.intended for item in verdict.evidence] == [item.intended for item in before.evidence]
