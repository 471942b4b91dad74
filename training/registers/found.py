"""Translations that were found in public repositories, and human text of the registers that corpora lack."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from training.dataset import Row, cut, read_lines, seeded
from training.registers.names import WILD, register_of_group

WILD_SOURCE = "wild"
FLUENT = "fluent_"
"""What the group of a fluent translation begins with."""

FLUENT_WEIGHT = 0.2
"""What a fluent translation counts, as those of the corpora do."""

GROUP_LIMIT = 50
"""Human documents taken of one group."""

SHARED = {"pdf": "theses", "thesis": "theses"}
SHARED_SOURCES = {"se_datascience_meta": "meta", "se_conlang_meta": "meta"}
"""Kinds and sources of human text that have documents in common: each such set is one component."""


def wild_register(group: str) -> str:
    """The register of a row's group, whatever its label."""
    return WILD[group.split(":")[-1].removeprefix(FLUENT)]


def wild_rows(path: Path) -> Iterator[Row]:
    """Garbled translations (1), fluent ones and the human side of either, once (0). What is unclear is left out."""
    seen: set[str] = set()
    for record in read_lines(path):
        name = record["group"].split(":")[1]
        register = WILD[name]
        human = record.get("human", "")
        row = Row(
            record["id"], record["text"], 1, record["group"], register, WILD_SOURCE, f"wild:{record['component']}",
            system=record.get("system") or "", language=record["source_lang"], is_matched=bool(human), is_added=True,
        )  # fmt: skip
        if record["label"] == 1:
            yield row
        elif record["kind"].startswith("fluent"):
            yield Row(
                row.id, row.text, 0, f"{FLUENT}{name}", "fluent_mt", WILD_SOURCE, row.component,
                row.system, row.language, row.is_matched, FLUENT_WEIGHT, is_added=True,
            )  # fmt: skip
        if human and human not in seen:
            seen.add(human)
            yield Row(
                f"human/{row.id}", human, 0, f"wild_human:{name}", register, WILD_SOURCE, row.component,
                is_matched=True, is_added=True,
            )  # fmt: skip


def web_component(group: str, identity: str) -> str:
    """The component of a human document of other registers."""
    kind, source = group.split(":")
    return f"web:{SHARED.get(kind) or SHARED_SOURCES.get(source) or identity}"


def web_rows(path: Path) -> Iterator[Row]:
    """Human documents of other registers, at most `GROUP_LIMIT` of a group, always the same ones."""
    taken: Counter[str] = Counter()
    for record in sorted(read_lines(path), key=lambda record: seeded("web" + record["id"]).random()):
        group, component = record["group"], web_component(record["group"], record["id"])
        if taken[group] == GROUP_LIMIT:
            continue
        taken[group] += 1
        source, register = group.split(":")[1], register_of_group(group)
        yield cut(Row(record["id"], record["text"], 0, group, register, source, component, is_added=True))
