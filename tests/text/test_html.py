"""Web pages: the text that comes out, whatever comes in."""

from __future__ import annotations

import pytest
from articles import ARTICLE, PARAGRAPHS, TITLE, kept

from mtscore.text.html import read_html


def test_a_web_page_gives_its_paragraphs() -> None:
    pytest.importorskip("resiliparse")
    paragraphs = "".join(f"<p>{each}</p>" for each in PARAGRAPHS)
    page = (
        "<html><head><title>x</title><script>var menu = 'of the page';</script></head><body>"
        "<nav><ul><li><a href='/'>Home</a></li><li><a href='/s'>Sport</a></li></ul></nav>"
        f"<article><h1>{TITLE}</h1>{paragraphs}</article><footer>Imprint</footer></body></html>"
    )
    text = read_html(page)
    assert text == ARTICLE
    assert kept(text) == [ARTICLE]


@pytest.mark.parametrize(
    "page", ["", "<", "<p>\x00\ud800", "<div>" * 5000 + "deep words", "<a" * 5000, "<!--" * 5000]
)
def test_hostile_pages_give_text_or_nothing(page: str) -> None:
    pytest.importorskip("resiliparse")
    assert isinstance(read_html(page), str)


def test_deep_pages_are_flattened() -> None:
    assert (
        read_html("<div>" * 1000 + "<p>One &amp; two</p><b>th</b>ree<script>x</script>")
        == "One & two\n\nthree"
    )


@pytest.mark.parametrize(
    "page",
    [
        "<div></x>" * 1000,
        "<font></x>" * 1000,
        "<div><table></div>" * 1000,
        "<font a>" * 1000 + "<p>" * 1000,
        "".join(f"<font a{n}>" for n in range(390)) + "<p>x" * 2000,
    ],
)
def test_pages_that_a_parser_would_make_huge_are_flattened(
    page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """End tags that close nothing do not make a page flat, and formatting opens again in every block."""
    module = pytest.importorskip("resiliparse.extract.html2text")

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the page was parsed")

    monkeypatch.setattr(module, "extract_plain_text", refuse)
    assert read_html(page + "<p>The end</p>").endswith("The end")


def test_ordinary_pages_are_parsed() -> None:
    """Many elements, one after another, with formatting closed or left open in some."""
    rows = "<tr><td><b>One</b> <i>two<td><a href=x>three</a></tr>" * 300
    page = f"<nav><ul>{'<li><a>Home</a>' * 50}</ul></nav><div><p>{ARTICLE}</p><table>{rows}</table></div>"
    assert "Home" not in read_html(page)
