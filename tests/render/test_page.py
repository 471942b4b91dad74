"""The page as a file: what it says, that nothing in it comes from outside, and that texts stay texts."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from page_cases import (
    ATTACKS,
    CLEAN,
    HOSTILE_TEXT,
    PLAIN,
    REFERENCE,
    TEXT,
    UNREADABLE,
    finding,
    hostile_verdict,
    verdict_on,
)

from mtscore.errors import ModelError
from mtscore.model import base_features as base
from mtscore.records import Document, Verdict
from mtscore.render.article import write_article, write_unmarked
from mtscore.render.csv import write_csv
from mtscore.render.html import page as pages
from mtscore.render.html.browsing import facets, site_of
from mtscore.render.html.charts import heat_strip, histogram, histogram_summary, signal_rows, telling
from mtscore.render.html.page import write_page
from mtscore.render.html.reference import Reference, Typical, reference_of, typical_ranges
from mtscore.render.table import write_table
from mtscore.scoring.scorer import Scorer
from mtscore.text.scored_text import with_texts


def page(*verdicts: tuple[Verdict, str | None], reference: Reference = REFERENCE) -> str:
    out = io.StringIO()
    write_page(verdicts, out, reference)
    return out.getvalue()


class Parsed(HTMLParser):
    """Every start tag with its attributes, and the text of everything but style and script."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._inside = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._inside = tag

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside not in ("style", "script"):
            self.text += data

    def attributes(self, name: str) -> list[str]:
        return [
            value or "" for _, attributes in self.tags for key, value in attributes.items() if key == name
        ]


def words_of(html: str) -> str:
    return " ".join(Parsed(html).text.split())


def test_a_page_says_what_was_found_and_what_it_means() -> None:
    shown = words_of(page((PLAIN, TEXT)))
    for expected in (
        "harbour.txt",
        "Garbled 0.97",
        "This article reads like a machine translation that went wrong.",
        "governation probably meant government, governance",
        "threw the question up probably meant raised, from German aufgeworfen",
        "stood to word probably meant kept his word, as in clean.txt",
        "where 50 % of all articles are. Of articles that people wrote, about 1 % are called garbled, all kinds of "
        "text counting the same; of a single kind it may be more.",
        "Quality of the English 31 of 100",
        "Probably translated from German 70 %",
        "package 0.1, model toy",
    ):
        assert expected in shown


def test_findings_and_their_notes_point_at_each_other() -> None:
    parsed = Parsed(page((PLAIN, TEXT)))
    ids = parsed.attributes("id")
    assert len(ids) == len(set(ids))
    assert {"f1", "f2", "f3", "n1", "n2", "n3", "t1", "t2", "t3"} <= set(ids)
    assert {link[1:] for link in parsed.attributes("href")} <= set(ids)
    assert set(parsed.attributes("aria-describedby")) == {"t1", "t2", "t3"}


def test_marks_hold_the_words_of_the_article_and_furniture_is_set_apart() -> None:
    html = page((PLAIN, TEXT))
    assert '<mark class="wrong_sense">threw the question up</mark>' in html
    assert re.findall(r'<p dir="auto" class="furniture"><span class="furniture">(.*?)</span></p>', html) == [
        "Home",
        "Contact",
        "Share this",
    ]


def test_overlapping_findings_share_a_mark_and_a_mark_may_run_over_lines() -> None:
    evidence = (
        finding(TEXT, "the harbour pays.\nThe ships", "foreign_passage"),
        finding(TEXT, "pays.\nThe", "broken_order", 1.0),
    )
    html = page((replace(PLAIN, evidence=evidence), TEXT))
    assert html.count('<mark class="foreign_passage">the harbour pays.</mark>') == 1
    assert re.search(
        r'foreign_passage">The ships</mark><a class="ref" href="#n1".*?<a class="ref" href="#n2"', html
    )
    assert html.count('href="#f1" aria-label="Back') == 2


def test_what_cannot_be_judged_says_why() -> None:
    shown = words_of(page((UNREADABLE, None)))
    assert "Cannot tell: unreadable: not UTF-8 at byte offset 6" in shown
    assert "What cannot be judged gets no score." in shown


def test_a_hostile_article_stays_text() -> None:
    html = page((hostile_verdict(), HOSTILE_TEXT))
    parsed = Parsed(html)
    assert "<script" not in html
    assert {tag for tag, _ in parsed.tags}.isdisjoint({"script", "img", "iframe", "link", "object", "base"})
    assert not [name for _, attributes in parsed.tags for name in attributes if name.startswith("on")]
    assert all(link.startswith("#") for link in parsed.attributes("href"))
    assert not parsed.attributes("src") + parsed.attributes("style")
    for attack in ATTACKS:
        assert attack in parsed.text
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c\ud800-\udfff\x00\x1b]", html)
    assert "\\u202egnp.exe" in html
    html.encode("utf-8")


def test_hostile_texts_stay_texts_in_an_overview() -> None:
    html = page((hostile_verdict(), HOSTILE_TEXT), (CLEAN, TEXT))
    assert html.count("<script") == 1
    assert all(link.startswith("#") for link in Parsed(html).attributes("href"))


@pytest.mark.parametrize("count", [1, 2])
def test_the_policy_allows_the_page_its_own_style_and_script_and_nothing_else(count: int) -> None:
    html = page(*[(PLAIN, TEXT)] * count)
    policy = re.search(r'Content-Security-Policy" content="(.*?)"', html)
    assert policy is not None
    allowed = policy[1].replace("&#39;", "'")
    assert allowed.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in allowed
    for tag in ("style", "script")[:count]:
        content = re.search(rf"<{tag}>(.*?)</{tag}>", html, re.DOTALL)
        assert content is not None
        digest = base64.b64encode(hashlib.sha256(content[1].encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in allowed
    assert html.index("Content-Security-Policy") < html.index("<style")


def test_an_overview_counts_and_links_every_document() -> None:
    html = page((PLAIN, TEXT), (CLEAN, TEXT), (UNREADABLE, None))
    shown = words_of(html)
    assert "3 documents" in shown
    assert "garbled 1 clean 1 cannot tell 1" in shown
    assert "about 1 % get that by mistake: here, about 0.02 if none was garbled." in shown
    parsed = Parsed(html)
    ids = parsed.attributes("id")
    assert len(ids) == len(set(ids))
    assert {link[1:] for link in parsed.attributes("href")} <= set(ids)


def test_an_overview_unfolds_no_more_articles_than_a_page_can_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "MAX_ARTICLES", 2)
    html = page(*[(PLAIN, TEXT)] * 3)
    assert html.count("<details class=") == 2
    assert html.count("<td><span class=") == 3
    assert "The first 2 documents; the others have their row above." in words_of(html)


def test_no_documents_at_all() -> None:
    assert "0 documents" in words_of(page())


def test_five_megabytes_are_shown_in_full() -> None:
    line = "The ships of the town lay at anchor. " * 1_000
    text = f"{line}\n" * 135 + "Share this\n"
    html = page((verdict_on("long.txt", text, finding(text, "anchor", "repetition")), text))
    assert html.count("The ships of the town lay at ") == 135_000


# Results to choose from


@pytest.mark.parametrize(
    ("id", "site"),
    [
        ("https://www.Example.org:80/a/b", "example.org"),
        ("http://[broken/a", ""),
        ("news/local/a.txt", "news/local"),
        ("C:\\news\\a.txt", "C:\\news"),
        ("a.txt", ""),
        ("17", ""),
    ],
)
def test_a_site_is_a_host_or_a_folder(id: str, site: str) -> None:
    assert site_of(id) == site


def test_lists_count_documents_and_leave_out_what_is_no_choice() -> None:
    kinds, source = facets([("sibling wrong_sense", "de", ""), ("sibling", "", ""), ("", "de", "")])
    assert kinds.choices == [
        ("sibling", "words contradicted by siblings", 2),
        ("wrong_sense", "wrong senses", 1),
    ]
    assert source.choices == [("de", "German", 2)]


def test_a_text_waits_in_the_page_as_it_was_scored_in_plain_ascii() -> None:
    html = page((hostile_verdict(), HOSTILE_TEXT), (CLEAN, TEXT))
    first, second = (
        json.loads(attributes["data-text"] or "")
        for tag, attributes in Parsed(html).tags
        if "data-text" in attributes
    )
    assert (first, second) == (HOSTILE_TEXT, TEXT)
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c\ud800-\udfff\x00\x1b]", html)


# Charts, by hand


def test_the_strip_shows_where_findings_are() -> None:
    strip = heat_strip(
        replace(PLAIN, evidence=(finding("x" * 50 + "bad" + "y" * 47, "bad", "wrong_sense", 6.0),), body=()),
        100,
    )
    assert [(cell.place, round(cell.heat, 2)) for cell in strip.cells] == [
        (0.5, 0.58),
        (0.51, 0.58),
        (0.52, 0.58),
    ]
    assert strip.summary.endswith("0 in the first third, 1 in the second third, 0 in the last third.")


def test_a_histogram_counts_scores_and_colours_them_by_label() -> None:
    bars = histogram([0.0, 0.04, 0.31, 0.99, 1.0], REFERENCE)
    assert [(bar.low, bar.documents, bar.height, bar.label) for bar in bars if bar.documents] == [
        (0.0, 2, 1.0, "clean"),
        (0.3, 1, 0.5, "suspect"),
        (0.95, 2, 1.0, "garbled"),
    ]
    assert histogram_summary(bars).endswith(
        "2 documents from 0.00, 1 document from 0.30, 2 documents from 0.95."
    )


def test_signals_stand_beside_their_usual_ranges() -> None:
    rows = signal_rows({"fluency": {"flow": 2.0, "rhythm": 0.5, "other": -1.0}}, REFERENCE)
    flow = rows[0]
    assert (flow.place, flow.human_place, flow.human_width, flow.garbled_place) == (80.0, 0.0, 40.0, 60.0)
    assert (flow.human, flow.garbled) == ("0 to 1", "1.5 to 2.5")
    assert flow.telling == pytest.approx(2 * 1.5 / 2)
    assert [row.name for row in telling(rows)] == ["flow"]
    assert (rows[2].value, rows[2].human) == ("−1", "")


def test_typical_ranges_count_every_register_alike() -> None:
    label = np.array([0, 0, 0, 0, 1, 0], np.uint8)
    features = base.BaseFeatures(
        names=("flow",),
        matrix=np.array([[1], [1], [1], [2], [5], [9]], np.float16),
        label=label,
        weight=np.ones(6, np.float32),
        is_matched=np.zeros(6, np.bool_),
        component=np.arange(6),
        strength=np.arange(6, dtype=np.float32),
        group=("g",) * 6,
        register=("news", "news", "news", "poetry", "news", "llm"),
    )
    typical = typical_ranges(features)
    assert typical["flow"] == Typical((1.0, 1.0, 2.0), (5.0, 5.0, 5.0))
    assert typical["finding_strength"].garbled == (4.0, 4.0, 4.0)


def test_a_model_without_base_features_has_no_ranges(tiny_model: Path) -> None:
    reference = reference_of(Scorer.load(tiny_model, prior=0.2))
    assert reference.typical == {}
    assert reference.thresholds == {
        "garbled": pytest.approx(0.2),
        "suspect": pytest.approx(0.3 / 0.3 * 0.09677, rel=1e-3),
    }


@pytest.mark.parametrize("rates", [{"garbled": "x"}, {"garbled": float("nan")}, [0.01], {"garbled": 2}])
def test_rates_that_are_none_are_a_damaged_model(tiny_model: Path, rates: object) -> None:
    scorer = Scorer.load(tiny_model)
    scorer.model.manifest["threshold_fpr"] = rates
    with pytest.raises(ModelError, match="no usable threshold_fpr"):
        reference_of(scorer)


# What makes a text doubtful without a finding

WHY = "no word by itself gives it away, what speaks for it is: sentences in poor English"
DOUBTFUL = replace(PLAIN, label="suspect", score=0.4, detail=WHY, evidence=())


def test_a_suspect_without_findings_says_what_made_it_so() -> None:
    shown, table = io.StringIO(), io.StringIO()
    write_article(DOUBTFUL, TEXT, shown)
    assert f"note: {WHY}" in " ".join(shown.getvalue().split())
    write_table([DOUBTFUL], table)
    assert WHY in table.getvalue()
    assert f"Note {WHY}" in words_of(page((DOUBTFUL, TEXT)))
    assert page((DOUBTFUL, TEXT), (CLEAN, TEXT)).count(WHY) == 2, "in the overview and above the article"


def test_a_text_shown_blindly_has_no_mark() -> None:
    shown = io.StringIO()
    write_unmarked(PLAIN, TEXT, shown)
    text = shown.getvalue()
    assert text.startswith("harbour.txt\n")
    assert "threw the question up" in text
    assert "~ Share this" in text
    for hidden in ("[[", "0.97", "GARBLED", "quality", "invented", "findings"):
        assert hidden not in text


# Verdicts and their texts


def test_texts_wait_for_their_verdicts() -> None:
    taken: list[str | None] = []

    def score(documents: Iterable[Document]) -> Iterator[Verdict]:
        held = []
        for document in documents:  # two documents ahead, as several processes are
            taken.append(document.text)
            held.append(Verdict(document.id, "cannot_tell"))
            if len(held) == 2:
                yield from held
                held.clear()
        yield from held

    documents = [Document("1", "one"), Document("2", "<p>two</p>", is_html=True), Document("3", None)]
    pairs = [(verdict.id, text) for verdict, text in with_texts(score, documents)]
    assert pairs == [("1", "one"), ("2", taken[1]), ("3", None)]
    assert "<p>" not in (taken[1] or "")


# CSV


def csv_of(*verdicts: Verdict) -> list[str]:
    out = io.StringIO()
    write_csv(verdicts, out)
    return out.getvalue().split("\r\n")


def test_csv_has_a_heading_and_a_row_for_each_document() -> None:
    assert csv_of(PLAIN, UNREADABLE) == [
        "id,status,reason,detail,score,label,quality,words,findings,strongest_findings",
        "harbour.txt,scored,,,0.97,garbled,31.4,40,3,governation; threw the question up; stood to word",
        "b.txt,cannot_tell,unreadable,not UTF-8 at byte offset 6,,,,0,0,",
        "",
    ]


@pytest.mark.parametrize("between", [";", "\t"])
def test_no_cell_is_a_formula_behind_another_separator(between: str) -> None:
    row = csv_of(replace(PLAIN, id=f"news{between} =cmd|' /C calc'!A0{between}+1"))[1]
    cells = [cell.strip() for cell in row.split(";")]
    assert not [cell for cell in cells if cell.startswith(("=", "+"))]


@pytest.mark.parametrize(
    "id", ["=1+1", "+1", "-1", "@SUM(A1)", "  =1", "\t=1", "\r=1", "\n=1", "\uff1d1", "\u200b=1"]
)
def test_no_cell_of_a_csv_is_a_formula(id: str) -> None:
    evidence = (finding("=cmd|' /C calc'!A0", "=cmd|' /C calc'!A0", "wrong_sense"),)
    row = csv_of(replace(PLAIN, id=id, evidence=evidence))[1]
    assert row.startswith("'")
    assert ",'=cmd|" in row
    assert len(csv_of(replace(PLAIN, id=id))) == 3


@pytest.mark.parametrize("id", ["a;=1+1", "a; =1", 'a;"=1', "a\t=1", "a;b;@SUM(A1)", "a;\uff1d1", "a;\t+1"])
def test_no_cell_is_a_formula_where_semicolons_or_tabs_part_them(id: str) -> None:
    evidence = (finding(" then", " then", "wrong_sense"), finding("=1+1", "=1+1", "wrong_sense"))
    lines = csv_of(replace(PLAIN, id=id, evidence=evidence))
    for delimiter in ";\t":
        for cells in csv.reader(lines, delimiter=delimiter):
            assert not [cell for cell in cells if re.match(r"[\s\"]*[=+@\uff1d-]", cell)]


def test_csv_quotes_what_would_end_a_cell() -> None:
    assert csv_of(replace(UNREADABLE, id='a "b", c'))[1].startswith('"a ""b"", c",cannot_tell')
