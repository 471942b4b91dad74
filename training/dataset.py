"""The labelled documents that a model learns from, with what is needed to hold parts of them out.

Every row says where it came from (`source`), what it is (`group`), which register it belongs to, and which
`component` it must not be separated from (documents that share a sentence or a story). Matched rows are
machine translation and human text of the same lines, from the same source: they teach garbling rather than
topic.
"""

from __future__ import annotations

import hashlib
import json
import lzma
import random
import re
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from mtscore.segment import split_sentences

WEAK_SYSTEMS = ("argos", "opusmt", "nllb", "bergamot-base", "bergamot-base-memory", "bergamot-tiny")
"""Systems of the aligned corpus whose translations far from the human text are visibly garbled."""

FLUENT_SYSTEMS = ("google", "microsoft")
FLUENT_AGREEMENT = 0.8
"""Online systems that agree this far with the human text: fluent machine translation, not garbled."""

FLUENT_WMT22 = ("Online-W", "Online-B", "JDExploreAcademy", "Lan-Bridge")

_GROUPS = {
    "news": (
        "original:abc2006 original:bbc2005 original:isot_reuters original:onestop original:wmt24_en_src"
    ),
    "world_news": "original:masakhane_eng",
    "partisan": "partisan:isot_partisan",
    "simplified": "simplified:onestop",
    "edited_prose": (
        "original:brown1961 original:gum original:masc original:llm_fastdetect fiction:gum "
        "fiction:wmt24_en_src"
    ),
    "blog": "original:18f_blog original:rust_blog original:ropensci_blog original:opensuse_news",
    "government": "original:digitalgov",
    "science": "original:plos",
    "recipes": "original:recipes",
    "encyclopedia": "encyclopedia:wikipedia",
    "transcript": (
        "transcript:earnings22 transcript:ectsum_calls transcript:gum transcript:masc "
        "transcript:us_speeches transcript:wmt24_en_src"
    ),
    "learner": "learner:learner_toefl",
    "student": "student:learner_toefl original:learner_toefl student:toefl_essays_chatgpt",
    "llm": "llm:toefl_essays_chatgpt llm:learner_toefl llm:llm_fastdetect llm:llm_misinfo",
    "llm_base": "llm-base:llm_fastdetect",
    "old": "old:ocr_19c old:us_speeches",
    "pidgin": "pidgin:pidgin_news",
    "poetry": "poetry:poetry_rhyme poetry:gum",
    "social": "social:ewt social:masc social:wmt24_en_src",
    "chat": "social:nps_chat social:sms_singapore",
}
REGISTERS = {group: register for register, groups in _GROUPS.items() for group in groups.split()}
"""The register of every group of human documents."""


@dataclass(frozen=True, slots=True)
class Row:
    """One training document. `label` is 1 (garbled) or 0; `is_matched` when its human or machine
    counterpart is in the data too; `weight` scales a label that is less certain."""

    id: str
    text: str
    label: int
    group: str
    register: str
    source: str
    component: str
    system: str = ""
    language: str = ""
    is_matched: bool = False
    weight: float = 1.0


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    """The records of one `.jsonl.xz` file."""
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def seeded(key: str) -> random.Random:
    """A generator that depends on the key alone."""
    return random.Random(int.from_bytes(hashlib.sha256(key.encode()).digest()[:8], "big"))


def line_key(line: str) -> str:
    """What makes two lines the same: their letters and digits."""
    return re.sub(r"\W+", "", line).lower()


def is_held_out(document_id: str) -> bool:
    """Whether a human document is kept out of the language models and may be a training negative.

    Half of the documents, by a digest of the id: the language models are built without the lines of these,
    and the classifier sees none of the others that the corpus contains.
    """
    return hashlib.sha256(document_id.encode()).digest()[-1] % 2 == 1


def aligned_rows(path: Path, *, soft_weight: float) -> Iterator[Row]:
    """Matched rows: garbled chunks (labelled, and with `soft_weight` the band above the rule), fluent online
    translation as negatives, and each human side once."""
    seen: set[str] = set()
    for record in read_lines(path):
        is_flores = record["dataset"] == "flores-dev"
        register, source = ("flores", "flores") if is_flores else ("wmt_news", "wmt_news")
        system, agreement, lines = record["system"], record["agreement"], len(record["mt"])
        if record["dataset"] == "wmt14":  # its lines are not parallel: agreement is chance
            continue
        joint = "\n" if seeded(record["content"]).random() < 0.5 else " "
        common = {
            "source": source,
            "component": f"aligned{record['component']}",
            "language": record["source_lang"],
        }
        machine = Row(record["id"], joint.join(record["mt"]), 1, f"{register}_mt", register, system=system,
                      is_matched=True, **common)  # fmt: skip
        limit = 0.60 if is_flores else 0.55
        if record["label"] == 1:
            yield machine
        elif system in WEAK_SYSTEMS and agreement < limit + 0.05 and "base" not in system and soft_weight:
            yield replace(machine, weight=soft_weight, group=f"{register}_soft")
        elif system in FLUENT_SYSTEMS and agreement > FLUENT_AGREEMENT and lines >= 16:
            yield replace(machine, label=0, group="fluent_mt", register="fluent_mt", is_matched=False)
        human = joint.join(record["human"])
        if human not in seen and lines >= 8:
            seen.add(human)
            common["language"] = ""
            yield Row(
                "human/" + record["id"], human, 0, f"{register}_human", register, is_matched=True, **common
            )


def system_rows(path: Path, source: str) -> Iterator[Row]:
    """Rows of a corpus with weak systems (1) beside human text (0); unlabelled systems are left out."""
    for record in read_lines(path):
        human = record["label"] == 0
        if record["label"] is None:
            if source != "wmt22" or record["system"] not in FLUENT_WMT22:
                continue
            group = register = "fluent_mt"
        else:
            group, register = f"{source}_{'human' if human else 'mt'}", source
        yield Row(record["id"], record["text"], int(record["label"] == 1), group, register, source,
                  f"{source}:{record['source_lang']}:{record['content']}", record["system"],
                  "" if human else record["source_lang"], is_matched=record["label"] is not None)  # fmt: skip


def human_rows(folder: Path, in_lm: Container[str]) -> Iterator[Row]:
    """Genre negatives. A document of which the language models know a line is left out."""
    for path in sorted(folder.glob("*.jsonl.xz")):
        source = path.name.split(".")[0]
        for record in read_lines(path):
            if any(line_key(line) in in_lm for line in record["text"].split("\n")):
                continue
            group = record["group"]
            identity = f"{source}/{record['id']}"
            yield Row(
                identity, record["text"], 0, group, REGISTERS[group], source, f"{source}:{record['id']}"
            )


def cut(row: Row, *, share: float = 0.6, longest: int = 1500) -> Row:
    """The row with its text cut to whole sentences: a `share` of the rows to 80 to 600 words from a random
    place, the rest to at most `longest` words from the start, so that length tells no class apart."""
    generator = seeded("cut" + row.id)
    words = len(row.text.split())
    is_short = generator.random() < share
    target = generator.choice((80, 120, 180, 260, 400, 600)) if is_short else longest
    if words <= target * 1.2:
        return row
    spans = list(split_sentences(row.text))
    first = generator.randrange(max(1, int(len(spans) * (1 - target / words)))) if is_short else 0
    last, count = first, 0
    while last < len(spans) and count < target:
        count += len(row.text[spans[last].start : spans[last].end].split())
        last += 1
    return replace(row, text=row.text[spans[first].start : spans[last - 1].end])


def training_rows(data: Path, in_lm: Container[str], *, soft_weight: float = 0.3) -> Iterable[Row]:
    """All rows in a fixed order; `data` is the folder that holds `train/`."""
    train = data / "train"
    for row in aligned_rows(train / "aligned.jsonl.xz", soft_weight=soft_weight):
        yield row
    for source in ("wmt22", "compare_mt_sken", "wmt16_fien_smt", "wce_lig_fren"):
        for row in system_rows(train / f"{source}.jsonl.xz", source):
            yield cut(row, share=0.3)
    for row in human_rows(train / "human", in_lm):
        yield cut(row)
