"""Articles of our own with every error listed.

They stand in `documents.jsonl`: eight as a cheap translation service would garble them, each of another register and
from another language, and four that are odd but right. An error is written where it stands, with what was meant
(several ways to say it parted by a slash) and its category: `{{ball|bullet/round|wrong_sense}}`. Nobody looked at the
tables of the model or the code when they were written, so that they are a fair test; do not tune on them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from benchmarks.errors.counting import Mark, Marked, Tally, by_kind, share, tally
from benchmarks.finding import Finder

_MARK = re.compile(r"\{\{([^{}|]+)\|([^{}|]*)\|([a-z_]+)\}\}")

CATEGORIES = (
    "wrong_sense", "idiom", "broken_order", "translated_name", "corrupted_name", "pronoun", "untranslated", "debris",
    "repetition", "number_format", "glued", "grammar", "invented_word",
)  # fmt: skip
"""What an error is; these are not the kinds of findings."""


def without_marks(text: str) -> tuple[str, tuple[Mark, ...]]:
    """The text as readers see it, and its errors by code points of it."""
    parts, marks, length, end = [], [], 0, 0
    for match in _MARK.finditer(text):
        before, shown = text[end : match.start()], match[1]
        start = length + len(before)
        length, end = start + len(shown), match.end()
        parts += [before, shown]
        marks.append(Mark(start, length, match[3], tuple(filter(None, match[2].split("/")))))
    return "".join([*parts, text[end:]]), tuple(marks)


@lru_cache(maxsize=1)
def documents() -> tuple[Marked, ...]:
    """All articles; the group is their name."""
    lines = Path(__file__).with_name("documents.jsonl").read_text(encoding="utf-8").splitlines()
    out = []
    for record in map(json.loads, lines):
        text, marks = without_marks("\n\n".join(record["paragraphs"]))
        out.append(Marked(text, marks, record["id"], is_human=record["kind"] == "clean"))
    return tuple(out)


def report(reading: str, find: Finder, *, shows_stray: bool = False, most: int | None = None) -> None:
    """Prints what is found in the garbled articles and in the right ones."""
    chosen: Sequence[Marked] = documents()[:most]
    pairs = [(each, find(each.text)) for each in chosen]
    garbled = tally(pair for pair in pairs if not pair[0].is_human)
    print(f"articles of our own, {reading} reading: category, listed, found, share; right word among three")
    for category in CATEGORIES:
        if garbled.marks[category]:
            _print_category(category, garbled, category)
    _print_category("all", garbled)
    print(f"  findings at a listed error: {garbled.at_mark.total()} of {garbled.findings.total()}, "
          f"{garbled.precision:.3f}; {by_kind(garbled)}")  # fmt: skip
    for marked, found in pairs:
        each = tally([(marked, found)])
        label = "garbled" if found.is_garbled else "not garbled"
        print(f"  {marked.group:20s} {label:11s} {each.words:4d} words, {each.marks.total():2d} listed, "
              f"{each.found.total():2d} found; {each.findings.total():2d} findings, "
              f"{len(each.stray)} at no listed error")  # fmt: skip
        if shows_stray:
            for finding in each.stray:
                print(f"    {finding.kind}: {finding.text!r} -> {', '.join(finding.intended)}")


def _print_category(title: str, counts: Tally, category: str | None = None) -> None:
    marks, found, told, right = (
        counter.total() if category is None else counter[category]
        for counter in (counts.marks, counts.found, counts.told, counts.right)
    )
    print(f"  {title:16s} {marks:4d} {found:4d} {share(found, marks):.3f}; {right} of {told}")
