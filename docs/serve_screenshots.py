"""Makes the pictures of `mtscore serve` in docs/images from the shipped examples and the shipped model.

    python -m docs.serve_screenshots [FOLDER]

Needs what `docs.screenshots` needs.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from docs.screenshots import ROOT, open_browser
from mtscore.model.folder import default_model_path

EXAMPLES = [ROOT / "examples" / name for name in ("garbled.txt", "clean.txt", "page.html")]
WIDE, NARROW = {"width": 1100, "height": 850}, {"width": 390, "height": 844}


@contextmanager
def running() -> Iterator[str]:
    """The address of a service that compares the shipped model with itself."""
    command = [sys.executable, "-m", "mtscore", "serve", "--port", "0", "--jobs", "1"]
    command += ["--compare", str(default_model_path())]
    with (
        tempfile.TemporaryDirectory() as folder,
        subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, text=True) as process,
    ):
        assert process.stderr is not None
        try:
            found = re.search(r"http://\S+", process.stderr.readline())
            assert found
            yield found[0]
        finally:
            process.terminate()


def check(page: Any, name: str) -> None:
    """Ask about an example, as if it were pasted."""
    page.locator("#pasted").fill((ROOT / "examples" / name).read_text(encoding="utf-8"))
    page.get_by_role("button", name="Check").click()
    page.frame_locator("#verdict").locator("h1").wait_for()


def judge(page: Any) -> None:
    """Say that the verdict is right."""
    page.get_by_role("button", name="Right").click()
    page.get_by_text("Saved.").wait_for()


def take(page: Any, folder: Path, name: str, scheme: str = "light") -> None:
    """One picture."""
    page.emulate_media(color_scheme=scheme)
    page.screenshot(path=str(folder / f"serve-{name}.png"))


def main() -> None:
    """Makes all pictures."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "images"
    with running() as address, open_browser() as browser:
        browser.set_offline(False)
        page = browser.new_page()
        page.set_default_timeout(600_000)
        page.set_viewport_size(WIDE)
        page.goto(address)
        page.locator("#ask").wait_for()
        take(page, folder, "ask")
        check(page, "garbled.txt")
        judge(page)
        take(page, folder, "verdict")
        page.set_viewport_size(NARROW)
        take(page, folder, "narrow")
        take(page, folder, "dark", "dark")
        page.set_viewport_size(WIDE)
        page.get_by_role("button", name="Another text").click()
        check(page, "clean.txt")
        judge(page)
        page.get_by_role("button", name="Another text").click()
        page.locator("#pasted").fill("")
        page.locator("#files").set_input_files(EXAMPLES)
        page.get_by_role("button", name="Check").click()
        page.frame_locator("#verdict").locator("#documents").wait_for()
        page.get_by_text("Say which verdicts are right").click()
        take(page, folder, "several")
        page.get_by_role("button", name="Another text").click()
        page.get_by_role("button", name="Compare two models").click()
        page.frame_locator("#verdict").locator("#metrics").wait_for()
        take(page, folder, "compare")


if __name__ == "__main__":
    main()
