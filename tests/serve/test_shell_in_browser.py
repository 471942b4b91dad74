"""The page in a real browser: pasted to, dropped on, by keyboard, by a screen reader's rules, on a phone, under attack.
Skipped where Chromium or the packages that drive it are missing; `.ci/run` installs them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import toy_text
from page_cases import ATTACKS, BIDI
from serving import MAX_BYTES, TOKEN, Running
from watched_page import WatchedPage

from docs.screenshots import chromium, open_browser
from mtscore.learning.labels import read_labels

pytest.importorskip(
    "playwright", reason="NO BROWSER TESTS: Playwright is not installed (the dev extra has it)"
)
if chromium() is None:
    pytest.skip("NO BROWSER TESTS: Chromium is not installed (Debian: chromium)", allow_module_level=True)

GARBLED, CLEAN = toy_text(1, is_garbled=True), toy_text(2, is_garbled=False)
WITHOUT_NOTES = """article => {
  for (const note of article.querySelectorAll(".ref, .tip")) note.remove();
  return article.textContent;
}"""
DROP = """([name, text]) => {
  const dropped = new DataTransfer();
  dropped.items.add(new File([text], name));
  for (const kind of ["dragover", "drop"])
    document.body.dispatchEvent(new DragEvent(kind, { dataTransfer: dropped, bubbles: true, cancelable: true }));
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with open_browser() as opened:
        opened.set_offline(False)
        yield opened


@pytest.fixture(scope="module")
def home(trained_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("browser")
    options = ("--max-bytes", str(MAX_BYTES), "--compare", str(trained_model), "--labels", "mine.jsonl")
    with Running(folder, trained_model, *options) as running:
        yield running


class Window(WatchedPage):
    """The page, and what went on in it that should not."""

    def __init__(self, browser: Any, url: str) -> None:
        super().__init__(browser, 60_000)
        self.url = url
        self.page.goto(url)
        self.page.locator("#ask:not([hidden]), #entrance:not([hidden])").wait_for()

    @property
    def verdict(self) -> Any:
        """The page in the page."""
        self.page.locator("#result").wait_for()
        return self.page.frame_locator("#verdict")

    def paste(self, text: str) -> Any:
        self.page.locator("#pasted").fill(text)
        self.page.get_by_role("button", name="Check").click()
        return self.page

    def focus(self) -> str:
        return str(self.page.evaluate("document.activeElement.id || document.activeElement.textContent"))

    def axe(self) -> list[Any]:
        from axe_playwright_python.sync_playwright import Axe

        found = Axe().run(self.page).response
        assert len(found["passes"]) > 10
        return [(v["id"], v["impact"], v["nodes"][0]["html"]) for v in found["violations"]]


@pytest.fixture
def window(browser: Any, home: Running) -> Iterator[Window]:
    opened = Window(browser, home.url)
    yield opened
    opened.page.close()


def test_by_keyboard_alone_from_pasting_to_a_label(window: Window, home: Running) -> None:
    keyboard = window.page.keyboard
    for _ in range(2):
        keyboard.press("Tab")
    assert window.focus() == "pasted"
    keyboard.insert_text(GARBLED)
    keyboard.press("Control+Enter")
    assert window.verdict.locator("h2#verdict").inner_text().startswith("Garbled")
    assert window.focus() == "result-title"
    keyboard.press("Tab")
    assert window.focus() == "Right"
    keyboard.press("Enter")
    window.page.get_by_text("mine.jsonl has 1 garbled and 0 clean").wait_for()
    keyboard.press("Tab")
    keyboard.press("Space")  # wrong
    window.page.get_by_text("mine.jsonl has 0 garbled and 1 clean").wait_for()
    (label,) = read_labels([str(home.folder / "mine.jsonl")]).texts
    assert (label.text, label.label, label.id) == (GARBLED, 0, "pasted text")
    keyboard.press("Space")
    window.page.get_by_text("Taken back. mine.jsonl has 0 garbled and 0 clean").wait_for()
    keyboard.press("Tab")
    keyboard.press("Enter")
    assert window.focus() == "pasted"
    assert window.troubles == []


def test_a_file_that_is_dropped_is_read_at_once(window: Window) -> None:
    window.page.evaluate(DROP, ["page.html", f"<html><body><p>{GARBLED}</p></body></html>"])
    assert window.verdict.locator("h1").inner_text() == "page.html"
    assert window.troubles == []


def test_several_are_compared_as_siblings_and_each_can_be_labelled(window: Window, tmp_path: Path) -> None:
    files = {"a.txt": GARBLED, "b.txt": CLEAN, "c.txt": "Too short."}
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    window.page.locator("#files").set_input_files([tmp_path / name for name in files])
    window.page.get_by_role("button", name="Check").click()
    assert window.verdict.locator("h1").inner_text() == "3 documents"
    window.page.get_by_text("Say which verdicts are right").click()
    rows = window.page.locator("#judging li")
    assert [row.locator("button").count() for row in rows.all()] == [2, 2, 0]
    for said in ("Saved.", "Taken back."):
        rows.nth(1).locator("button").last.click()
        window.page.get_by_text(said).wait_for()
    with window.page.expect_download() as download:
        window.page.get_by_role("button", name="Save as JSON").click()
    saved = json.loads(Path(download.value.path()).read_text(encoding="utf-8"))
    assert [verdict["signature"]["siblings"] for verdict in saved] == [True] * 3
    assert window.troubles == []


def test_all_forms_can_be_saved(window: Window) -> None:
    window.paste(GARBLED)
    window.verdict.locator("h1").wait_for()
    saved = {}
    for button in ("Save page", "Save as JSON", "Save as CSV"):
        with window.page.expect_download() as download:
            window.page.get_by_role("button", name=button).click()
        saved[download.value.suggested_filename] = Path(download.value.path()).read_text(encoding="utf-8")
    assert saved["verdict.html"].startswith("<!doctype html>")
    assert json.loads(saved["verdict.json"])["label"] == "garbled"
    assert saved["verdict.csv"].startswith("id,status,")


def test_a_hostile_text_is_shown_as_text(window: Window) -> None:
    hostile = "\n".join((GARBLED, *ATTACKS, BIDI, GARBLED))
    window.page.evaluate(DROP, ["<img src=x onerror=alert(1)>.txt", hostile])
    shown = window.verdict.locator(".text").evaluate(WITHOUT_NOTES)
    assert [attack for attack in ATTACKS if attack not in shown] == []
    assert "<img src=x onerror=alert(1)>.txt" in window.page.locator("#result-title").inner_text()
    assert window.page.title() == "mtscore"
    own = {window.url, window.url + "v1/info", window.url + "v1/explain", "about:srcdoc"}
    assert set(window.requests) <= own
    assert window.troubles == []


def test_scripts_in_the_frame_reach_nothing(window: Window) -> None:
    window.paste(GARBLED)
    window.verdict.locator("h1").wait_for()
    frame = next(frame for frame in window.page.frames if frame != window.page.main_frame)
    reach = """async (url) => {
      try { return parent.document.title; } catch { /* as it should be */ }
      try { return (await fetch(url)).status; } catch { return "nothing"; }
    }"""
    assert frame.evaluate(reach, window.url + "v1/info") == "nothing"


def test_a_text_over_the_limit_gets_a_sentence(window: Window) -> None:
    window.paste("word " * MAX_BYTES)
    window.page.get_by_role("alert").wait_for()
    window.page.get_by_text("longer than").first.wait_for()
    window.paste("")
    window.page.get_by_text("There is nothing to check yet").wait_for()


def test_reading_can_be_stopped(window: Window, home: Running) -> None:
    window.page.route("**/v1/explain", lambda route: None)  # never answered
    window.paste(CLEAN)
    window.page.get_by_role("button", name="Stop").wait_for()
    assert window.focus() == "stop"
    assert window.page.locator("#state").get_attribute("role") == "status"
    assert window.axe() == []
    window.page.keyboard.press("Escape")
    window.page.locator("#ask").wait_for()
    assert window.focus() == "pasted"
    assert window.page.locator("#pasted").input_value() == CLEAN
    window.page.unroute("**/v1/explain")
    window.paste(CLEAN)
    assert window.verdict.locator("h1").inner_text() == "pasted text"


def test_a_service_that_has_gone_is_told(window: Window) -> None:
    window.page.route("**/v1/explain", lambda route: route.abort())
    window.paste(CLEAN)
    window.page.get_by_text("The service does not answer").wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_to_object_to(window: Window, scheme: str) -> None:
    window.page.emulate_media(color_scheme=scheme)
    assert window.axe() == []
    window.paste(GARBLED)
    window.verdict.locator("h1").wait_for()
    window.page.get_by_role("button", name="Right").click()
    window.page.get_by_text("Saved.").wait_for()
    assert window.axe() == []
    window.page.get_by_role("button", name="Right").click()
    window.page.get_by_text("Taken back.").wait_for()
    window.page.get_by_role("button", name="Another text").click()
    window.page.evaluate(DROP, ["labels.csv", "text\n" + "\n".join(f'"{text}"' for text in (GARBLED, CLEAN))])
    window.verdict.locator("#documents").wait_for()
    window.page.get_by_text("Say which verdicts are right").click()
    assert window.axe() == []


def test_everything_fits_a_phone(window: Window) -> None:
    window.page.set_viewport_size({"width": 360, "height": 640})
    width = "document.documentElement.scrollWidth"
    assert window.page.evaluate(width) <= 360
    window.paste(GARBLED)
    heading = window.verdict.locator("h2#verdict")
    assert heading.bounding_box()["y"] < 400
    assert window.page.evaluate(width) <= 360
    assert window.page.evaluate("document.documentElement.scrollHeight") <= 640
    assert window.verdict.locator("html").evaluate("element => element.scrollWidth") <= 360


def test_two_models_are_compared_on_the_saved_labels(window: Window) -> None:
    window.page.get_by_role("button", name="Compare two models").click()
    window.page.get_by_text("No label was saved yet").wait_for()
    for text in (GARBLED, toy_text(3, is_garbled=True)):
        window.paste(text)
        window.verdict.locator("h1").wait_for()
        window.page.get_by_role("button", name="Right").click()
        window.page.get_by_text("Saved.").wait_for()
        window.page.get_by_role("button", name="Another text").click()
    window.page.get_by_role("button", name="Compare two models").click()
    window.page.locator("#result").wait_for(timeout=300_000)
    shown = window.verdict.locator("main").inner_text()
    assert "2 texts, 2 of them garbled" in shown
    assert "mostly noise" in shown
    assert window.axe() == []


def test_a_service_with_a_token_asks_for_it(browser: Any, trained_model: Path, tmp_path: Path) -> None:
    with Running(tmp_path, trained_model, MTSCORE_TOKEN=TOKEN) as running:
        window = Window(browser, running.url)
        assert window.focus() == "token"
        assert window.axe() == []
        window.page.get_by_label("Token").fill("wrong")
        window.page.keyboard.press("Enter")
        window.page.get_by_text("That is not the token").wait_for()
        window.page.get_by_label("Token").fill(TOKEN)
        window.page.keyboard.press("Enter")
        window.page.locator("#ask").wait_for()
        window.paste(GARBLED)
        assert window.verdict.locator("h1").inner_text() == "pasted text"
        window.page.close()
