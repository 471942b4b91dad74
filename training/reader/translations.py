"""Translations made with engines that run offline: there and back of people's text, and from foreign text.

A word that an engine changed is wrong where the untuned model finds it much less likely in its place than the word
that stood there in the original; whether it does is found out when teaching begins. The original stands beside its
translation, in the same component.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from training.reader.documents import GARBLED, IF_UNLIKELIER, SAME_TEXTS, UNKNOWN, Change, Doc

WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
LONGEST = 3
"""Changes of more words than these are left open."""


def read(folder: Path) -> Iterator[dict[str, Any]]:
    """The records of finished and half-finished files, each once, with the labels of `labels.jsonl`; `judged` says
    whether one stands there."""
    labels: dict[str, Any] = {}
    if (folder / "labels.jsonl").exists():
        labels = {r["id"]: r["label"] for r in _lines(folder / "labels.jsonl")}
    seen: set[str] = set()
    for path in [*sorted(folder.glob("*-en.jsonl")), *sorted(folder.glob("*.part"))]:
        for record in _lines(path):
            if record["id"] not in seen:
                seen.add(record["id"])
                record["judged"] = record["id"] in labels
                record["label"] = labels.get(record["id"])
                yield record


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    for line in path.read_text(encoding="utf-8").split("\n"):
        if line.strip():
            try:
                yield json.loads(line)
            except ValueError:
                continue


def component_of(record: Mapping[str, Any]) -> str:
    """The component of a translation: that of its original."""
    identity, group = record["source_id"], record["group"]
    if record["source_set"] == "human":
        source, _, rest = identity.partition("/")
        return f"{source}:{rest}"
    if record["source_set"] == "human_web":
        return f"human_web:{SAME_TEXTS.get(group, identity)}"
    return f"{record['source_set']}:{identity}"


def documents(found: Iterable[Mapping[str, Any]]) -> Iterator[Doc]:
    """Each translation, and beside it the original that it was made from. Those without a label yet are garbled by
    rule, or left out when they have no original."""
    for record in found:
        engines = "+".join(dict.fromkeys(record["engines"]))
        common: dict[str, Any] = {
            "pool": "registers",
            "register": f"trans {record['register']}",
            "source": record["source_set"],
            "component": component_of(record),
            "chain": record["chain"],
        }
        original = record["original"]
        name = f"original/{record['id']}"
        spans = tuple(changes(record)) if original else ()
        by_rule = bool(original) and not record["judged"]
        label = 1 if by_rule else None if record["label"] is None else int(record["label"])
        yield Doc(
            f"trans/{record['id']}", record["text"], label, group=f"trans:{record['chain']}", system=engines,
            language=record["lang"] if not original else "", spans=spans, words_fine=bool(original),
            original=name if original else "", by_rule=by_rule,
            quality=GARBLED if label == 1 and not by_rule else -1.0, **common,
        )  # fmt: skip
        if original:
            yield Doc(
                name, original, 0, group=f"original:{record['chain']}", native=str(record.get("native")),
                words_fine=True, **common,
            )  # fmt: skip


def changes(record: Mapping[str, Any]) -> Iterator[Change]:
    """The words of the translation that are not the original's, sentence by sentence."""
    text, original = record["text"], record["original"]
    for low, high, start, end in record["sentences"]:
        before = [(m.group().lower(), m.start(), m.end()) for m in WORD.finditer(original, low, high)]
        after = [(m.group().lower(), m.start(), m.end()) for m in WORD.finditer(text, start, end)]
        matcher = SequenceMatcher(None, [w for w, _, _ in before], [w for w, _, _ in after], autojunk=False)
        for tag, i, j, k, m in matcher.get_opcodes():
            if tag in ("equal", "delete"):
                continue
            yield from _changed(before[i:j], after[k:m])


def _changed(before: list[tuple[str, int, int]], after: list[tuple[str, int, int]]) -> Iterator[Change]:
    """Runs of equal length word by word, one or two words for one or two as a whole, the rest left open."""
    if before and len(before) == len(after) <= LONGEST:
        for (_, low, high), (_, start, end) in zip(before, after, strict=True):
            yield Change(start, end, IF_UNLIKELIER, low, high)
    elif before and max(len(before), len(after)) <= LONGEST:
        yield Change(after[0][1], after[-1][2], IF_UNLIKELIER, before[0][1], before[-1][2])
    else:
        yield Change(after[0][1], after[-1][2], UNKNOWN)
