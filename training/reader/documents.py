"""The texts that teach the reader or are read by it, with what their words are known to be.

A document's `label` is 1 (garbled), 0 (not) or None (teaches words or ratings only, or is only read). Its `pool` says
what it is drawn for. `spans` say which of its words are wrong; all others count as fine where `words_fine` holds and
as unknown elsewhere.
"""

from __future__ import annotations

import json
import lzma
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from training.dataset import (
    NEAR_REGISTERS,
    NEAR_WEIGHT,
    REGISTERS,
    Row,
    aligned_rows,
    cut,
    rated_rows,
    seeded,
    system_rows,
)

WRONG, IF_VISIBLE, IF_UNLIKELIER, UNKNOWN = 0, 1, 2, 3
"""Kinds of spans: wrong; wrong when the untuned model finds a word in it very unlikely; wrong when it finds it much
less likely than the words that stood in the original; not known."""

NEW_REGISTERS = {
    "transcript:changelog": "transcript",
    "tabloid:dailymail": "tabloid",
    "world-english:intl_news": "world_news",
    "nonnative-blog:pingcap_blog": "nonnative_blog",
}
CORPORA = ("wmt22", "compare_mt_sken", "wmt16_fien_smt", "wce_lig_fren")
GROUP_LIMIT, MATCHED_LIMIT = 1400, 2700
SAME_TEXTS = {
    "pdf:pdf_theses": "theses", "thesis:theses_a": "theses", "thesis:theses_b": "theses",
    "forum:se_datascience_meta": "se_meta", "forum:se_conlang_meta": "se_meta",
}  # fmt: skip
"""Groups of `human_web` that share texts: each a component as a whole."""


@dataclass(frozen=True, slots=True)
class Change:
    """Words of a text, `start` to `end`, and what is known of them; `low` to `high` are the words that stood there in
    the document `original`, where there is one."""

    start: int
    end: int
    kind: int
    low: int = -1
    high: int = -1


@dataclass(frozen=True, slots=True)
class Doc:
    id: str
    text: str
    label: int | None
    pool: str
    group: str
    register: str
    source: str
    component: str
    system: str = ""
    language: str = ""
    chain: str = ""
    weight: float = 1.0
    native: str = ""
    words_fine: bool = False
    by_rule: bool = False
    """Garbled where enough of its words turn out wrong, and no teacher of the document head otherwise."""
    spans: tuple[Change, ...] = ()
    original: str = ""
    ratings: tuple[tuple[int, int, float], ...] = ()
    """Sentences with their quality, 0..1."""
    quality: float = -1.0
    """The quality of sentences without a rating of their own; negative: not known."""
    copy_of: str = ""
    """The document that this is a changed copy of: taught with, never judged."""


def records(path: Path) -> Iterator[dict[str, Any]]:
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


GOOD, GARBLED = 0.95, 0.45
"""Quality of sentences that nobody rated: of people's in `FORMAL` registers, and of surely garbled documents."""
FORMAL = frozenset(
    "news world_news partisan simplified edited_prose blog government science recipes encyclopedia transcript old "
    "tabloid wmt_news flores wmt22".split()
)
"""Registers in which people's sentences are taken for good ones."""


def of_row(row: Row, pool: str) -> Doc:
    """A row of the classifier's training data."""
    human = row.label == 0 and row.register != "fluent_mt"
    return Doc(
        row.id, row.text, row.label, pool, row.group, row.register, row.source, row.component,
        "" if human else row.system, row.language, weight=row.weight, words_fine=human,
        quality=assumed_quality(row, human=human),
    )  # fmt: skip


def assumed_quality(row: Row, *, human: bool) -> float:
    """The quality of a row's sentences, -1 where nothing can be assumed."""
    if row.label == 1:
        return GARBLED if row.weight >= 1.0 else -1.0
    return GOOD if human and row.register in FORMAL else -1.0


def corpora(data: Path) -> list[Doc]:
    """Machine translation with human text beside it."""
    train = data / "train"
    rows = list(aligned_rows(train / "aligned.jsonl.xz"))
    rows += rated_rows(train / "mlqe_sentences.jsonl.xz")
    for source in CORPORA:
        rows += (cut(row, share=0.3) for row in system_rows(train / f"{source}.jsonl.xz", source))
    return [of_row(row, "corpora") for row in limited(rows)]


def limited(rows: Iterable[Row]) -> list[Row]:
    """At most `GROUP_LIMIT` of a group, of matched ones `MATCHED_LIMIT`: those that the classifier keeps are among
    them, for both go by the same digest."""
    order = sorted(rows, key=lambda r: seeded("base" + r.id).random())
    taken: Counter[tuple[int, str]] = Counter()
    kept = []
    for row in order:
        key = (row.label, row.group)
        taken[key] += 1
        if taken[key] <= (MATCHED_LIMIT if row.group.endswith(("_human", "_band")) else GROUP_LIMIT):
            kept.append(row)
    return kept


def human(folder: Path) -> Iterator[Doc]:
    """People's text, all of it; `training.dataset.human_rows` leaves out what the n-gram models know."""
    for path in sorted(folder.glob("*.jsonl.xz")):
        source = path.name.split(".")[0]
        for record in records(path):
            group = record["group"]
            register = REGISTERS.get(group) or NEW_REGISTERS[group]
            weight = NEAR_WEIGHT if register in NEAR_REGISTERS else 1.0
            row = Row(
                f"{source}/{record['id']}", record["text"], 0, group, register, source,
                f"{source}:{record['id']}", weight=weight,
            )  # fmt: skip
            yield of_row(cut(row), "registers")


def human_web(path: Path) -> Iterator[Doc]:
    """People's text from the web, most of it by non-native writers."""
    for record in records(path):
        group = record["group"]
        row = Row(
            f"human_web/{record['id']}", record["text"], 0, group, group.split(":")[0], "human_web",
            web_component(record["id"], group),
        )  # fmt: skip
        yield replace(of_row(cut(row), "registers"), native=str(record.get("native", "")), quality=-1.0)


def web_component(identity: str, group: str) -> str:
    """What a document of `human_web` must not be separated from."""
    return f"human_web:{SAME_TEXTS.get(group, identity)}"


def wild(path: Path) -> Iterator[Doc]:
    """Real machine translation of other registers, and the human text beside it."""
    seen = set()
    for record in records(path):
        common = {
            "pool": "registers",
            "group": record["group"],
            "register": "wild " + record["group"].split(":")[1],
            "source": "wild_mt",
            "component": f"wild:{record['component']}",
            "language": record.get("source_lang") or "",
        }
        yield Doc(
            f"wild/{record['id']}",
            record["text"],
            record["label"],
            system=record.get("system") or "",
            **common,
        )
        beside = record.get("human")
        if beside and beside not in seen:
            seen.add(beside)
            # with its language: a split that leaves the language out must leave the people beside it out, too
            yield Doc(f"wild_human/{record['id']}", beside, 0, words_fine=True, **common)
