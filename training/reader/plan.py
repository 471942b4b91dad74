"""What every document teaches, to which body, and how often it is drawn: plain arrays for the machine that teaches.

    python -m training.reader.plan OUT

reads `documents.jsonl` of `training.reader.windows` and writes `plan.npz` and `plan.json` beside it.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from training.reader.documents import Doc
from training.reader.splits import BODIES, in_first, in_second, side, teaches

POOLS = ("corpora garbled", "corpora fine", "registers garbled", "registers fine", "sentences", "read only")
HIGHEST_WEIGHT = 4.0
"""Also what a found translation of another register counts: they are few, and real."""
LLM = ("llm", "llm_base")


def pool_of(doc: Doc) -> int:
    """What a document is drawn for."""
    if doc.pool == "sentences":
        return 4
    if doc.pool == "judge" or (doc.label is None and not doc.by_rule):
        return 5
    return (0 if doc.pool == "corpora" else 2) + (0 if doc.label == 1 else 1)


def family(doc: Doc) -> str:
    """Documents of one family share what is drawn of them."""
    if doc.pool == "sentences":
        return doc.source
    if doc.chain or doc.source == "wild_mt" or doc.group.startswith("set:"):
        return doc.group + (" fine" if doc.label == 0 else "")
    if doc.source == "human_web":
        return doc.group
    return f"{doc.register}|{doc.group}" if doc.pool == "corpora" else doc.register


def draws(docs: Sequence[Doc]) -> np.ndarray[Any, Any]:
    """How often each document is drawn within its pool: a family in proportion to the root of its weight."""
    keys = [(pool_of(d), family(d)) for d in docs]
    weights = [HIGHEST_WEIGHT if d.source == "wild_mt" else min(d.weight, HIGHEST_WEIGHT) for d in docs]
    total: defaultdict[tuple[int, str], float] = defaultdict(float)
    for key, weight in zip(keys, weights, strict=True):
        total[key] += weight
    return np.array([w / total[k] ** 0.5 for k, w in zip(keys, weights, strict=True)], np.float32)


def answers(doc: Doc) -> tuple[int, int, int, int]:
    """What is known of `training.reader.heads.QUESTIONS`: 1, 0, or -1 for not known."""
    garbled = -1 if doc.label is None else doc.label
    if doc.pool in ("sentences", "judge"):
        return garbled if doc.pool == "judge" else -1, -1, -1, -1
    machine = int(garbled == 1 or doc.register == "fluent_mt" or bool(doc.system))
    native = {"yes": 0, "True": 0, "no": 1, "False": 1}.get(doc.native, -1)
    if doc.register in ("learner", "nonnative_blog"):
        native = 1
    if doc.register in ("news", "government", "edited_prose", "recipes", "tabloid", "encyclopedia"):
        native = 0
    is_llm = int(doc.register in LLM)
    return garbled, machine, native if not machine else -1, is_llm


def make(docs: Sequence[Doc]) -> tuple[dict[str, np.ndarray[Any, Any]], dict[str, list[str]]]:
    families = sorted({family(d) for d in docs})
    number = {name: n for n, name in enumerate(families)}
    arrays = {
        "pool": np.array([pool_of(d) for d in docs], np.int8),
        "draw": draws(docs),
        "answers": np.array([answers(d) for d in docs], np.int8),
        "sure": np.array([1.0 if d.weight >= 1 or d.label == 0 else 0.4 for d in docs], np.float32),
        "words_fine": np.array([d.words_fine for d in docs]),
        "by_rule": np.array([d.by_rule for d in docs]),
        "is_copy": np.array([bool(d.copy_of) and not d.copy_of.startswith("set") for d in docs]),
        "family": np.array([number[family(d)] for d in docs], np.int16),
        "side": np.array([side(d.component) for d in docs], np.int8),
        "human": np.array([d.label == 0 and d.register != "fluent_mt" and not d.system for d in docs]),
        "left": np.array([[in_first(d), in_second(d)] for d in docs]),
        "teaches": np.array([[teaches(d, b) and d.pool != "judge" for d in docs] for b in BODIES]).T,
    }
    return arrays, {"families": families, "bodies": list(BODIES)}


def read_documents(folder: Path) -> list[Doc]:
    """The documents of `documents.jsonl`, without their texts."""
    with (folder / "documents.jsonl").open(encoding="utf-8") as lines:
        return [Doc(text="", **json.loads(line)) for line in lines]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("out", type=Path)
    given = parser.parse_args()
    arrays, names = make(read_documents(given.out))
    np.savez_compressed(given.out / "plan.npz", **arrays)  # type: ignore[arg-type]  # its stub has one flag
    (given.out / "plan.json").write_text(json.dumps(names), encoding="utf-8")


if __name__ == "__main__":
    main()
