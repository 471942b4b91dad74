"""Texts with marked errors beside what is found in them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from benchmarks.finding import Found
from mtscore.records import Evidence

PROPOSALS = 3
"""So many intended words of a finding count."""


class Mark(NamedTuple):
    """An error somebody marked: code points `start` to `end`, its category, and what was meant, if it is known."""

    start: int
    end: int
    category: str
    intended: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Marked:
    """A text with its errors. `group` names where it is counted; `is_human` says that people wrote or translated it.
    `lesser` are marks that need not be found but are no false finding either in a generous count."""

    text: str
    marks: tuple[Mark, ...]
    group: str
    is_human: bool = False
    lesser: tuple[Mark, ...] = ()


def is_at(finding: Evidence, mark: Mark) -> bool:
    """Whether they share a code point."""
    return finding.start < mark.end and mark.start < finding.end


def is_meant(finding: Evidence, mark: Mark) -> bool:
    """Whether one of the finding's first proposals is what was meant; letter case and articles do not matter."""
    proposed = {_bare(word) for word in finding.intended[:PROPOSALS]}
    return not proposed.isdisjoint(map(_bare, mark.intended))


def _bare(word: str) -> str:
    return re.sub(r"^(?:an?|the) ", "", word.casefold().strip())


@dataclass
class Tally:
    """Counts over texts."""

    texts: int = 0
    garbled: int = 0
    """Texts that are called garbled."""
    words: int = 0
    findings: Counter[str] = field(default_factory=Counter)
    """By kind."""
    at_mark: Counter[str] = field(default_factory=Counter)
    """Findings that overlap a mark, by kind."""
    at_any: int = 0
    """Findings that overlap a mark or a lesser one."""
    marks: Counter[str] = field(default_factory=Counter)
    """By category."""
    found: Counter[str] = field(default_factory=Counter)
    """Marks that a finding overlaps, by category."""
    told: Counter[str] = field(default_factory=Counter)
    """Those of them of which it is known what was meant, by category."""
    right: Counter[str] = field(default_factory=Counter)
    """Those of them that have it among the proposals, by category."""
    marked_words: int = 0
    """Words that overlap a mark."""
    stray: list[Evidence] = field(default_factory=list)
    """Findings that overlap no mark."""

    def add(self, marked: Marked, found: Found) -> None:
        """Count one text."""
        self.texts += 1
        self.garbled += found.is_garbled
        self.words += found.words
        for finding in found.evidence:
            self.findings[finding.kind] += 1
            if any(is_at(finding, mark) for mark in marked.marks):
                self.at_mark[finding.kind] += 1
            else:
                self.stray.append(finding)
            self.at_any += any(is_at(finding, mark) for mark in (*marked.marks, *marked.lesser))
        for mark in marked.marks:
            here = [finding for finding in found.evidence if is_at(finding, mark)]
            self.marks[mark.category] += 1
            self.found[mark.category] += bool(here)
            self.told[mark.category] += bool(here and mark.intended)
            self.right[mark.category] += any(is_meant(finding, mark) for finding in here)
        self.marked_words += _marked_words(marked)

    @property
    def precision(self) -> float:
        """Share of findings at a mark; NaN without findings."""
        return share(self.at_mark.total(), self.findings.total())

    @property
    def recall(self) -> float:
        """Share of marks that are found; NaN without marks."""
        return share(self.found.total(), self.marks.total())

    @property
    def rate(self) -> float:
        """Findings per 1,000 words; NaN without words."""
        return 1000 * share(self.findings.total(), self.words)

    @property
    def chance(self) -> float:
        """Share of words that overlap a mark: the precision of findings that are single words at random."""
        return share(self.marked_words, self.words)


def share(part: int, whole: int) -> float:
    """`part / whole`; NaN where there is nothing."""
    return part / whole if whole else float("nan")


def _marked_words(marked: Marked) -> int:
    words = (match.span() for match in re.finditer(r"\w+", marked.text))
    return sum(any(start < mark.end and mark.start < end for mark in marked.marks) for start, end in words)


def tally(pairs: Iterable[tuple[Marked, Found]]) -> Tally:
    """Counts over texts with what was found in them."""
    out = Tally()
    for marked, found in pairs:
        out.add(marked, found)
    return out


def by_kind(tally: Tally) -> str:
    """Findings of each kind, and how many stand at a mark."""
    return ", ".join(f"{kind} {tally.at_mark[kind]}/{count}" for kind, count in tally.findings.most_common())
