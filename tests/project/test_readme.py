"""The README tells the truth: its Python runs, its commands are whole lines, its links lead somewhere."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

from mtscore.cli import main
from mtscore.reading.reader import is_installed

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    """The fenced code blocks in one language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def test_its_python_runs_and_gives_what_it_says(in_checkout: None) -> None:
    source = "\n".join(blocks("python"))
    case = doctest.DocTestParser().get_doctest(source, {}, "README.md", "README.md", 0)
    assert case.examples
    report: list[str] = []
    doctest.DocTestRunner(verbose=False, optionflags=doctest.ELLIPSIS).run(case, out=report.append)
    assert not report, "".join(report)


def test_the_first_two_commands_are_one_line_each() -> None:
    """`.ci/run` takes them from here."""
    start, tests = (block.splitlines() for block in blocks("sh")[:2])
    assert len(start) == len(tests) == 1
    assert start[0].endswith("examples/garbled.txt")
    assert tests[0].endswith("pytest")


def test_its_links_into_the_repository_exist() -> None:
    targets = [target for target in re.findall(r"\]\(([^)#]+)", README) if "://" not in target]
    assert targets
    assert [target for target in targets if not (ROOT / target).exists()] == []


@pytest.mark.skipif(not is_installed(), reason="the reader is not installed")
def test_its_output_is_what_the_first_command_prints(
    in_checkout: None, capsys: pytest.CaptureFixture[str]
) -> None:
    """Line breaks apart, and but for what "[...]" leaves out."""
    assert main(["explain", "--reading", "close", "examples/garbled.txt"]) == 0
    printed = " ".join(capsys.readouterr().out.split())
    (shown,) = blocks("text")
    for passage in shown.split("[...]"):
        assert " ".join(passage.split()) in printed
