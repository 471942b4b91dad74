"""The documentation can be read and tells the truth: short sentences, plain words, complete reference pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import get_args

import pytest

from docs import command_line
from mtscore import Document, Scorer
from mtscore.model.close import COLUMNS
from mtscore.records import EvidenceKind, Verdict

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
GUIDES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    DOCS / "index.md",
    *sorted((DOCS / "guide").glob("*.md")),
]
PAGES = [
    *map(ROOT.joinpath, ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "training/README.md")),
    *sorted(DOCS.rglob("*.md")),
]

SENTENCE_WORDS = 22
HEADING_WORDS = 70

STALE = re.compile(
    r"""tells? how likely | \bteach(?:es)?\b | \btaught\b(?!\.\w) | \bexcuses?\b
    | (?<![\w.\d~/*])\.\d\d+ | mtscore\[""",
    re.VERBOSE,
)
"""Wording that once stood in these pages: estimates, trains, exemptions, 0.487 and '.[extra]' say the same."""


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def without_code(path: Path) -> str:
    """A page's text without its fenced blocks."""
    return re.sub(r"^ *```.*?^ *```$", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)


def prose(path: Path) -> list[str]:
    """Paragraphs and list items of a page, without code, tables, pictures, links' targets and headings."""
    text = without_code(path)
    text = re.sub(r"<!--.*?-->|^#.*$|^\|.*$|^:::.*$|!\[[^\]]*\]\([^)]*\)", "", text, flags=re.MULTILINE)
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    return [
        " ".join(part.split())
        for part in re.split(r"\n\s*\n|^\s*[-*] |^\d+\. ", text, flags=re.M)
        if part.strip()
    ]


def sentences(path: Path) -> Iterator[str]:
    for paragraph in prose(path):
        yield from re.split(r"(?<=[.!?:])\s+(?=[^a-z])", paragraph)


def words(texts: Iterator[str] | list[str]) -> int:
    return sum(len(text.split()) for text in texts)


@pytest.mark.parametrize("path", GUIDES, ids=named)
def test_sentences_are_short(path: Path) -> None:
    found = list(sentences(path))
    assert words(found) / len(found) < SENTENCE_WORDS


def test_the_readme_is_scannable() -> None:
    headings = len(re.findall(r"^#+ ", without_code(ROOT / "README.md"), re.MULTILINE))
    assert words(prose(ROOT / "README.md")) / headings <= HEADING_WORDS


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_the_wording_is_plain(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert [text[max(0, m.start() - 30) : m.end() + 20] for m in STALE.finditer(text)] == []


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_links_lead_somewhere(path: Path) -> None:
    links = re.findall(r"\]\(([^)\s]+)\)", path.read_text(encoding="utf-8"))
    targets = [link.partition("#")[0] for link in links if "://" not in link]
    assert [t for t in targets if t and not (path.parent / t).exists()] == []


def first_column(page: str) -> list[str]:
    """The names in the tables of a reference page; a name with {a,b} stands for several."""
    text = (DOCS / "reference" / page).read_text(encoding="utf-8")
    cells = re.findall(r"^\| ((?:`[^`]+`(?:, )?)+) \|", text, re.MULTILINE)
    return [name for cell in cells for each in re.findall(r"`([^`]+)`", cell) for name in expanded(each)]


def expanded(name: str) -> list[str]:
    """`a_{b,c}` as `a_b` and `a_c`, and `fw_*` as a name for each word that the page lists."""
    if name == "fw_*":
        page = (DOCS / "reference" / "signals.md").read_text(encoding="utf-8")
        (listed,) = re.findall(
            r"one signal for each of these words:\n(.*?)\.$", page, re.MULTILINE | re.DOTALL
        )
        return [f"fw_{word}" for word in listed.split()]
    parts = [part.split(",") for part in re.split(r"[{}]", name)]
    return ["".join(choice) for choice in product(*parts)]


@pytest.fixture(scope="module")
def garbled_verdict(shipped: Scorer) -> Verdict:
    texts = [(ROOT / "examples" / name).read_text(encoding="utf-8") for name in ("garbled.txt", "clean.txt")]
    return next(iter(shipped.score_siblings([Document("a", texts[0]), Document("b", texts[1])])))


def test_every_signal_is_in_the_reference_once(garbled_verdict: Verdict) -> None:
    signals = [name for family in garbled_verdict.signals.values() for name in family]
    assert sorted(first_column("signals.md")) == sorted([*signals, *COLUMNS])


def test_the_reference_has_each_signal_in_its_family(garbled_verdict: Verdict) -> None:
    text = (DOCS / "reference" / "signals.md").read_text(encoding="utf-8")
    for family, signals in garbled_verdict.signals.items():
        (section,) = re.findall(
            rf"^## {family.capitalize()}$(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL
        )
        named_here = {name for each in re.findall(r"`([^`]+)`", section) for name in expanded(each)}
        assert set(signals) <= named_here


def test_every_kind_of_evidence_is_in_the_reference_once() -> None:
    assert sorted(first_column("evidence.md")) == sorted(get_args(EvidenceKind))


def test_every_field_of_a_verdict_is_in_the_reference_once() -> None:
    text = (DOCS / "reference" / "verdict.md").read_text(encoding="utf-8")
    (table,) = re.findall(r"^## Fields$(.*?)^## ", text, re.MULTILINE | re.DOTALL)
    fields = re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)
    assert fields == list(Verdict.__dataclass_fields__)


def test_the_command_line_page_is_what_the_parsers_say() -> None:
    """After a change to a command: python -m docs.command_line"""
    assert command_line.PAGE.read_text(encoding="utf-8") == command_line.page().rstrip("\n") + "\n"


def test_the_python_of_the_siblings_guide_runs(in_checkout: None, capsys: pytest.CaptureFixture[str]) -> None:
    page = (DOCS / "guide" / "siblings.md").read_text(encoding="utf-8")
    (program,) = re.findall(r"^```python\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    exec(compile(program, "docs/guide/siblings.md", "exec"), {})
    garbled, clean = capsys.readouterr().out.splitlines()
    assert garbled.startswith("garbled ['")
    assert clean == "clean []"
