"""Makes the pictures of the page in docs/images from the shipped example and the shipped model.

    python -m docs.screenshots [FOLDER]

Needs Chromium on the PATH and the `dev` extra (Playwright drives it). Run it again when the model changes.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from mtscore.files.documents import read_documents
from mtscore.records import Document
from mtscore.render.html.page import write_page
from mtscore.render.html.reference import reference_of
from mtscore.scoring.scorer import Scorer
from mtscore.text.scored_text import with_texts

ROOT = Path(__file__).resolve().parents[1]
NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip


class Shot(NamedTuple):
    """One picture: its name, the articles beside the example, how the page is shown, and the window's size."""

    name: str
    siblings: tuple[str, ...]
    scheme: str
    medium: str
    width: int
    height: int


SHOTS = (
    Shot("page-light", (), "light", "screen", 1100, 900),
    Shot("page-dark", (), "dark", "screen", 1100, 900),
    Shot("page-narrow", (), "light", "screen", 390, 844),
    Shot("page-siblings", ("clean.txt",), "light", "screen", 1100, 900),
    Shot("page-print", (), "light", "print", 794, 1123),
)
RESULTS = Shot("results-browser", (), "light", "screen", 1100, 720)


def chromium() -> str | None:
    """The browser's executable, None where there is none."""
    return next(filter(None, map(shutil.which, NAMES)), None)


@contextmanager
def open_browser() -> Iterator[Any]:
    """A headless Chromium with an empty profile that nothing outside can reach; a Playwright context."""
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as profile, sync_playwright() as playwright:
        browser = playwright.chromium.launch_persistent_context(
            profile, executable_path=chromium(), args=list(FLAGS), offline=True
        )
        try:
            yield browser
        finally:
            browser.close()


def write_example(path: Path, scorer: Scorer, siblings: Sequence[str] = ()) -> None:
    """The page of the example article, alone or beside others."""
    names = ("garbled.txt", *siblings)
    texts = [(ROOT / "examples" / name).read_text(encoding="utf-8") for name in names]
    documents = [Document(f"examples/{name}", text) for name, text in zip(names, texts, strict=True)]
    judge = scorer.score_siblings if siblings else scorer.score_many
    verdict = next(iter(judge(documents)))
    with path.open("w", encoding="utf-8") as out:
        write_page([(verdict, texts[0])], out, reference_of(scorer))


def write_results(path: Path, scorer: Scorer) -> None:
    """The page of all examples."""
    paths = [f"examples/{each.name}" for each in sorted((ROOT / "examples").iterdir())]
    with chdir_to(ROOT), path.open("w", encoding="utf-8") as out:
        write_page(with_texts(scorer.score_many, read_documents(paths)), out, reference_of(scorer))


@contextmanager
def chdir_to(folder: Path) -> Iterator[None]:
    """Another working folder for a while (`contextlib.chdir` is of Python 3.11)."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def take(browser: Any, html: Path, shot: Shot, folder: Path, place: str | None = None) -> None:
    """One picture of the page, from `place` (a selector) on."""
    page = browser.new_page()
    page.set_viewport_size({"width": shot.width, "height": shot.height})
    page.emulate_media(color_scheme=shot.scheme, media=shot.medium)
    page.goto(html.as_uri())
    if place is not None:
        page.locator(place).evaluate(
            "element => { scrollTo({top: element.offsetTop - 12, behavior: 'instant'}) }"
        )
    page.screenshot(path=str(folder / f"{shot.name}.png"))
    page.close()


def main() -> None:
    """Makes all pictures."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "images"
    with tempfile.TemporaryDirectory() as scratch, open_browser() as browser:
        html, scorer = Path(scratch) / "example.html", Scorer.load(reading="close")
        for shot in SHOTS:
            write_example(html, scorer, shot.siblings)
            take(browser, html, shot, folder)
        write_results(html, scorer)
        take(browser, html, RESULTS, folder, "#documents")


if __name__ == "__main__":
    main()
