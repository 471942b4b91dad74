"""Translations that were made for training, beside the text that they were made from.

A folder of them (`python -m training.translations`) holds a file of JSON lines for each chain of translators, and
`labels.jsonl` with what is garbled by a rule that reading supports. An original is a negative of the same component
as its translation, so that both stand on one side of every split.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from training.dataset import Row, seeded
from training.registers.found import web_component
from training.registers.names import NEURAL, engines_of, register_of_group

MADE = "made"
"""The source of these rows; the system is the chain."""

LABELS = "labels.jsonl"
NEURAL_LIMIT, MIXED_LIMIT, RULES_LIMIT = 400, 120, 70
"""Documents of one label taken of a chain: of the neural engine's two; of one that both engines have a part in; of
one of the rule-based engine's many, whose damage is its own."""

FLUENT_WEIGHT = 0.2

PARTLY = "partly"
"""What the group of documents begins with of which only a part is garbled."""
SHARES, PARTLY_OF = (0.25, 0.4, 0.6), 4
"""Shares of the sentences that are garbled in a partly garbled document; every fourth document gives one."""
MIN_SENTENCES = 5


@dataclass(frozen=True, slots=True)
class Translation:
    """One record of a chain's file, with its label."""

    id: str
    chain: str
    component: str
    group: str
    register: str
    language: str
    text: str
    original: str
    """Empty for text that was translated from another language."""
    sentences: tuple[tuple[int, int, int, int], ...]
    """Spans of each sentence in the original and in the translation."""
    label: int | None
    is_known: bool
    """Whether the language models have read the original."""

    @property
    def name(self) -> str:
        """The document that it was made from."""
        return self.component.split(":", 1)[1]


def read_translations(folder: Path) -> Iterator[Translation]:
    """The translations of all chains in a fixed order, each once; unfinished files count as far as they go."""
    labels = {r["id"]: r["label"] for r in _records(folder / LABELS)} if (folder / LABELS).exists() else {}
    seen: set[str] = set()
    for path in sorted([*folder.glob("*-*.jsonl"), *folder.glob("*.part")]):
        for record in _records(path):
            if record["id"] not in seen:
                seen.add(record["id"])
                yield _translation(record, labels.get(record["id"]))


def _records(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            if line.strip() and line.endswith("\n"):
                yield json.loads(line)


def _translation(record: Mapping[str, Any], label: int | None) -> Translation:
    source, name = record["source_set"], record["source_id"]
    if source == "human":
        component = ":".join(name.split("/", 1))
    elif source == "human_web":
        component = web_component(record["group"], name)
    else:
        component = f"foreign:{name}"
    return Translation(
        record["id"], record["chain"], component, record["group"], register_of_group(record["group"]),
        record["lang"], record["text"], record["original"] or "", tuple(map(tuple, record["sentences"])), label,
        bool(record.get("lm_seen")),
    )  # fmt: skip


def made_rows(translations: Iterable[Translation]) -> Iterator[Row]:
    """Garbled translations (1) with their originals (0), partly garbled documents (1), fluent translations (0). What
    is unclear, or was made from text that the language models have read, is left out."""
    originals: set[str] = set()
    for made in _chosen([t for t in translations if t.label is not None and not t.is_known]):
        row = Row(
            f"made/{made.id}", made.text, 1, f"made:{made.register}", made.register, MADE, made.component,
            made.chain, made.language.replace("en", ""), bool(made.original), is_added=True,
        )  # fmt: skip
        if made.label == 0:
            yield Row(
                row.id, row.text, 0, "fluent_made", "fluent_mt", MADE, row.component, row.system, row.language,
                row.is_matched, FLUENT_WEIGHT, is_added=True,
            )  # fmt: skip
            continue
        yield row
        if made.original and made.original not in originals:
            originals.add(made.original)
            yield Row(
                f"original/{made.id}", made.original, 0, f"original_of:{made.register}", made.register, MADE,
                made.component, is_matched=True, is_added=True,
            )  # fmt: skip
            if seeded("partly" + made.id).randrange(PARTLY_OF) == 0 and (text := partly_garbled(made)):
                yield Row(
                    f"partly/{made.id}", text, 1, f"{PARTLY}:{made.register}", made.register, MADE,
                    made.component, made.chain, "", True, is_added=True,
                )  # fmt: skip


def chain_limit(chain: str) -> int:
    """The documents of one label that a chain gives."""
    engines = engines_of(chain)
    if len(engines) > 1:
        return MIXED_LIMIT
    return NEURAL_LIMIT if NEURAL in engines else RULES_LIMIT


def _chosen(translations: Sequence[Translation]) -> list[Translation]:
    """At most `chain_limit` of each chain and label, always the same ones, in the order given."""
    taken: Counter[tuple[str, int | None]] = Counter()
    kept = set()
    for made in sorted(translations, key=lambda t: seeded("chosen" + t.id).random()):
        if taken[made.chain, made.label] < chain_limit(made.chain):
            taken[made.chain, made.label] += 1
            kept.add(made.id)
    return [made for made in translations if made.id in kept]


def partly_garbled(made: Translation) -> str:
    """The original with a stretch of its sentences as the translation has them; empty when there are too few."""
    count = len(made.sentences)
    if count < MIN_SENTENCES:
        return ""
    generator = seeded("stretch" + made.id)
    length = max(1, round(generator.choice(SHARES) * count))
    first = generator.randrange(count - length + 1)
    stretch = made.sentences[first : first + length]
    begin, end = stretch[0][0], stretch[-1][1]
    return made.original[:begin] + made.text[stretch[0][2] : stretch[-1][3]] + made.original[end:]
