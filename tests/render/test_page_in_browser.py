"""The page in a real browser: nothing in it runs, it can be used by keyboard, on a phone, in print and by a screen
reader. Skipped where Chromium or the packages that drive it are missing; `.ci/run` installs them."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

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
from watched_page import WatchedPage

from docs.screenshots import chromium, open_browser
from mtscore.learning.labels import read_labels
from mtscore.records import Verdict
from mtscore.render.html.page import write_page

pytest.importorskip(
    "playwright", reason="NO BROWSER TESTS: Playwright is not installed (the dev extra has it)"
)
if chromium() is None:
    pytest.skip("NO BROWSER TESTS: Chromium is not installed (Debian: chromium)", allow_module_level=True)

Pages = tuple[tuple[Verdict, str | None], ...]
SINGLE: Pages = ((PLAIN, TEXT),)
BATCH: Pages = ((CLEAN, TEXT), (PLAIN, TEXT), (hostile_verdict(), HOSTILE_TEXT))


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with open_browser() as opened:
        yield opened


class Window(WatchedPage):
    """One page in the browser, and what went on in it that should not."""

    def __init__(self, browser: Any, folder: Path) -> None:
        super().__init__(browser, 30_000)
        self.folder = folder

    def show(self, *pages: tuple[Verdict, str | None], extra: str = "") -> Any:
        out = io.StringIO()
        write_page(pages, out, REFERENCE)
        path = self.folder / "page.html"
        path.write_text(out.getvalue().replace("</body>", f"{extra}</body>"), encoding="utf-8")
        self.page.goto(path.as_uri())
        return self.page


@pytest.fixture
def window(browser: Any, tmp_path: Path) -> Iterator[Window]:
    opened = Window(browser, tmp_path)
    yield opened
    opened.page.close()


@pytest.mark.parametrize("count", [1, 2])
def test_a_hostile_article_runs_nothing_and_loads_nothing(window: Window, count: int) -> None:
    page = window.show(*[(hostile_verdict(), HOSTILE_TEXT)] * count)
    for folded in page.locator("details").all():
        folded.evaluate("element => element.open = true")
    for mark in page.locator(".text mark").all()[:10]:
        mark.dispatch_event("mouseover")
    shown = page.locator("body").inner_text()
    for attack in ATTACKS:
        assert attack in shown
    assert "owned" not in page.title().split("<")[0]
    assert page.title().endswith("mtscore")
    assert window.troubles == []
    assert window.requests == [page.url]


def test_the_policy_stops_what_the_page_did_not_bring(window: Window) -> None:
    page = window.show(
        *SINGLE,
        extra="<script>document.title = 'owned'</script><img src='data:image/gif;base64,R0lGODlhAQABAAAAACw='>"
        "<p id=styled style='color: rgb(1, 2, 3)'>x</p>",
    )
    assert page.title() == "harbour.txt – mtscore"
    assert page.locator("img").evaluate("image => image.naturalWidth") == 0
    assert page.locator("#styled").evaluate("element => getComputedStyle(element).color") != "rgb(1, 2, 3)"
    assert len(window.troubles) >= 3


def test_what_was_meant_appears_on_focus_and_on_hover_only(window: Window) -> None:
    page = window.show(*SINGLE)
    tip = page.locator("#t1")
    assert not tip.is_visible()
    page.locator("a.ref").first.focus()
    assert tip.is_visible()
    assert tip.inner_text() == "wrong sense: probably meant raised, from German aufgeworfen"
    page.locator("a.ref").nth(1).focus()
    assert not tip.is_visible()
    page.locator(".text mark", has_text="threw the question up").hover()
    assert tip.is_visible()
    box, word = tip.bounding_box(), page.locator("#f1").bounding_box()
    assert word["y"] < box["y"] < word["y"] + 80


def test_a_tap_on_a_phone_shows_what_was_meant_inside_the_window(window: Window) -> None:
    page = window.page
    page.set_viewport_size({"width": 360, "height": 640})
    window.show(*SINGLE)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.locator(".text mark", has_text="governation").click()
    box = page.locator("#t2").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 360
    assert box["y"] + box["height"] <= 640


def test_an_overview_fits_a_phone(window: Window) -> None:
    window.page.set_viewport_size({"width": 360, "height": 640})
    assert window.show(*BATCH).evaluate("document.documentElement.scrollWidth") <= 360


def test_every_finding_can_be_reached_by_keyboard(window: Window) -> None:
    page = window.show(*SINGLE)
    reached = []
    for _ in range(20):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.getAttribute('href')"))
    assert reached[0] == "#article"
    assert {"#f1", "#f2", "#f3", "#n1", "#n2", "#n3"} <= set(reached)
    page.locator("a.ref").nth(2).focus()
    page.keyboard.press("Enter")
    assert page.url.endswith("#n3")


def test_print_shows_the_notes_instead_of_the_tips(window: Window) -> None:
    window.page.emulate_media(media="print")
    page = window.show(*SINGLE)
    page.locator("a.ref").first.focus()
    assert not page.locator("#t1").is_visible()
    assert (
        page.locator("#n1")
        .inner_text()
        .startswith("threw the question up wrong sense: probably meant raised")
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("pages", [SINGLE, BATCH], ids=["single", "batch"])
def test_axe_finds_nothing_to_object_to(window: Window, scheme: str, pages: Pages) -> None:
    from axe_playwright_python.sync_playwright import Axe

    window.page.emulate_media(color_scheme=scheme)
    page = window.show(*pages)
    for folded in page.locator("details").all():
        folded.evaluate("element => element.open = true")
    found = Axe().run(page).response
    assert len(found["passes"]) > 10
    assert [(v["id"], v["impact"], v["nodes"][0]["html"]) for v in found["violations"]] == []


def test_the_two_schemes_differ(window: Window) -> None:
    colours = []
    for scheme in ("light", "dark"):
        window.page.emulate_media(color_scheme=scheme)
        page = window.show(*SINGLE)
        colours.append(page.evaluate("getComputedStyle(document.body).backgroundColor"))
    light, dark = (sum(map(int, re.findall(r"\d+", colour))) for colour in colours)
    assert dark < 150 < 600 < light


def test_an_overview_sorts_and_unfolds(window: Window) -> None:
    page = window.show(*BATCH)

    def first() -> str:
        return str(page.locator("#overview tbody .id").first.inner_text())

    assert first() == "fine.txt"
    page.get_by_role("button", name="score").click()
    assert first() != "fine.txt"
    assert page.locator("th[aria-sort=descending]").count() == 1
    page.get_by_role("button", name="score").press("Enter")
    assert first() == "fine.txt"
    assert page.locator("th[aria-sort=ascending]").inner_text().startswith("score")
    page.locator("a", has_text="harbour.txt").click()
    page.wait_for_function("document.getElementById('d2').open")
    assert window.troubles == []


SITED = replace(PLAIN, id="https://www.example.org/harbour", evidence=PLAIN.evidence[:1])
RESULTS: Pages = (
    (CLEAN, TEXT),
    (PLAIN, TEXT),
    (
        replace(SITED, source_languages={"fr": 0.9, "de": 0.1}),
        "The naïve \r\n\u202etext\u2028 of it.\nShare this\n",
    ),
    (replace(UNREADABLE, id="inbox/b.txt"), None),
)


def shown(page: Any) -> list[str]:
    """The documents whose rows can be seen; their articles are the same ones."""
    rows = page.locator("#overview tbody tr:visible .id").all_inner_texts()
    articles = page.locator("details:visible").evaluate_all("all => all.map(each => each.dataset.id)")
    assert sorted(rows) == sorted(articles)
    return list(rows)


def wait_for(page: Any, place: str, text: str) -> None:
    from playwright.sync_api import expect

    expect(page.locator(place)).to_have_text(text)


FINE, HARBOUR, SITE, BROKEN = "fine.txt", "harbour.txt", "https://www.example.org/harbour", "inbox/b.txt"


FILTERED: tuple[tuple[str, str, list[str]], ...] = (
    ("kinds", "sibling", [HARBOUR]),
    ("source", "fr", [SITE]),
    ("source", "de", [FINE, HARBOUR]),
    ("site", "example.org", [SITE]),
    ("site", "inbox", [BROKEN]),
    ("search", "NAÏVE", [SITE]),
    ("search", "governation", [FINE, HARBOUR, SITE]),
    ("search", "nothing like it", []),
    ("label", "clean", [HARBOUR, SITE, BROKEN]),
    ("label", "cannot tell", [FINE, HARBOUR, SITE]),
)
"""What is chosen, and the documents that are left then."""


def test_documents_can_be_filtered_and_shown_again(window: Window) -> None:
    page = window.show(*RESULTS)
    for control, value, left in FILTERED:
        assert shown(page) == [FINE, HARBOUR, SITE, BROKEN]
        if control == "search":
            page.get_by_role("searchbox", name="Search").fill(value)
        elif control == "label":
            page.locator(f"#browser input[value='{value}']").uncheck()
        else:
            page.locator(f"#browser select[name={control}]").select_option(value)
        wait_for(page, "#shown", f"{len(left)} of 4 documents shown")
        assert shown(page) == left
        page.get_by_role("button", name="Show all").click()
        wait_for(page, "#shown", "4 of 4 documents shown")
    assert window.troubles == []


def test_what_is_ticked_is_saved_as_labels_of_the_very_texts(window: Window, tmp_path: Path) -> None:
    page = window.show(*RESULTS)
    buttons = [page.get_by_role("button", name=f"Save as {label}") for label in ("garbled", "clean")]
    assert [button.is_enabled() for button in buttons] == [False, False]
    page.get_by_role("checkbox", name=f"Tick {FINE}").focus()
    page.keyboard.press("Space")
    page.locator("#browser select[name=source]").select_option("fr")  # what is hidden is not saved
    wait_for(page, "#selected", "")
    page.get_by_role("checkbox", name="Tick all").check()
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save as garbled").press("Enter")
    saved.value.save_as(tmp_path / "garbled.jsonl")
    assert saved.value.suggested_filename == "garbled.jsonl"
    (labelled,) = read_labels([str(tmp_path / "garbled.jsonl")]).texts
    assert (labelled.id, labelled.label, labelled.text) == (SITE, 1, RESULTS[2][1])
    assert window.troubles == []


def test_documents_without_a_text_are_not_saved(window: Window) -> None:
    page = window.show(*RESULTS)
    page.get_by_role("checkbox", name=f"Tick {BROKEN}").check()
    page.get_by_role("button", name="Save as clean").click()
    assert page.locator("#selected").inner_text() == (
        "0 labels saved; 1 document left out, whose text is not on this page"
    )


def test_it_can_be_read_without_scripts(window: Window, browser: Any) -> None:
    path = Path(window.show(*BATCH).url.removeprefix("file://"))
    session = browser.new_cdp_session(window.page)
    session.send("Emulation.setScriptExecutionDisabled", {"value": True})
    window.page.goto(path.as_uri())
    assert "governation" in window.page.locator("#overview").inner_text()
    assert not window.page.locator("#browser").is_visible()
    window.page.locator("summary", has_text="harbour.txt").click()
    assert window.page.locator("#d2 mark", has_text="governation").first.is_visible()


def test_five_megabytes_are_shown_in_full(window: Window) -> None:
    line = "The ships of the town lay at anchor. " * 1_000
    text = f"{line}\n" * 135 + "Share this\n"
    page = window.show((verdict_on("long.txt", text, finding(text, "anchor", "repetition")), text))
    assert page.locator(".text").evaluate("element => element.textContent.length") > 4_990_000
    assert window.troubles == []
