"""Words of a garbled translation that none of many other translations of the same line has.

The aligned corpus has up to two hundred translations of one line, from fifty languages by several systems. A word
that hardly any other of them has, nor the human text, is suspect: it counts as wrong where the untuned model is
surprised as well (`IF_VISIBLE`). A word that many have is fine. The others stay open.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from training.reader.documents import IF_VISIBLE, UNKNOWN, Change, Doc, records

WORD = re.compile(r"[^\W_]+")
STEM = 5
MANY, MIN_OTHERS = 3, 8
"""A stem in so many other translations is fine; lines with fewer other translations say nothing."""


def stems(line: str) -> set[str]:
    return {word.lower()[:STEM] for word in WORD.findall(line)}


def with_consensus(docs: Sequence[Doc], aligned: Path) -> list[Doc]:
    """The documents, those garbled chunks of the aligned corpus with spans whose words can be found again."""
    wanted = {d.id: n for n, d in enumerate(docs) if d.label == 1 and d.source in ("flores", "wmt_news")}
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    seen: set[tuple[str, str]] = set()
    chunks: dict[str, dict[str, Any]] = {}
    for record in records(aligned):
        for human, machine in zip(record["human"], record["mt"], strict=True):
            if (human, machine) not in seen:
                seen.add((human, machine))
                counts[human].update(stems(machine))
                counts[human]["\n"] += 1
        if record["id"] in wanted:
            chunks[record["id"]] = record
    out = list(docs)
    for identity, record in chunks.items():
        doc = out[wanted[identity]]
        spans = spans_of(doc.text, record, counts)
        if spans is not None:
            out[wanted[identity]] = replace(doc, spans=tuple(spans), words_fine=True)
    return out


def spans_of(text: str, record: Mapping[str, Any], counts: Mapping[str, Counter[str]]) -> list[Change] | None:
    """Spans in `text`, which has the words of the record's lines; None when it has others."""
    places = [(m.start(), m.end()) for m in WORD.finditer(text)]
    words = [(m.group(), n) for n, line in enumerate(record["mt"]) for m in WORD.finditer(line)]
    if [text[a:b] for a, b in places] != [w for w, _ in words]:
        return None
    people = [stems(line) for line in record["human"]]
    spans = []
    for (start, end), (word, line) in zip(places, words, strict=True):
        others = counts[record["human"][line]]
        stem = word.lower()[:STEM]
        if stem in people[line] or others[stem] > MANY:
            continue
        enough = others["\n"] >= MIN_OTHERS and others[stem] <= 1 and len(word) > 3 and word.isalpha()
        spans.append(Change(start, end, IF_VISIBLE if enough else UNKNOWN))
    return spans
